// What a load is: everything that its threads need to know, as plain values that can be sent to them.

import type { Family } from '../../domain/announce.ts'

/** An address that may be loaded, see target.ts. */
export interface LoadTarget {
  readonly address: string
  readonly port: number
  readonly family: Family
}

/** Weights of the kinds of requests. */
export interface RequestMix {
  readonly connect: number
  readonly announce: number
  readonly scrape: number
}

/** How many torrents and peers there are, and who they are. */
export interface PopulationOptions {
  readonly torrents: number
  readonly peers: number
  /** Another seed is another population of the same kind. */
  readonly seed: number
  /** All torrents are equally popular. */
  readonly isEven: boolean
}

/** What attackers send: shares of all requests, from 0 to 1. */
export const HOSTILE_KINDS = ['garbage', 'forged-ids', 'connects', 'random-hashes', 'one-address'] as const
export type HostileKind = (typeof HOSTILE_KINDS)[number]
export type HostileShares = Readonly<Record<HostileKind, number>>

export interface LoadPlan {
  readonly transport: 'udp' | 'http'
  /** One, or one for each address family: IPv4 first. */
  readonly targets: readonly LoadTarget[]
  /** Share of the sockets that use the second target. */
  readonly ipv6Share: number
  readonly threads: number
  /** Of each thread: UDP sockets, or HTTP connections. */
  readonly sockets: number
  /** Closed loop: requests in flight on each UDP socket. An HTTP connection has one. */
  readonly inFlight: number
  /** Open loop: requests a second of all threads, sent when they are due; undefined: closed loop. */
  readonly requestsPerSecond: number | undefined
  readonly warmUpSeconds: number
  readonly seconds: number
  /** A request without a reply for this long is lost. */
  readonly timeoutSeconds: number
  /** Every peer is announced once before the measurement. */
  readonly fills: boolean
  readonly mix: RequestMix
  readonly population: PopulationOptions
  /** Share of announces with left = 0, drawn for each; with a lifecycle, share of the peers that start so. */
  readonly seeders: number
  /** Peers start, announce, complete and stop, and each remembers where it is. */
  readonly hasLifecycle: boolean
  readonly numwant: number
  /** Scrapes ask for 1 up to this many torrents. */
  readonly scrapeHashes: number
  readonly hostile: HostileShares
  /** UDP: the path and query that every announce carries (BEP 41), or nothing. HTTP: the path of announces. Secret. */
  readonly path: string
  /** HTTP: value of the Host header. */
  readonly hostHeader: string
  /** HTTP: each request has a connection of its own. */
  readonly isFresh: boolean
  /** HTTP: this many more connections that send a byte of a head now and then. */
  readonly slowHeads: number
}

/** Nothing that the tracker replies to is sent. */
export function isFlood({ hostile }: Pick<LoadPlan, 'hostile'>): boolean {
  return hostile.garbage + hostile['forged-ids'] >= 1
}

/** All sockets of all threads. Each serves the peers whose number modulo this is its own number. */
export function totalSockets({ threads, sockets }: Pick<LoadPlan, 'threads' | 'sockets'>): number {
  return threads * sockets
}

/** How many of the peers socket number `socket` serves. */
export function peersOfSocket(peers: number, socket: number, sockets: number): number {
  return socket < peers ? Math.floor((peers - 1 - socket) / sockets) + 1 : 0
}

/** Which target socket number `socket` uses: the second ones are spread evenly among the others. */
export function targetOfSocket({ targets, ipv6Share }: LoadPlan, socket: number): LoadTarget {
  const isSecond = targets.length > 1 && Math.floor((socket + 1) * ipv6Share) > Math.floor(socket * ipv6Share)
  return targets[isSecond ? 1 : 0]
}

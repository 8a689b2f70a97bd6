// A listening socket of the plain driver: answers one plain request at a time, from head to reply.

import type { Counters } from '../../../../domain/ports/outbound/counters.ts'
import type { Measurements } from '../../../../domain/ports/outbound/measurements.ts'
import type { RequestTap } from '../../../../domain/ports/outbound/request-tap.ts'
import type { IpAddress } from '../../../protocol/address-text.ts'
import { Route } from '../../../protocol/announce-path.ts'
import type { PlainHead } from '../../../protocol/http/plain-head.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import { Histogram } from '../../../protocol/metrics/measurements.ts'
import type { AddressBans } from '../../address-bans.ts'
import type { ClientAddresses } from '../../client-address.ts'
import type { ConnectionTable, RemoteEnd } from '../../connection-table.ts'
import { RateKind } from '../../rate-memory.ts'
import type { RequestRates } from '../../request-rates.ts'
import { type AnnounceEndpoint, BAD_REQUEST } from '../announce-endpoint.ts'
import { isBannedEnd } from '../connection-guard.ts'
import type { PlainConnection } from './plain-connection.ts'
import { After, Refused, writeRefusal, writeReplyHead } from './reply-heads.ts'

/** A scrape whose target is shorter has a reply that is not worth compressing. */
const SHORT_SCRAPE_BYTES = 240

export interface PlainListenerParts {
  readonly fd: number
  /** Index of the listener in the settings. */
  readonly index: number
  readonly endpoint: AnnounceEndpoint
  readonly clients: ClientAddresses
  readonly counters: Counters
  readonly connections: ConnectionTable
  readonly rates: RequestRates
  readonly bans: AddressBans
  readonly tap: RequestTap
  readonly measurements: Measurements
  readonly maxRequestsPerConnection: number
}

/** Instead of the end of a reply: the request is for the full driver. */
export const NOT_PLAIN = -1

export class PlainListener {
  readonly fd: number
  readonly index: number
  readonly connections: ConnectionTable
  readonly clients: ClientAddresses
  readonly counters: Counters
  readonly #endpoint: AnnounceEndpoint
  readonly #rates: RequestRates
  readonly #bans: AddressBans
  readonly #tap: RequestTap
  readonly #measurements: Measurements
  readonly #maxRequests: number
  /** Makes every reply the last one of its connection. */
  isDraining = false
  /** Whether the reply written last is the last one of its connection. */
  isLast = false

  constructor(parts: PlainListenerParts) {
    this.fd = parts.fd
    this.index = parts.index
    this.connections = parts.connections
    this.clients = parts.clients
    this.counters = parts.counters
    this.#endpoint = parts.endpoint
    this.#rates = parts.rates
    this.#bans = parts.bans
    this.#tap = parts.tap
    this.#measurements = parts.measurements
    this.#maxRequests = parts.maxRequestsPerConnection
  }

  /** Writes the reply to a plain request to `out`; returns where it ends, or `NOT_PLAIN` with nothing done. */
  answer(connection: PlainConnection, bytes: Buffer, head: PlainHead, out: Buffer, outAt: number): number {
    const endpoint = this.#endpoint
    const route = endpoint.readTargetBytes(bytes, head.targetAt, head.targetEnd)
    if (route === Route.Other || this.#tap.isOn()) return NOT_PLAIN
    if (route === Route.Scrape && head.hasAcceptEncoding && head.targetEnd - head.targetAt >= SHORT_SCRAPE_BYTES) {
      return NOT_PLAIN
    }
    const client = this.#clientOf(connection, bytes, head)
    const counters = this.counters
    counters.add(Counter.http_requests, 1)
    connection.requests++
    this.isLast = !head.isKept || connection.requests >= this.#maxRequests || this.isDraining
    const after = this.isLast ? After.Closed : head.isHttp10 ? After.KeptHttp10 : After.Kept
    if (client !== undefined && this.#bans.isBanned(client)) return this.#refuseBanned(out, outAt)
    let length = 0
    let isScrape = false
    if (client !== undefined && !this.#rates.allowsAddress(RateKind.HttpRequest, client)) {
      length = endpoint.writeSlowDown()
    } else if (route === Route.Announce) length = this.#announce(client)
    else {
      length = endpoint.writeScrape(client)
      isScrape = !endpoint.isFailure
    }
    if (length === BAD_REQUEST) {
      counters.add(Counter.http_rejected_requests, 1)
      return writeRefusal(out, outAt, Refused.BadRequest, after)
    }
    counters.add(Counter.http_bytes_sent, length)
    const bodyAt = writeReplyHead(out, outAt, after, length)
    ;(isScrape ? endpoint.scrapeBytes : endpoint.announceBytes).copy(out, bodyAt, 0, length)
    return bodyAt + length
  }

  /** Whether a new connection is to be closed at once; it is counted then. */
  refuses(remote: RemoteEnd): boolean {
    if (!isBannedEnd(remote, this.#bans)) return false
    this.counters.add(Counter.http_requests_banned, 1)
    return true
  }

  #refuseBanned(out: Buffer, outAt: number): number {
    this.counters.add(Counter.http_requests_banned, 1)
    this.isLast = true
    return writeRefusal(out, outAt, Refused.Forbidden, After.Closed)
  }

  setTime(nowSeconds: number): void {
    this.#rates.setTime(nowSeconds)
  }

  #announce(client: IpAddress | undefined): number {
    const measurements = this.#measurements
    if (!measurements.isOn) return this.#endpoint.writeAnnounce(client)
    const beganAt = performance.now()
    const length = this.#endpoint.writeAnnounce(client)
    measurements.observe(Histogram.http_announce, (performance.now() - beganAt) / 1000, 1)
    return length
  }

  #clientOf(connection: PlainConnection, bytes: Buffer, head: PlainHead): IpAddress | undefined {
    const { remote } = connection
    if (!remote.isProxy) return remote.isKnown ? remote.address : undefined
    return this.clients.readForwarded(bytes.toString('latin1', head.forwardedAt, head.forwardedEnd))
  }
}

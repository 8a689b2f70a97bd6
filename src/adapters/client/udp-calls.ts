// Announce and scrape as datagrams: what is written for a call, and what its answer says.

import { Family } from '../../domain/announce.ts'
import { IpAddress, readAddress } from '../protocol/address-text.ts'
import type { Deviations } from '../protocol/deviations.ts'
import { readAnnounceReply, writeAnnounceRequest } from '../protocol/udp/announce.ts'
import { ANNOUNCE_REQUEST_BYTES, INFO_HASH_BYTES, REQUEST_HEADER_BYTES } from '../protocol/udp/layout.ts'
import { readScrapeReply, writeScrapeRequest } from '../protocol/udp/scrape.ts'
import { writeUrlData } from '../protocol/udp/url-data.ts'
import { type AnnounceCall, type InfoHashLike, type PeerIdentity, readAnnounceCall } from './announce-call.ts'
import { CallError } from './call-error.ts'
import { type Decoding, settleDeviations } from './decoding.ts'
import { compactPeers } from './peers.ts'
import type { IpFamily } from './resolve-host.ts'
import { hexOfHash, readScrapeCall, scrapeEntry } from './scrape-call.ts'
import type { AnnounceResult, ScrapeResult } from './tracker-client.ts'

export interface UdpCall<Answer> {
  /** The datagram. */
  write(connectionId: bigint, transactionId: number): Uint8Array
  /** Undefined if the datagram is no such answer. */
  read(wire: DataView, deviations: Deviations, decoding: Decoding): Answer | undefined
}

/** What BEP 15 always has. */
export interface UdpAnnounceResult extends AnnounceResult {
  readonly intervalSeconds: number
  readonly seeders: number
  readonly leechers: number
}

export interface UdpTarget {
  readonly family: IpFamily
  /** Path and query of the announce URL. */
  readonly target: string
}

/** What BEP 15 leaves to the tracker. */
const ANY_NUMWANT = -1
const IPV4_BYTES = 4

export function announceRequest(
  call: AnnounceCall,
  identity: PeerIdentity,
  { family, target }: UdpTarget,
): UdpCall<UdpAnnounceResult> {
  const { ip, numwant = ANY_NUMWANT, ...fields } = readAnnounceCall(call, identity)
  const address = ip === undefined ? {} : { ipAddress: readIPv4(ip) }
  const isPlain = target === '' || target === '/'
  return {
    write(connectionId, transactionId) {
      // URLData needs two bytes for each piece of 255.
      const bytes = new Uint8Array(ANNOUNCE_REQUEST_BYTES + 2 * target.length + 3)
      const announce = { ...fields, ...address, numwant, connectionId, transactionId }
      const end = writeAnnounceRequest(new DataView(bytes.buffer), 0, announce)
      return bytes.subarray(0, isPlain ? end : end + writeUrlData(bytes, end, target))
    },
    read(wire, deviations, decoding) {
      const wireFamily = family === 6 ? Family.IPv6 : Family.IPv4
      const reply = readAnnounceReply(wire, wireFamily, deviations)
      if (reply === undefined) return undefined
      const { intervalSeconds, seeders, leechers, peers, family: peerFamily } = reply
      if (intervalSeconds <= 0) deviations.note('interval is not positive')
      if (seeders < 0 || leechers < 0) deviations.note('a count is negative')
      return {
        intervalSeconds,
        minIntervalSeconds: undefined,
        seeders,
        leechers,
        completed: undefined,
        peers: compactPeers(peers, peerFamily === Family.IPv6 ? 6 : 4),
        warning: undefined,
        externalAddress: undefined,
        deviations: settleDeviations(decoding, deviations),
      }
    },
  }
}

export function scrapeRequest(call: readonly InfoHashLike[]): UdpCall<ScrapeResult> {
  const infoHashes = readScrapeCall(call)
  return {
    write(connectionId, transactionId) {
      const bytes = new Uint8Array(REQUEST_HEADER_BYTES + INFO_HASH_BYTES * infoHashes.length)
      writeScrapeRequest(new DataView(bytes.buffer), 0, { connectionId, transactionId, infoHashes })
      return bytes
    },
    read(wire, deviations, decoding) {
      const reply = readScrapeReply(wire)
      if (reply === undefined) return undefined
      const { rows } = reply
      if (rows.length < infoHashes.length) deviations.note('there are fewer rows than info hashes')
      if (rows.length > infoHashes.length) deviations.note('there are more rows than info hashes')
      const entries = infoHashes.map((infoHash, index) => scrapeEntry(hexOfHash(infoHash), rows[index]))
      return { entries, deviations: settleDeviations(decoding, deviations) }
    },
  }
}

function readIPv4(text: string): Uint8Array {
  const address = new IpAddress()
  if (readAddress(text, 0, text.length, address) && address.family === Family.IPv4) {
    return address.bytes.slice(0, IPV4_BYTES)
  }
  throw new CallError('ip must be an IPv4 address: the UDP protocol has no room for another')
}

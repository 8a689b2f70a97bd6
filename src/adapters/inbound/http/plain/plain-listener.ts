// A listening socket of the plain driver: answers one plain request at a time, from head to reply.

import type { AnnounceRequest } from '../../../../domain/announce.ts'
import type { Counters } from '../../../../domain/ports/outbound/counters.ts'
import type { RequestTap } from '../../../../domain/ports/outbound/request-tap.ts'
import type { IpAddress } from '../../../protocol/address-text.ts'
import { Route } from '../../../protocol/announce-path.ts'
import type { AnnounceQuery } from '../../../protocol/http/announce-query.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { AddressBans } from '../../address-bans.ts'
import type { ClientAddresses } from '../../client-address.ts'
import type { ConnectionTable, RemoteEnd } from '../../connection-table.ts'
import { RateKind } from '../../rate-memory.ts'
import type { RequestRates } from '../../request-rates.ts'
import { type AnnounceEndpoint, BAD_REQUEST } from '../announce-endpoint.ts'
import { isBannedEnd } from '../connection-guard.ts'
import type { PlainConnection } from './plain-connection.ts'
import { Answer, BATCH_SLOTS, type PlainSlot } from './plain-slot.ts'
import { After, Refused, writeConstantHead, writeRefusal, writeRestOfHead } from './reply-heads.ts'

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
  readonly maxRequestsPerConnection: number
}

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
  readonly #queries: readonly AnnounceQuery[]
  readonly #maxRequests: number
  /** Makes every reply the last one of its connection. */
  isDraining = false

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
    this.#queries = Array.from({ length: BATCH_SLOTS }, () => parts.endpoint.createQuery())
    this.#maxRequests = parts.maxRequestsPerConnection
  }

  /** Reads the request whose head the slot has read; false, with nothing done, if it is for the full driver. */
  read(slot: PlainSlot): boolean {
    const { head, connection } = slot
    if (connection === undefined) return false
    const endpoint = this.#endpoint
    const route = endpoint.readTargetBytes(slot.in, head.targetAt, head.targetEnd)
    if (route === Route.Other || this.#tap.isOn()) return false
    if (route === Route.Scrape && head.hasAcceptEncoding && head.targetEnd - head.targetAt >= SHORT_SCRAPE_BYTES) {
      return false
    }
    this.counters.add(Counter.http_requests, 1)
    connection.requests++
    slot.client = this.#clientOf(connection, slot)
    slot.answer = this.#judge(slot.client, route)
    slot.isLast =
      !head.isKept || connection.requests >= this.#maxRequests || this.isDraining || slot.answer === Answer.Banned
    slot.after = slot.isLast ? After.Closed : head.isHttp10 ? After.KeptHttp10 : After.Kept
    if (slot.answer === Answer.Announce) slot.outcome = endpoint.readAnnounce(this.queryOf(slot), slot.client)
    return true
  }

  /** The record that an announce of the slot is read into. */
  queryOf(slot: PlainSlot): AnnounceQuery {
    return this.#queries[slot.index]
  }

  /** Prefetches the memory that the first `count` of `requests` will need. */
  prefetch(requests: readonly AnnounceRequest[], count: number): void {
    this.#endpoint.prefetch(requests, count)
  }

  /** Writes the reply to the request read last in the slot, from `outAt` on; returns where it ends. */
  answer(slot: PlainSlot, outAt: number): number {
    const { out, after } = slot
    if (slot.answer === Answer.Banned) {
      this.counters.add(Counter.http_requests_banned, 1)
      return this.#refuse(slot, outAt, Refused.Forbidden)
    }
    const endpoint = this.#endpoint
    const length = this.#writeBody(slot)
    if (length === BAD_REQUEST) {
      this.counters.add(Counter.http_rejected_requests, 1)
      return this.#refuse(slot, outAt, Refused.BadRequest)
    }
    this.counters.add(Counter.http_bytes_sent, length)
    this.#writeConstantHead(slot, outAt)
    const bodyAt = writeRestOfHead(out, outAt, after, length)
    const isScrape = slot.answer === Answer.Scrape && !endpoint.isFailure
    ;(isScrape ? endpoint.scrapeBytes : endpoint.announceBytes).copy(out, bodyAt, 0, length)
    return bodyAt + length
  }

  /** Whether a new connection is to be closed at once; it is counted then. */
  refuses(remote: RemoteEnd): boolean {
    if (!isBannedEnd(remote, this.#bans)) return false
    this.counters.add(Counter.http_requests_banned, 1)
    return true
  }

  setTime(nowSeconds: number): void {
    this.#rates.setTime(nowSeconds)
  }

  #refuse(slot: PlainSlot, outAt: number, refused: Refused): number {
    if (outAt === 0) slot.firstHead = undefined
    return writeRefusal(slot.out, outAt, refused, slot.after)
  }

  /** Most replies of a slot begin alike, at the same place. */
  #writeConstantHead(slot: PlainSlot, outAt: number): void {
    if (outAt === 0 && slot.firstHead === slot.after) return
    writeConstantHead(slot.out, outAt, slot.after)
    if (outAt === 0) slot.firstHead = slot.after
  }

  /** Before anything of an announce is parsed. */
  #judge(client: IpAddress | undefined, route: Route): Answer {
    if (client !== undefined) {
      if (this.#bans.isBanned(client)) return Answer.Banned
      if (!this.#rates.allowsAddress(RateKind.HttpRequest, client)) return Answer.SlowDown
    }
    return route === Route.Announce ? Answer.Announce : Answer.Scrape
  }

  #writeBody(slot: PlainSlot): number {
    const endpoint = this.#endpoint
    if (slot.answer === Answer.SlowDown) return endpoint.writeSlowDown()
    if (slot.answer === Answer.Announce) return endpoint.answerAnnounce(this.queryOf(slot), slot.outcome)
    // Others have been read since.
    endpoint.readTargetBytes(slot.in, slot.head.targetAt, slot.head.targetEnd)
    return endpoint.writeScrape(slot.client)
  }

  #clientOf({ remote }: PlainConnection, slot: PlainSlot): IpAddress | undefined {
    if (!remote.isProxy) return remote.isKnown ? remote.address : undefined
    const { forwarded, head } = slot
    const client = this.clients.readForwarded(slot.in.toString('latin1', head.forwardedAt, head.forwardedEnd))
    if (client === undefined) return undefined
    forwarded.family = client.family
    forwarded.bytes.set(client.bytes)
    return forwarded
  }
}

// Announce and scrape as functions from raw request target and client address to reply, independent of the HTTP server.
// Replies are text for node:http, and bytes in `announceBytes` or `scrapeBytes` for the plain driver. One instance per
// listener and driver: its records and buffers are reused.

import type { Credentials } from '../../../domain/access-key.ts'
import { type AnnounceRequest, Family } from '../../../domain/announce.ts'
import type { ExternalAddress } from '../../../domain/external-address.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { SwarmCounts } from '../../../domain/scrape.ts'
import { FAILURE_TEXT, KEY_REQUIRED_INTERVAL_SECONDS, Verdict } from '../../../domain/verdict.ts'
import type { IpAddress } from '../../protocol/address-text.ts'
import type { Route } from '../../protocol/announce-path.ts'
import { AnnounceQuery } from '../../protocol/http/announce-query.ts'
import { AnnounceReplyWriter } from '../../protocol/http/announce-reply-writer.ts'
import type { Literal } from '../../protocol/http/bencode-writer.ts'
import { failureHead, writeFailure } from '../../protocol/http/failure-reply.ts'
import { HTTP_FAILURE_TEXT, HttpOutcome } from '../../protocol/http/http-outcome.ts'
import type { IpParameter } from '../../protocol/http/ip-parameter.ts'
import { RequestTarget, readRequestTarget } from '../../protocol/http/request-target.ts'
import { ScrapeQuery } from '../../protocol/http/scrape-query.ts'
import { ScrapeReplyWriter } from '../../protocol/http/scrape-reply-writer.ts'
import { readPathKey } from '../../protocol/key-text.ts'
import { Counter } from '../../protocol/metrics/counters.ts'

export interface ReplyPolicy {
  /** When a rejected client should retry, and the largest random delay added to that (protocol rule CL-01). */
  readonly intervalSeconds: number
  readonly jitterSeconds: number
  /** For failures and scrapes; the tracker has its own for announces. */
  readonly minIntervalSeconds: number
  readonly defaultPeersPerAnnounce: number
  readonly maxPeersPerAnnounce: number
  /** Whether clients are told their own address (BEP 24). */
  readonly sendsExternalAddress: boolean
  /** Whether scrapes have `downloaders` (BEP 21). */
  readonly sendsDownloaders: boolean
}

export interface EndpointOptions {
  readonly replies: ReplyPolicy
  /** Lists clients from loopback addresses with this address. */
  readonly externalAddress: ExternalAddress | undefined
  /** Honours the `ip` parameter; undefined: it is ignored. */
  readonly ipParameter: IpParameter | undefined
  /** Longer request targets are cut. */
  readonly maxTargetBytes: number
}

const HTTP_FAILURES = HTTP_FAILURE_TEXT.map(failureHead)
const VERDICT_FAILURES = FAILURE_TEXT.map(failureHead)
const SLOW_DOWN = failureHead('slow down')

/** Instead of a reply's length: the request gets status 400. */
export const BAD_REQUEST = -1

export class AnnounceEndpoint {
  /** Whether the last scrape was refused: then its reply is in `announceBytes`. */
  isFailure = false
  /** The last reply to an announce, or failure of either; and the last one to a scrape. */
  readonly announceBytes: Buffer
  readonly scrapeBytes: Buffer
  readonly #tracker: Tracker
  readonly #counters: Counters
  readonly #policy: ReplyPolicy
  readonly #externalAddress: ExternalAddress | undefined
  readonly #ipParameter: IpParameter | undefined
  /** From 0 up to 1; need not be cryptographically secure. */
  readonly #random: () => number
  readonly #query: AnnounceQuery
  readonly #writer: AnnounceReplyWriter
  /** The request target as bytes, which are several times faster to read than characters. */
  readonly #targetBytes: Buffer
  /** What the target is read from: the buffer above, or that of the plain driver. */
  #source: Uint8Array
  readonly #target = new RequestTarget()
  readonly #scrapeQuery = new ScrapeQuery()
  readonly #scrapeWriter: ScrapeReplyWriter
  readonly #counts = new SwarmCounts()

  constructor(tracker: Tracker, counters: Counters, options: EndpointOptions, random: () => number) {
    const { replies: policy } = options
    this.#targetBytes = Buffer.alloc(options.maxTargetBytes)
    this.#source = this.#targetBytes
    this.#externalAddress = options.externalAddress
    this.#tracker = tracker
    this.#counters = counters
    this.#policy = policy
    this.#random = random
    this.#ipParameter = options.ipParameter
    this.#query = this.createQuery()
    this.#writer = new AnnounceReplyWriter(policy.maxPeersPerAnnounce)
    this.announceBytes = Buffer.from(this.#writer.out.bytes.buffer)
    this.#scrapeWriter = new ScrapeReplyWriter(policy.sendsDownloaders)
    this.scrapeBytes = Buffer.from(this.#scrapeWriter.out.bytes.buffer)
  }

  /**
   * Stores a request's target, which has one character per byte and is cut at `maxTargetBytes`, and returns its route.
   */
  readTarget(target: string): Route {
    return this.readTargetBytes(this.#targetBytes, 0, this.#targetBytes.write(target, 'latin1'))
  }

  /** The same for a target in the bytes `from` to `to` of `source`, which stay as they are until it is answered. */
  readTargetBytes(source: Uint8Array, from: number, to: number): Route {
    this.#source = source
    readRequestTarget(source, from, to, this.#target)
    return this.#target.route
  }

  /** The reply of `writeAnnounce` as text; undefined for status 400. */
  announce(client: IpAddress | undefined): string | undefined {
    return textOf(this.announceBytes, this.writeAnnounce(client))
  }

  /** The reply of `writeScrape` as text; undefined for status 400. */
  scrape(client: IpAddress | undefined): string | undefined {
    const length = this.writeScrape(client)
    return textOf(this.isFailure ? this.announceBytes : this.scrapeBytes, length)
  }

  /** The reply of `writeSlowDown` as text. */
  slowDown(): string {
    return this.announceBytes.toString('latin1', 0, this.writeSlowDown())
  }

  /**
   * Answers the announce whose target was read last; returns the reply's length. `client` is undefined when the
   * client's address is unknown.
   */
  writeAnnounce(client: IpAddress | undefined): number {
    return this.answerAnnounce(this.#query, this.readAnnounce(this.#query, client))
  }

  /** For announces that are read before any of them is answered. */
  createQuery(): AnnounceQuery {
    const { defaultPeersPerAnnounce, maxPeersPerAnnounce } = this.#policy
    return new AnnounceQuery(defaultPeersPerAnnounce, maxPeersPerAnnounce, this.#ipParameter)
  }

  /** Reads the announce whose target was read last into `query`. */
  readAnnounce(query: AnnounceQuery, client: IpAddress | undefined): HttpOutcome {
    this.#counters.add(Counter.http4_announces + (client?.family ?? Family.IPv4), 1)
    if (client === undefined) return HttpOutcome.AddressUnknown
    const outcome = query.read(this.#source, this.#target.queryAt, this.#target.end, client)
    if (outcome !== HttpOutcome.Read) return outcome
    this.#readPathKey(query.request.credentials)
    if (this.#externalAddress !== undefined) this.#externalAddress.replaceLoopback(query.request)
    return outcome
  }

  /** Prefetches the memory that the first `count` of `requests`, which have been read, will need. */
  prefetch(requests: readonly AnnounceRequest[], count: number): void {
    this.#tracker.prefetch(requests, count)
  }

  /** Answers an announce that has been read with this outcome; returns the reply's length. */
  answerAnnounce(query: AnnounceQuery, outcome: HttpOutcome): number {
    if (outcome === HttpOutcome.TooManyParameters) return BAD_REQUEST
    if (outcome !== HttpOutcome.Read) return this.#fail(HTTP_FAILURES, outcome)
    const verdict = this.#tracker.announce(query.request, this.#writer.begin())
    if (verdict === Verdict.KeyRequired) return this.#failFor(VERDICT_FAILURES[verdict], KEY_REQUIRED_INTERVAL_SECONDS)
    if (verdict !== Verdict.Served && verdict !== Verdict.Full) return this.#fail(VERDICT_FAILURES, verdict)
    const external = this.#policy.sendsExternalAddress ? query.listed : undefined
    if (query.isCompact) this.#writer.writeCompact(external, query.request.port)
    else this.#writer.writeList(external, query.request.port, query.request.wantsPeerIds)
    return this.#writer.out.at
  }

  /** False for status 400. Announces nothing and counts nothing. */
  canReadAnnounce(client: IpAddress | undefined): boolean {
    if (client === undefined) return true
    const outcome = this.#query.read(this.#source, this.#target.queryAt, this.#target.end, client)
    return outcome !== HttpOutcome.TooManyParameters
  }

  /** Answers the scrape whose target was read last; returns the reply's length. `client` is only counted. */
  writeScrape(client: IpAddress | undefined): number {
    this.isFailure = false
    this.#counters.add(Counter.http4_scrapes + (client?.family ?? Family.IPv4), 1)
    const query = this.#scrapeQuery
    const outcome = query.read(this.#source, this.#target.queryAt, this.#target.end)
    if (outcome === HttpOutcome.TooManyParameters) return BAD_REQUEST
    if (outcome !== HttpOutcome.Read) return this.#fail(HTTP_FAILURES, outcome)
    this.#readPathKey(query.credentials)
    const writer = this.#scrapeWriter
    writer.begin()
    for (let place = 0; place < query.count; place++) {
      const index = query.order[place]
      this.#tracker.scrape(query.words, index * 5, query.credentials, this.#counts)
      writer.add(query.bytes, index * 20, this.#counts)
    }
    writer.finish(this.#policy.minIntervalSeconds)
    return writer.out.at
  }

  /** The reply to an announce or a scrape of a client that is over its rate. */
  writeSlowDown(): number {
    this.#counters.add(Counter.http_rate_limited, 1)
    return this.#failFor(SLOW_DOWN, this.#jitteredInterval())
  }

  /** A key in the path takes precedence over one in the query. */
  #readPathKey(credentials: Credentials): void {
    const { keyAt, keyEnd } = this.#target
    if (keyEnd > keyAt) readPathKey(this.#source, keyAt, keyEnd, credentials)
  }

  #fail(heads: readonly Literal[], code: number): number {
    return this.#failFor(heads[code], this.#jitteredInterval())
  }

  #jitteredInterval(): number {
    const { intervalSeconds, jitterSeconds } = this.#policy
    return intervalSeconds + Math.floor(this.#random() * jitterSeconds)
  }

  #failFor(head: Literal, intervalSeconds: number): number {
    this.isFailure = true
    this.#counters.add(Counter.http_failures, 1)
    writeFailure(this.#writer.out, head, intervalSeconds, Math.min(this.#policy.minIntervalSeconds, intervalSeconds))
    return this.#writer.out.at
  }
}

function textOf(bytes: Buffer, length: number): string | undefined {
  return length === BAD_REQUEST ? undefined : bytes.toString('latin1', 0, length)
}

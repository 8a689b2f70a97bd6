// A client of one HTTP or HTTPS tracker at one address (BEP 3, 7, 23, 24, 48). A connection serves one request:
// trackers close them anyway, and a probe should meet the tracker as a new client does.

import { Deviations } from '../protocol/deviations.ts'
import { writeAddressBytes, writeHostPort } from '../protocol/endpoint-text.ts'
import { writeAnnounceTarget, writeScrapeTarget } from '../protocol/http/client-query.ts'
import { type HttpAnnounceReply, readHttpAnnounceReply } from '../protocol/http/reply-reader.ts'
import { readHttpScrapeReply } from '../protocol/http/scrape-reply-reader.ts'
import { type AnnounceCall, type InfoHashLike, PeerIdentity, readAnnounceCall } from './announce-call.ts'
import { CallError } from './call-error.ts'
import { type Decoding, settleDeviations } from './decoding.ts'
import { type HttpReply, httpGet } from './http-get.ts'
import { trackerPeer } from './peers.ts'
import type { HostAddress } from './resolve-host.ts'
import { hexOfHash, readScrapeCall, scrapeEntry } from './scrape-call.ts'
import type { AnnounceResult, CallOptions, ScrapeResult, TrackerClient, TrackerEndpoint } from './tracker-client.ts'
import { TrackerError } from './tracker-error.ts'
import type { TrackerUrl } from './tracker-url.ts'
import { unzip } from './unzip.ts'

export interface HttpClientOptions {
  /** For a whole request; 15 seconds by default. */
  readonly timeoutMs?: number | undefined
  readonly decoding?: Decoding | undefined
  /** Further headers, or other values of those that the client sends itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Of an answer, and of what it is uncompressed; 1 MiB by default. */
  readonly maxReplyBytes?: number | undefined
  /** `anyone`: certificates are not verified. */
  readonly trusts?: 'authorities' | 'anyone' | undefined
}

const DEFAULT_TIMEOUT_MS = 15_000
const DEFAULT_MAX_REPLY_BYTES = 1024 * 1024
const HEADERS = { 'User-Agent': 'muster-client', 'Accept-Encoding': 'gzip', Connection: 'close' }
const DEFAULT_TARGET = '/announce'
const OK = 200
/** Of a text for people. */
const MAX_WARNING_LENGTH = 1000

export class HttpTrackerClient implements TrackerClient {
  readonly endpoint: TrackerEndpoint
  readonly #origin: string
  readonly #target: string
  readonly #options: HttpClientOptions
  readonly #identity = new PeerIdentity()
  readonly #closing = new AbortController()

  /** A URL without a path is that of `/announce`. */
  constructor(
    { scheme, host, port, target }: TrackerUrl,
    { address, family }: HostAddress,
    options: HttpClientOptions = {},
  ) {
    this.endpoint = { scheme, address, family, port }
    this.#origin = `${scheme}://${writeHostPort(host, port)}`
    this.#target = target.replace(/^\/?(?=\?|$)/, DEFAULT_TARGET)
    this.#options = options
  }

  async announce(call: AnnounceCall, options: CallOptions = {}): Promise<AnnounceResult> {
    const isCompact = call.compact ?? true
    const target = writeAnnounceTarget(this.#target, { ...readAnnounceCall(call, this.#identity), isCompact })
    const deviations = new Deviations()
    const reply = await this.#ask(target, (body) => readHttpAnnounceReply(body, deviations), options)
    if (isCompact && reply.isEmptyList) {
      deviations.note('peers is an empty list, although the compact form was requested')
    }
    return announceResult(reply, settleDeviations(this.#decoding, deviations))
  }

  async scrape(infoHashes: readonly InfoHashLike[], options: CallOptions = {}): Promise<ScrapeResult> {
    const hashes = readScrapeCall(infoHashes)
    const target = writeScrapeTarget(this.#target, hashes)
    if (target === undefined)
      throw new CallError('this tracker URL has no scrape URL: its path has no /announce (BEP 48)')
    const deviations = new Deviations()
    const { files } = await this.#ask(target, (body) => readHttpScrapeReply(body, deviations), options)
    const entries = hashes.map(hexOfHash).map((infoHash) => scrapeEntry(infoHash, files.get(infoHash)))
    return { entries, deviations: settleDeviations(this.#decoding, deviations) }
  }

  close(): void {
    this.#closing.abort()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get #decoding(): Decoding {
    return this.#options.decoding ?? 'lenient'
  }

  /** `read` returns undefined for what is no reply. Trackers refuse with any status, and serve with 200 only. */
  async #ask<Reply extends { readonly failureReason: string | undefined }>(
    target: string,
    read: (body: Uint8Array) => Reply | undefined,
    options: CallOptions,
  ): Promise<Reply> {
    const { status, statusText, headers, body } = await this.#get(target, options)
    const reply = read(body)
    if (reply?.failureReason !== undefined) throw new TrackerError('refused', reply.failureReason)
    if (status !== OK) throw new TrackerError('not-a-reply', statusSentence(statusText, headers), { stage: 'receive' })
    if (reply === undefined) {
      throw new TrackerError('not-a-reply', 'the answer is not a bencoded dictionary', { stage: 'parse' })
    }
    return reply
  }

  async #get(target: string, { signal }: CallOptions): Promise<HttpReply> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, headers, trusts, maxReplyBytes = DEFAULT_MAX_REPLY_BYTES } = this.#options
    const closing = this.#closing.signal
    const reply = await httpGet({
      url: `${this.#origin}${target}`,
      timeoutMs,
      headers: { ...HEADERS, ...headers },
      address: this.endpoint,
      maxBytes: maxReplyBytes,
      signal: signal === undefined ? closing : AbortSignal.any([signal, closing]),
      trusts: trusts ?? 'authorities',
    })
    return { ...reply, body: await unzip(reply, maxReplyBytes) }
  }
}

/** Of a redirect only where it leads: the path may repeat a key. */
function statusSentence(statusText: string, { location }: HttpReply['headers']): string {
  const isRedirect = location !== undefined && URL.canParse(location)
  return `the answer was ${statusText}${isRedirect ? `, to ${new URL(location).origin}` : ''}`
}

function announceResult(reply: HttpAnnounceReply, deviations: readonly string[]): AnnounceResult {
  return {
    intervalSeconds: reply.intervalSeconds,
    minIntervalSeconds: reply.minIntervalSeconds,
    seeders: reply.complete,
    leechers: reply.incomplete,
    completed: reply.downloaded,
    peers: reply.peers.map(trackerPeer),
    warning: reply.warningMessage?.slice(0, MAX_WARNING_LENGTH),
    externalAddress: addressText(reply.externalAddress),
    deviations,
  }
}

function addressText(bytes: Uint8Array | undefined): string | undefined {
  return bytes?.length === 4 || bytes?.length === 16 ? writeAddressBytes(bytes) : undefined
}

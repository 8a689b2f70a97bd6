// What a client of a tracker does, whatever the protocol: UDP and HTTP today, WebSocket later.

import type { ReportedCounts } from '../protocol/http/scrape-reply-reader.ts'
import type { AnnounceCall, InfoHashLike } from './announce-call.ts'
import type { HostAddress, IpFamily } from './resolve-host.ts'
import type { TrackerScheme } from './tracker-url.ts'

/** Where the requests go. */
export interface TrackerEndpoint extends HostAddress {
  readonly scheme: TrackerScheme
  readonly port: number
}

export interface TrackerPeer {
  /** An IP address; over HTTP a tracker may also give a name. Unescaped text of the tracker. */
  readonly address: string
  readonly port: number
  /** Undefined for a name. */
  readonly family: IpFamily | undefined
  /** In a list that is not compact. */
  readonly peerId?: Uint8Array | undefined
}

export interface AnnounceResult {
  /** Undefined if the tracker gave none, which lenient decoding tolerates. */
  readonly intervalSeconds: number | undefined
  readonly minIntervalSeconds: number | undefined
  readonly seeders: number | undefined
  readonly leechers: number | undefined
  /** Completed downloads; over HTTP only. */
  readonly completed: number | undefined
  readonly peers: readonly TrackerPeer[]
  /** The tracker's text for the user of the client, unescaped; over HTTP only. */
  readonly warning: string | undefined
  /** Address of the client as the tracker sees it (BEP 24). */
  readonly externalAddress: string | undefined
  /** What the answer gets wrong; always empty in strict decoding. */
  readonly deviations: readonly string[]
}

/** A row for each requested info hash, in the order of the request. */
export interface ScrapeEntry extends ReportedCounts {
  /** 40 lower-case hex digits. */
  readonly infoHash: string
  /** False if the answer has no row for it; the counts are 0 then. Over UDP unknown torrents have rows too. */
  readonly isReported: boolean
}

export interface ScrapeResult {
  readonly entries: readonly ScrapeEntry[]
  readonly deviations: readonly string[]
}

export interface CallOptions {
  /** Aborts the request. `AbortSignal.timeout` limits it, whatever the client's own limits are. */
  readonly signal?: AbortSignal | undefined
}

/**
 * One tracker at one address. Methods reject with a `TrackerError`, or with a `CallError` for arguments that make no
 * sense; they may be called at the same time. `using` closes it.
 */
export interface TrackerClient extends Disposable {
  readonly endpoint: TrackerEndpoint
  announce(call: AnnounceCall, options?: CallOptions): Promise<AnnounceResult>
  /** 1 to 74 hashes. */
  scrape(infoHashes: readonly InfoHashLike[], options?: CallOptions): Promise<ScrapeResult>
  /** Ends what is under way. */
  close(): void
}

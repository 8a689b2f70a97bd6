// What the routes of the management API, of whichever version, are given.

import type { KeyAdmin } from '../../../domain/ports/inbound/key-admin.ts'
import type { Statistics } from '../../../domain/ports/inbound/statistics.ts'
import type { TorrentListAdmin } from '../../../domain/ports/inbound/torrent-list-admin.ts'
import type { TorrentQueries } from '../../../domain/ports/inbound/torrent-queries.ts'
import type { Clock } from '../../../domain/ports/outbound/clock.ts'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import type { MeasurementReader, Measurements } from '../../../domain/ports/outbound/measurements.ts'
import type { TokenGate } from './authentication.ts'
import type { RestLimits } from './rest-limits.ts'

/** Whom the routes call. */
export interface RestPorts {
  readonly whitelist: TorrentListAdmin
  readonly blocklist: TorrentListAdmin
  readonly keys: KeyAdmin
  readonly torrents: TorrentQueries
  readonly statistics: Statistics
  readonly counters: Counters
  readonly measurements: Measurements
  readonly measured: MeasurementReader
  readonly clock: Clock
}

export interface RestContext {
  readonly ports: RestPorts
  readonly gate: TokenGate
  readonly limits: RestLimits
  /** Origins whose pages may use the API from a browser. */
  readonly allowedOrigins: readonly string[]
  /** Of the tracker, for its description. */
  readonly version: string
  /** What a peer id says about the program behind it. */
  readonly clientName: (peerId: Uint8Array) => string | null
  /** For faults of ours, once each; clients are told nothing of them. */
  readonly onInternalError: (error: Error) => void
}

/** What the routes know of a request besides what the framework knows; `Bindings` of its apps. */
export interface ApiCaller {
  /** Of the other end of the connection; empty when that is closed already. */
  readonly address: string
  /** The values of all `Authorization` headers. */
  readonly authorizations: readonly string[]
  /** Breaks the connection off: the answer that is under way cannot be finished. */
  readonly hangUp: () => void
}

export interface RestEnv {
  Bindings: ApiCaller
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

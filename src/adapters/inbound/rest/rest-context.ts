// What the routes of every version of the management API depend on.

import type { Cancellation } from '../../../domain/cancellation.ts'
import type { BanAdmin } from '../../../domain/ports/inbound/ban-admin.ts'
import type { ClientTraces } from '../../../domain/ports/inbound/client-traces.ts'
import type { KeyAdmin } from '../../../domain/ports/inbound/key-admin.ts'
import type { Statistics } from '../../../domain/ports/inbound/statistics.ts'
import type { TorrentListAdmin } from '../../../domain/ports/inbound/torrent-list-admin.ts'
import type { TorrentQueries } from '../../../domain/ports/inbound/torrent-queries.ts'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import type { ListenerCounters } from '../../../domain/ports/outbound/listener-counters.ts'
import type { MeasurementReader, Measurements } from '../../../domain/ports/outbound/measurements.ts'
import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import type { TokenGate } from './authentication.ts'
import type { RestLimits } from './rest-limits.ts'

/** The ports that the routes call. */
export interface RestPorts {
  readonly whitelist: TorrentListAdmin
  readonly blocklist: TorrentListAdmin
  readonly keys: KeyAdmin
  readonly bans: BanAdmin
  readonly torrents: TorrentQueries
  readonly statistics: Statistics
  readonly traces: ClientTraces
  readonly counters: Counters
  readonly listenerCounters: ListenerCounters
  /** Those that sent a wrong connection id since the errors of all were last cleared. */
  readonly addressesWithIdErrors: () => number
  readonly measurements: Measurements
  readonly measured: MeasurementReader
  readonly clock: SteadyClock
  readonly wallClock: WallClock
}

export interface RestContext {
  readonly ports: RestPorts
  readonly gate: TokenGate
  readonly limits: RestLimits
  /** Which torrents and clients the tracker serves. */
  readonly access: { readonly isListed: boolean; readonly isPrivate: boolean }
  /** Origins whose pages may use the API from a browser. */
  readonly allowedOrigins: readonly string[]
  /** The tracker's, for the API description. */
  readonly version: string
  /** The client program that a peer id names. */
  readonly clientName: (peerId: Uint8Array) => string | null
  /** Called once for each internal error; clients get no details. */
  readonly onInternalError: (error: Error) => void
}

/** What the routes know about a request in addition to the framework; the `Bindings` of the apps. */
export interface ApiCaller {
  /** The client's, from a trusted proxy if there is one; empty when the connection is already closed. */
  readonly address: string
  /** It names a host that is not this listener's: a web page may have sent it under a name of its own. */
  readonly hasForeignHost: boolean
  /** The values of all `Authorization` headers. */
  readonly authorizations: readonly string[]
  /** Aborted once the client has disconnected. */
  readonly departure: Cancellation
  /** Cuts the connection, because the answer in progress cannot be finished. */
  readonly hangUp: () => void
  /** Keeps the connection from giving way to others before the request is answered. */
  readonly keepConnection: () => void
}

export interface RestEnv {
  Bindings: ApiCaller
}

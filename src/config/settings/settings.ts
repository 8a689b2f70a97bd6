// All settings of the tracker, in the naming of the code: camelCase, with units in names. Most members come from the
// rows in options/, which document them. Read from a document by read-settings.ts. `undefined` means that the option
// was not given and has no default. Plain data throughout: it is passed to the threads as workerData.

import type { BindAddress } from './bind-address.ts'
import type { announcePolicyOptions } from './options/announce-policy.ts'
import type { attackOptions } from './options/attack.ts'
import type { limitsOptions, memoryOptions, threadsOptions } from './options/capacity.ts'
import type { accessOptions, cleanupOptions, privateModeOptions, statisticsOptions } from './options/core.ts'
import type {
  databaseFileOptions,
  databasePoolOptions,
  databaseServerOptions,
  databaseTlsOptions,
} from './options/database.ts'
import type {
  healthCheckApiOptions,
  httpApiAccessOptions,
  httpApiOptions,
  httpApiTokenFileOptions,
} from './options/http-api.ts'
import type { httpServerOptions } from './options/http-server.ts'
import type { httpNetworkOptions, httpProxiesOptions, httpTrackerOptions } from './options/http-tracker.ts'
import type { socketFileOptions, tlsOptions } from './options/listener.ts'
import type { MembersOf } from './options/members.ts'
import type { loggingOptions } from './options/metadata.ts'
import type { networkOptions } from './options/network.ts'
import type { processOptions, snapshotOptions } from './options/process.ts'
import type { trackerPolicyOptions } from './options/tracker-policy.ts'
import type { udpBansOptions, udpServerOptions } from './options/udp-server.ts'
import type { udpNetworkOptions, udpTrackerOptions } from './options/udp-tracker.ts'

export type LoggingSettings = MembersOf<typeof loggingOptions>
export type LogStyle = NonNullable<LoggingSettings['style']>

/**
 * `minIntervalSeconds` is never more than the interval, `defaultPeersPerAnnounce` than `maxPeersPerAnnounce`. With a
 * target `maxIntervalSeconds` is defined, and never less than the interval.
 */
export type AnnounceSettings = MembersOf<typeof announcePolicyOptions>

/** Denied port ranges are sorted and do not overlap. */
export type PeerSettings = MembersOf<typeof trackerPolicyOptions> & MembersOf<typeof cleanupOptions>

export type AccessSettings = MembersOf<typeof accessOptions> & MembersOf<typeof privateModeOptions>

type FileDatabaseSettings = MembersOf<typeof databaseFileOptions> & { readonly driver: 'sqlite3' }

export type TlsMode = MembersOf<typeof databaseTlsOptions>['mode']

type NetworkDatabaseSettings = MembersOf<typeof databaseServerOptions> &
  MembersOf<typeof databasePoolOptions> & {
    readonly driver: 'mysql' | 'postgresql'
    readonly tls: MembersOf<typeof databaseTlsOptions>
  }

export type DatabaseSettings = FileDatabaseSettings | NetworkDatabaseSettings

/** Where a service listens. */
export type BindSettings = BindAddress

/** Only used if the address is that of a Unix domain socket. */
export type SocketFileSettings = MembersOf<typeof socketFileOptions>

export type TlsSettings = MembersOf<typeof tlsOptions>

export type UdpListenerSettings = BindSettings &
  Omit<MembersOf<typeof udpTrackerOptions>, 'bindAddress'> &
  MembersOf<typeof udpNetworkOptions>

/** `trustedProxies` is empty unless `onReverseProxy` or `proxyProtocol`. */
export type HttpListenerSettings = BindSettings &
  Omit<MembersOf<typeof httpTrackerOptions>, 'bindAddress'> &
  MembersOf<typeof httpNetworkOptions> &
  MembersOf<typeof httpProxiesOptions> & { readonly tls: TlsSettings | undefined }

export type ListenerSettings = UdpListenerSettings | HttpListenerSettings

export type UdpSettings = MembersOf<typeof udpServerOptions> & {
  /** Only if the document sets one of them. */
  readonly bans: MembersOf<typeof udpBansOptions> | undefined
}

export interface ApiTokenSettings {
  readonly label: string
  /** Secret. */
  readonly token: string
  readonly scope: 'manage' | 'read'
}

export type HttpApiSettings = BindSettings &
  Omit<MembersOf<typeof httpApiOptions>, 'bindAddress'> &
  MembersOf<typeof httpApiAccessOptions> & {
    readonly tls: TlsSettings | undefined
    readonly tokens: readonly ApiTokenSettings[]
    /** `undefined` when the document has a token with scope `manage`. */
    readonly tokenFile: MembersOf<typeof httpApiTokenFileOptions>['tokenFile'] | undefined
  }

export type HealthCheckSettings = BindSettings &
  Omit<MembersOf<typeof healthCheckApiOptions>, 'bindAddress'> & {
    /** The document has its table: then an unavailable address is an error. */
    readonly isConfigured: boolean
  }

export type ThreadCount = MembersOf<typeof threadsOptions>['udp']

export type LimitsSettings = MembersOf<typeof limitsOptions>

export type AttackSettings = MembersOf<typeof attackOptions>

export type NetworkSettings = MembersOf<typeof networkOptions>

export type SnapshotSettings = MembersOf<typeof snapshotOptions>

export type Settings = MembersOf<typeof statisticsOptions> & {
  /** Of the document as it was written: a 2.0.0 document has been translated. */
  readonly schemaVersion: '2.0.0' | '3.0.0'
  readonly logging: LoggingSettings
  readonly announce: AnnounceSettings
  readonly peers: PeerSettings
  readonly access: AccessSettings
  /** `undefined`: nothing is persisted. */
  readonly database: DatabaseSettings | undefined
  readonly udpListeners: readonly UdpListenerSettings[]
  readonly udp: UdpSettings
  readonly httpListeners: readonly HttpListenerSettings[]
  readonly http: MembersOf<typeof httpServerOptions>
  readonly httpApi: HttpApiSettings | undefined
  readonly healthCheckApi: HealthCheckSettings
  readonly memory: MembersOf<typeof memoryOptions>
  readonly threads: MembersOf<typeof threadsOptions>
  readonly limits: LimitsSettings
  readonly attack: AttackSettings
  readonly network: NetworkSettings
  readonly snapshot: SnapshotSettings
  readonly process: MembersOf<typeof processOptions>
}

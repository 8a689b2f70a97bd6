// Everything the tracker is told at start, in the words of the code: camelCase, units in names, nothing left to guess.
// Read from a document by read-settings.ts; the values that hold when nobody says anything are in defaults.ts.
// `undefined` means that the option was not given and has no default. Plain data throughout: it crosses to the threads
// as workerData.

export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
export type LogStyle = 'full' | 'pretty' | 'compact' | 'json'

export interface LoggingSettings {
  readonly level: LogLevel
  /** `undefined`: pretty on a terminal, JSON otherwise. */
  readonly style: LogStyle | undefined
}

export interface AnnounceSettings {
  /** Base of the interval in replies. */
  readonly intervalSeconds: number
  /** Never more than `intervalSeconds`. */
  readonly minIntervalSeconds: number
  /** Largest fraction of the interval that is added at random per reply: 0 to 1. */
  readonly jitter: number
  /** Peers in a reply at most, over HTTP; a UDP reply holds fewer if its datagram is full first. */
  readonly maxPeersPerAnnounce: number
  /** Peers in a reply when the client does not say how many it wants; never more than `maxPeersPerAnnounce`. */
  readonly defaultPeersPerAnnounce: number
  /** Tell clients the address they are seen from (BEP 24). */
  readonly externalIpInReply: boolean
}

/** `scope`: private addresses are handed to private addresses only; `all`: to everybody; `none`: to nobody. */
type PrivatePeers = 'scope' | 'all' | 'none'

/** Both ends included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

export interface PeerSettings {
  /** A peer that has not announced for this long is gone. */
  readonly timeoutSeconds: number
  /** Time between two clean-ups; 0 turns them off. */
  readonly cleanupIntervalSeconds: number
  /** Forget a swarm when its last peer is gone, unless it has a count of downloads and such counts are kept. */
  readonly removePeerlessTorrents: boolean
  /** Completed counts survive a restart. */
  readonly keepCompletedCounts: boolean
  /** What was counted reaches the database at most this late. */
  readonly completedWriteIntervalSeconds: number
  readonly allowPrivatePeers: PrivatePeers
  /** Ports that are accepted and never handed out; sorted, none overlapping. */
  readonly deniedPorts: readonly PortRange[]
}

export interface AccessSettings {
  readonly isListed: boolean
  readonly isPrivate: boolean
  readonly checkKeysExpiration: boolean
}

interface FileDatabaseSettings {
  readonly driver: 'sqlite3'
  readonly path: string
}

/** `require`: encrypted, with whoever answers; `verify`: only with a host whose certificate is good for its name. */
export type TlsMode = 'off' | 'require' | 'verify'

interface NetworkDatabaseSettings {
  readonly driver: 'mysql' | 'postgresql'
  /** A name or an IP address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Secret. */
  readonly password: string
  readonly database: string
  /** `caFile`, a PEM file, stands in for the system's authorities; only with `verify`. */
  readonly tls: { readonly mode: TlsMode; readonly caFile: string | undefined }
  /** Connections at most. */
  readonly poolSize: number
}

export type DatabaseSettings = FileDatabaseSettings | NetworkDatabaseSettings

/** Where a service listens. Port 0 asks the operating system for a free one. */
export interface BindSettings {
  /** An IP address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

export interface TlsSettings {
  readonly certPath: string
  readonly keyPath: string
}

export interface UdpListenerSettings extends BindSettings {
  /** An IPv6 socket takes no IPv4 traffic. */
  readonly ipv6Only: boolean
  readonly publicUrl: string | undefined
  /** Stands in for a client's address when that is a loopback address. */
  readonly externalIp: string | undefined
  readonly usageStatistics: boolean
}

export interface HttpListenerSettings extends UdpListenerSettings {
  readonly tls: TlsSettings | undefined
  readonly onReverseProxy: boolean
  /** Networks (CIDR) whose X-Forwarded-For is believed; empty unless `onReverseProxy`. */
  readonly trustedProxies: readonly string[]
  readonly useIpFromQueryString: boolean
}

interface UdpBanSettings {
  readonly resetIntervalSeconds: number
  readonly maxConnectionIdErrorsPerIp: number
}

export interface UdpSettings {
  /** 120 to 7200. */
  readonly connectionIdMaxAgeSeconds: number
  readonly connectionIdValidation: 'strict' | 'disabled'
  /** Answer a bad connection id with an error instead of silence. */
  readonly answersBadIds: boolean
  readonly driver: 'auto' | 'batched' | 'dgram'
  readonly receiveBufferBytes: number
  /** Absolute, or relative to the working directory: the data directory is already in it. */
  readonly connectionIdKeyFile: string
  /** Only when the document speaks of bans. */
  readonly bans: UdpBanSettings | undefined
}

/** What one HTTP connection may cost (protocol rule SEC-23). */
export interface HttpSettings {
  readonly maxHeaderBytes: number
  readonly headersTimeoutSeconds: number
  readonly requestTimeoutSeconds: number
  readonly keepAliveTimeoutSeconds: number
  /** For a reply that the client does not take. */
  readonly writeTimeoutSeconds: number
  /** How often the timeouts above are looked at. */
  readonly connectionCheckSeconds: number
  readonly maxRequestsPerConnection: number
  /** At once, per listener and thread. */
  readonly maxConnections: number
  /** At once, per listener and thread, and IPv4 address or IPv6 /64; trusted proxies are not counted. */
  readonly maxConnectionsPerAddress: number
}

export interface ApiTokenSettings {
  readonly label: string
  /** Secret. */
  readonly token: string
  readonly scope: 'manage' | 'read'
}

export interface HttpApiSettings extends BindSettings {
  readonly tls: TlsSettings | undefined
  readonly publicUrl: string | undefined
  readonly tokens: readonly ApiTokenSettings[]
  /** Holds a token with scope `manage`, made by the tracker; `undefined` when the document has such a token. */
  readonly tokenFile: string | undefined
  /** Tokens of less than 16 bytes are good enough for other machines. */
  readonly allowWeakTokens: boolean
  /** Origins of web pages that may use the API from a browser. */
  readonly allowedOrigins: readonly string[]
}

export interface HealthCheckSettings extends BindSettings {
  /** The document speaks of it: then the start is refused when the address cannot be had. */
  readonly isNamed: boolean
}

export interface MemorySettings {
  /** All swarms together: 16 MiB to 4 GiB, a multiple of 64 KiB. */
  readonly swarmBudgetBytes: number
}

export type ThreadCount = number | 'auto'

interface ThreadSettings {
  readonly udp: ThreadCount
  readonly http: ThreadCount
}

interface LimitSettings {
  readonly maxPeersPerTorrent: number
  /** Whitelist and blocklist together. */
  readonly maxListedTorrents: number
  readonly maxKeys: number
}

/** Networks by the name of their range; peers of a range see only each other. None of them overlap. */
export interface NetworkSettings {
  readonly ranges: Readonly<Record<string, readonly string[]>>
}

/** What keeps swarms over a restart. */
export interface SnapshotSettings {
  readonly isEnabled: boolean
  /** The data directory is already in it. */
  readonly file: string
  /** 0: only at the end. */
  readonly intervalSeconds: number
}

export interface ProcessSettings {
  /** After a stop was asked for, what still runs is cut off. */
  readonly shutdownDeadlineSeconds: number
  readonly dataDirectory: string
}

export interface Settings {
  /** Of the document as it was written: a 2.0.0 document has been translated. */
  readonly schemaVersion: '2.0.0' | '3.0.0'
  readonly logging: LoggingSettings
  readonly announce: AnnounceSettings
  readonly peers: PeerSettings
  readonly access: AccessSettings
  /** `undefined`: nothing is persisted. */
  readonly database: DatabaseSettings | undefined
  readonly usageStatistics: boolean
  readonly udpListeners: readonly UdpListenerSettings[]
  readonly udp: UdpSettings
  readonly httpListeners: readonly HttpListenerSettings[]
  readonly http: HttpSettings
  readonly httpApi: HttpApiSettings | undefined
  readonly healthCheckApi: HealthCheckSettings
  readonly memory: MemorySettings
  readonly threads: ThreadSettings
  readonly limits: LimitSettings
  readonly network: NetworkSettings
  readonly snapshot: SnapshotSettings
  readonly process: ProcessSettings
}

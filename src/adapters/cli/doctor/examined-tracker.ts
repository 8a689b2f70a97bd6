// What the doctor examines: the plan of a tracker and the machine. Both are passed in, so tests can plant faults.

import type { Finding, StartFault } from './finding.ts'

/** PEM files. */
export interface CertificateFiles {
  readonly certPath: string
  readonly keyPath: string
}

export interface ListenerPlan {
  /** The option that configures it: `udp_trackers.0`, `http_api`. */
  readonly option: string
  readonly kind: 'udp' | 'http' | 'api' | 'health'
  /** An IP address, IPv6 without brackets; or `unix:` and the path of a Unix domain socket. */
  readonly host: string
  /** 0: any free port, or a Unix domain socket. */
  readonly port: number
  /** A listener on `::` does not accept IPv4; UDP never does. */
  readonly ipv6Only: boolean
  /** X-Forwarded-For identifies clients. */
  readonly isBehindProxy: boolean
  /** Connections begin with a PROXY header. */
  readonly proxyProtocol: boolean
  readonly tls: CertificateFiles | undefined
  readonly publicUrl: string | undefined
  /** The tracker starts even if the port is taken. */
  readonly isOptional: boolean
}

/** What the tracker would find when it opens the database. */
export type DatabaseState =
  | { readonly kind: 'ready' }
  /** `denied`: the server refuses the login. `reason` does not contain the password. */
  | { readonly kind: 'unreachable' | 'denied' | 'not-writable' | 'foreign'; readonly reason: string }

export interface DatabasePlan {
  /** `sqlite3 storage/...`, `mysql tracker on db:3306`; contains no secrets. */
  readonly name: string
  /** Logs in, and changes nothing. */
  readonly examine: () => Promise<DatabaseState>
}

export interface TrackerPlan {
  readonly listeners: readonly ListenerPlan[]
  readonly certificateFaults: () => Promise<readonly StartFault[]>
  /** Of the addresses of the listeners, whatever has their ports now. */
  readonly addressFaults: () => Promise<readonly StartFault[]>
  /** Whether any client may announce any torrent. */
  readonly isOpen: boolean
  readonly socketBufferBytes: number
  /** Total over all listeners and threads. */
  readonly maxConnections: number
  readonly swarmBudgetBytes: number
  readonly dataDirectory: string
  /** Files that only the owner may read; they need not exist. */
  readonly secretFiles: readonly string[]
  readonly database: DatabasePlan | undefined
  /** That alerts are sent to, if to any; IPv6 without brackets. */
  readonly alertHost: string | undefined
}

interface OwnAddress {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
  readonly isLoopback: boolean
}

export interface Machine {
  readonly platform: string
  /** The text of a kernel file such as /proc/meminfo; undefined if it does not exist. */
  readonly read: (path: string) => string | undefined
  readonly addresses: () => readonly OwnAddress[]
  readonly memoryBytes: () => number
  /** Standard output of a program; undefined if it is missing or fails. */
  readonly run: (program: string, ...words: readonly string[]) => Promise<string | undefined>
  /** Undefined if the name has an address, else the code of the failure: ENOTFOUND. */
  readonly lookUp: (host: string) => Promise<string | undefined>
  readonly now: () => Date
}

/** The state of a configured port: free, in use by a tracker that answers, or in use by another program. */
export interface ListenerState {
  readonly plan: ListenerPlan
  /** A code if binding fails for another reason: EACCES, EADDRNOTAVAIL. */
  readonly state: 'free' | 'answers' | 'silent' | { readonly code: string }
}

export interface ExaminedTracker {
  readonly plan: TrackerPlan
  readonly machine: Machine
  /** Of every listener with a fixed port. */
  readonly listeners: readonly ListenerState[]
}

/** What it throws becomes a finding of its own; other checks are not affected. */
export type Check = (tracker: ExaminedTracker) => Promise<readonly Finding[]> | readonly Finding[]

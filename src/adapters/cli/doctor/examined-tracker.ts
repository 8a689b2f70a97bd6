// What the doctor is told of the tracker, and what it has of the machine. All of it is handed in, so that tests can plant faults.

import type { Finding } from './finding.ts'

/** PEM files. */
export interface CertificateFiles {
  readonly certPath: string
  readonly keyPath: string
}

export interface ListenerPlan {
  /** Of the settings: `udp_trackers.0`, `http_api`. */
  readonly option: string
  readonly kind: 'udp' | 'http' | 'api' | 'health'
  /** An IP address, IPv6 without brackets. */
  readonly host: string
  /** 0 is whichever is free. */
  readonly port: number
  /** A listener on `::` takes no IPv4; UDP never does. */
  readonly ipv6Only: boolean
  /** Clients are told by X-Forwarded-For. */
  readonly isBehindProxy: boolean
  readonly tls: CertificateFiles | undefined
  readonly publicUrl: string | undefined
  /** A port that is taken is no reason not to start. */
  readonly isOptional: boolean
}

/** What became of looking at the database as the tracker would. */
export type DatabaseState =
  | { readonly kind: 'ready' }
  /** `reason` without user and password. */
  | { readonly kind: 'unreachable' | 'not-writable' | 'foreign'; readonly reason: string }

export interface DatabasePlan {
  /** `sqlite3 storage/...`, `mysql tracker on db:3306`; nothing secret. */
  readonly name: string
  /** Changes nothing. Never rejects. */
  readonly examine: () => Promise<DatabaseState>
}

export interface TrackerPlan {
  readonly listeners: readonly ListenerPlan[]
  /** Whether anybody may announce any torrent. */
  readonly isOpen: boolean
  readonly socketBufferBytes: number
  /** Of all listeners and threads together. */
  readonly mostConnections: number
  readonly swarmBudgetBytes: number
  readonly dataDirectory: string
  /** Files that nobody else may read; they need not exist. */
  readonly secretFiles: readonly string[]
  readonly database: DatabasePlan | undefined
}

interface OwnAddress {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
  readonly isLoopback: boolean
}

export interface Machine {
  readonly platform: string
  /** The text of a file of the kernel's, such as /proc/meminfo; undefined when there is none. */
  readonly read: (path: string) => string | undefined
  readonly addresses: () => readonly OwnAddress[]
  readonly memoryBytes: () => number
  /** Standard output of a program, undefined when it is not there or fails. */
  readonly run: (program: string, ...words: readonly string[]) => Promise<string | undefined>
  readonly now: () => Date
}

/** How a configured port is: free, held by something that answers as a tracker does, or held by something that does not. */
export interface ListenerState {
  readonly plan: ListenerPlan
  /** A code is why nobody can listen there: EACCES, EADDRNOTAVAIL. */
  readonly state: 'free' | 'answers' | 'silent' | { readonly code: string }
}

export interface ExaminedTracker {
  readonly plan: TrackerPlan
  readonly machine: Machine
  /** Of every listener whose port is known beforehand. */
  readonly listeners: readonly ListenerState[]
}

/** One thing that is looked at. Never rejects. */
export type Check = (tracker: ExaminedTracker) => Promise<readonly Finding[]> | readonly Finding[]

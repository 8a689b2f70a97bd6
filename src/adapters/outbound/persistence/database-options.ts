// What must be known to open a database, and what it tells while it is open.

import type { Clock } from '../../../domain/ports/outbound/clock.ts'

export interface SqliteOptions {
  readonly driver: 'sqlite3'
  /** Made, with its folders, when it is not there. */
  readonly path: string
  /** How long to wait for another program that writes; 5000 unless told otherwise. */
  readonly timeoutMilliseconds?: number | undefined
}

export interface TlsOptions {
  /**
   * `require`: encrypted, whoever answers; `verify`: the certificate must come from a known authority and bear the
   * host's name.
   */
  readonly mode: 'off' | 'require' | 'verify'
  /** PEM of the authority for `verify`; without it, those that Node.js knows. */
  readonly caFile?: string | undefined
}

export interface NetworkOptions {
  readonly driver: 'mysql' | 'postgresql'
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly tls: TlsOptions
  readonly poolSize: number
  /** How long a connection or a statement may take; 5000 unless told otherwise. */
  readonly timeoutMilliseconds?: number | undefined
}

export type DatabaseOptions = SqliteOptions | NetworkOptions

/** Bringing the tables up to date may take its time; whoever is served may not wait for long. */
export type ConnectionPurpose = 'opening' | 'serving'

/** What a driver said when an operation failed; without statements, values and the password. */
interface DatabaseFault {
  /** What cannot be used: "the database", or the tables that this is about. */
  readonly subject: string
  /** The driver's; empty when it gave none. */
  readonly code: string
  readonly reason: string
}

export interface OutageWatch {
  /** Told of each operation that failed because the database could not be used. */
  readonly operationFailed: () => void
  /** Told at the first such failure of a subject and a code, until it could be used again. */
  readonly unavailable: (fault: DatabaseFault) => void
  /** Told at the first operation that succeeds after an outage; a write, if writes failed. */
  readonly available: (subject: string) => void
}

export interface DatabaseDependencies extends OutageWatch {
  readonly clock: Clock
  /** Told of each connection that breaks while nobody waits for it. Nothing has to be done. */
  readonly connectionLost: (error: Error) => void
  /** Told how long each statement took, whether it succeeded or not. */
  readonly queried?: (milliseconds: number) => void
}

/** For people: driver, place and name, no password. */
export function describeDatabase(options: DatabaseOptions): string {
  return options.driver === 'sqlite3'
    ? `the SQLite database ${options.path}`
    : `the ${options.driver === 'mysql' ? 'MySQL' : 'PostgreSQL'} database ${options.database} at ${options.host}:${options.port}`
}

const DEFAULT_TIMEOUT_MILLISECONDS = 5000

export function timeoutOf({ timeoutMilliseconds }: DatabaseOptions): number {
  return timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS
}

// The options for opening a database, and the callbacks while it is open.

import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'

export interface SqliteOptions {
  readonly driver: 'sqlite3'
  /** Created, with its folders, when missing. */
  readonly path: string
  /** How long to wait for another program that writes; 5000 by default. */
  readonly timeoutMilliseconds?: number | undefined
}

export interface TlsOptions {
  /**
   * `require`: encrypted, but any server certificate is accepted; `verify`: the certificate must come from a known
   * authority and match the host's name.
   */
  readonly mode: 'off' | 'require' | 'verify'
  /** PEM of the authority for `verify`; by default the authorities known to Node.js. */
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
  /** How long a connection or a statement may take; 5000 by default. */
  readonly timeoutMilliseconds?: number | undefined
}

export type DatabaseOptions = SqliteOptions | NetworkOptions

/** Migrating the tables may take a while; requests must not wait long; an examination changes nothing. */
export type ConnectionPurpose = 'opening' | 'serving' | 'examining'

/** The driver's error for a failed operation; without statements, values and the password. */
interface DatabaseFault {
  /** What is unavailable, in words: "the database", or the tables concerned. */
  readonly subject: string
  /** The driver's; empty without one. */
  readonly code: string
  readonly reason: string
}

export interface OutageWatch {
  /** Called for each operation that failed because the database was unavailable. */
  readonly operationFailed: () => void
  /** Called for the first such failure with each subject and code, until the subject is available again. */
  readonly unavailable: (fault: DatabaseFault) => void
  /** Called for the first operation that succeeds after an outage; a write, if writes failed. */
  readonly available: (subject: string) => void
}

export interface DatabaseDependencies extends OutageWatch {
  readonly clock: WallClock
  /** Called for each idle connection that breaks. No action is needed. */
  readonly connectionLost: (error: Error) => void
  /** Called with the duration of each statement, successful or not. */
  readonly queried?: (milliseconds: number) => void
}

/** For the log: driver, location and name, without the password. */
export function describeDatabase(options: DatabaseOptions): string {
  return options.driver === 'sqlite3'
    ? `the SQLite database ${options.path}`
    : `the ${options.driver === 'mysql' ? 'MySQL' : 'PostgreSQL'} database ${options.database} at ${options.host}:${options.port}`
}

const DEFAULT_TIMEOUT_MILLISECONDS = 5000

export function timeoutOf({ timeoutMilliseconds }: DatabaseOptions): number {
  return timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS
}

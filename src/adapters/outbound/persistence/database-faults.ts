// Classifies the errors of the three drivers. Anything that may pass without a change to Muster is "unavailable": the
// store is down, slow, full, busy, read only, or denies access.

import type { DatabaseOptions } from './database-options.ts'

export interface DatabaseFaults {
  /** A unique column already contains this value. */
  readonly isDuplicate: (error: unknown) => boolean
  /** Nothing was changed and an immediate retry may succeed: a deadlock, a snapshot conflict. */
  readonly isPassing: (error: unknown) => boolean
  /** Nothing was changed and others have locked the database: a retry may succeed when they are done. */
  readonly isBusy: (error: unknown) => boolean
  readonly isUnavailable: (error: unknown) => boolean
}

interface DriverError {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly errno?: unknown
  readonly severity?: unknown
  readonly sqlState?: unknown
}

const NOTHING: DriverError = {}
function parts(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? error : NOTHING
}

/** Empty without a code. */
export function codeOf(error: unknown): string {
  return String(parts(error).code ?? '')
}

/** Bugs in our own code; drivers report everything else with their own or system errors. */
const BUGS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'Refusal'])
function isBug(error: unknown): boolean {
  return BUGS.has(String(parts(error).name))
}

const SQLITE_UNAVAILABLE =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PERM|PROTOCOL|INTERRUPT|AUTH|NOLFS)/

/** A statement that was still queued when the file was closed. */
function isClosed(error: unknown): boolean {
  return String(parts(error).message).includes('connection is not open')
}

const sqlite: DatabaseFaults = {
  isDuplicate: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(codeOf(error)),
  isPassing: (error) => codeOf(error) === 'SQLITE_BUSY_SNAPSHOT',
  isBusy: (error) => /^SQLITE_BUSY(_RECOVERY)?$/.test(codeOf(error)),
  isUnavailable: (error) =>
    codeOf(error).startsWith('SQLITE_') ? SQLITE_UNAVAILABLE.test(codeOf(error)) : isClosed(error) || !isBug(error),
}

/**
 * SQLSTATE classes and codes: connection, read only, credentials, unknown database, resources, intervention, system,
 * damage.
 */
const POSTGRESQL_UNAVAILABLE = /^(08|28|3D|53|57|58|XX)|^(25006|25P03|42501|55P03|40001|40P01|40003)$/

function isFromPostgresql(error: unknown): boolean {
  return typeof parts(error).severity === 'string'
}

const postgresql: DatabaseFaults = {
  isDuplicate: (error) => isFromPostgresql(error) && codeOf(error) === '23505',
  isPassing: (error) => isFromPostgresql(error) && /^(40001|40P01)$/.test(codeOf(error)),
  // The server has already waited.
  isBusy: () => false,
  isUnavailable: (error) => (isFromPostgresql(error) ? POSTGRESQL_UNAVAILABLE.test(codeOf(error)) : !isBug(error)),
}

/** Error numbers of MySQL and MariaDB servers. */
const MYSQL_UNAVAILABLE: ReadonlySet<unknown> = new Set([
  // Disk, memory, tables that are full or damaged, errors of the storage engine
  1021, 1026, 1030, 1034, 1037, 1038, 1041, 1114, 1135, 1180, 1194, 1195, 1712, 1877,
  // Too many connections, hosts and users without access, privileges
  1040, 1044, 1045, 1049, 1129, 1130, 1142, 1143, 1203, 1226, 1227, 1698, 3118, 3159,
  // Broken connections, servers that are stopping
  1047, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 4031,
  // Waiting for too long, deadlocks
  1205, 1213, 1637, 1969, 3024, 3572,
  // Read only
  1036, 1223, 1290, 1792, 1836, 3989,
])

function isFromMysql(error: unknown): boolean {
  return typeof parts(error).sqlState === 'string'
}

const mysql: DatabaseFaults = {
  isDuplicate: (error) => parts(error).errno === 1062,
  isPassing: (error) => parts(error).errno === 1213,
  isBusy: () => false,
  isUnavailable: (error) => (isFromMysql(error) ? MYSQL_UNAVAILABLE.has(parts(error).errno) : !isBug(error)),
}

export const DATABASE_FAULTS: Readonly<Record<DatabaseOptions['driver'], DatabaseFaults>> = {
  sqlite3: sqlite,
  postgresql,
  mysql,
}

const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'EPIPE'],
  // A container's name resolves only once it has started.
  'ENOTFOUND',
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN'],
  // PostgreSQL: starting or stopping, too many connections
  ...['57P01', '57P02', '57P03', '53300'],
])
const TOO_LATE = /in time|time(d )?out|terminated/

/**
 * True when the same call may succeed later without intervention: the server is starting, stopping, overloaded or
 * unreachable.
 */
export function isNobodyThere(error: unknown): boolean {
  return UNREACHABLE.has(codeOf(error)) || (error instanceof Error && TOO_LATE.test(error.message))
}

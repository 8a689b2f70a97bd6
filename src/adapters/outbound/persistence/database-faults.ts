// What the errors of the three drivers mean. Anything that may pass without a change of ours is "unavailable": the
// store is away, slow, full, busy, read only, or not ours to use just now.

import type { DatabaseOptions } from './database-options.ts'

export interface DatabaseFaults {
  /** A unique column has this value already. */
  readonly isDuplicate: (error: unknown) => boolean
  /** Nothing has happened and the same transaction may succeed at once: a deadlock, a conflict of snapshots. */
  readonly isPassing: (error: unknown) => boolean
  /** Nothing has happened and others have the database to themselves: the same may succeed when they are done. */
  readonly isBusy: (error: unknown) => boolean
  readonly isUnavailable: (error: unknown) => boolean
  /** An unavailable one concerns the tables that were asked for, and no others: they are gone, changed or forbidden. */
  readonly isOfTables: (error: unknown) => boolean
  /** Either a mistake of ours or a table that is not as it was left; only a look at the tables can tell. */
  readonly isUnclear: (error: unknown) => boolean
}

interface DriverError {
  readonly name?: unknown
  readonly code?: unknown
  readonly errno?: unknown
  readonly severity?: unknown
  readonly sqlState?: unknown
}

const NOTHING: DriverError = {}
function parts(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? error : NOTHING
}

/** Empty when there is none. */
export function codeOf(error: unknown): string {
  return String(parts(error).code ?? '')
}

/** Mistakes in our own code; drivers speak of everything else in errors of their own or of the system. */
const MISTAKES = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'Refusal'])
export function isMistake(error: unknown): boolean {
  return MISTAKES.has(String(parts(error).name))
}

const SQLITE_UNAVAILABLE =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PERM|PROTOCOL|INTERRUPT|AUTH|NOLFS|SCHEMA)/

/** It has one code for a table that is missing and for a statement that is wrong. */
function isUnclearToSqlite(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_ERROR'
}

const sqlite: DatabaseFaults = {
  isDuplicate: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(codeOf(error)),
  isPassing: (error) => codeOf(error) === 'SQLITE_BUSY_SNAPSHOT',
  isBusy: (error) => /^SQLITE_BUSY(_RECOVERY)?$/.test(codeOf(error)),
  isUnavailable: (error) =>
    codeOf(error).startsWith('SQLITE_') ? SQLITE_UNAVAILABLE.test(codeOf(error)) : !isMistake(error),
  isOfTables: isUnclearToSqlite,
  isUnclear: isUnclearToSqlite,
}

/**
 * Classes and codes of SQLSTATE: connection, credentials, no such database or schema, resources, intervention, system,
 * damage; read only, transactions that took too long, objects in use, conflicts.
 */
const POSTGRESQL_UNAVAILABLE = /^(08|28|3D|3F|53|57|58|XX)|^(25006|25P03|25P04|55000|55006|55P03|40001|40P01|40003)$/
/** No such table or column, no unique index, columns of other types, a missing privilege. */
const POSTGRESQL_TABLES = /^(42P01|42703|42P10|42804|42501)$/

function isFromPostgresql(error: unknown): boolean {
  return typeof parts(error).severity === 'string'
}

const postgresql: DatabaseFaults = {
  isDuplicate: (error) => isFromPostgresql(error) && codeOf(error) === '23505',
  isPassing: (error) => isFromPostgresql(error) && /^(40001|40P01)$/.test(codeOf(error)),
  // The server has waited itself.
  isBusy: () => false,
  isUnavailable: (error) =>
    isFromPostgresql(error)
      ? POSTGRESQL_UNAVAILABLE.test(codeOf(error)) || POSTGRESQL_TABLES.test(codeOf(error))
      : !isMistake(error),
  isOfTables: (error) => isFromPostgresql(error) && POSTGRESQL_TABLES.test(codeOf(error)),
  isUnclear: () => false,
}

/** Numbers of errors that a MySQL or MariaDB server sends. */
const MYSQL_UNAVAILABLE: ReadonlySet<unknown> = new Set([
  // Disk, memory, files and logs that fail, errors of the storage engine
  1015, 1016, 1017, 1018, 1021, 1023, 1024, 1026, 1030, 1037, 1038, 1041, 1114, 1135, 1180, 1598, 1712, 1877,
  // Too many connections, hosts and users that may not come in, privileges
  1040, 1044, 1045, 1049, 1129, 1130, 1203, 1226, 1227, 1698, 3118, 3159,
  // Broken connections and servers that stop
  1047, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 4031,
  // Waiting for too long, deadlocks
  1205, 1213, 1637, 1969, 3024, 3572,
  // Read only
  1223, 1290, 1792, 1836, 3989,
  // A cluster that does not take part, or has decided otherwise
  3100, 3101,
])
/** No such table or column, a missing privilege, tables that are damaged, without their files, or read only. */
const MYSQL_TABLES: ReadonlySet<unknown> = new Set([
  ...[1033, 1034, 1035, 1036, 1054, 1142, 1143, 1146, 1194, 1195, 1412, 1812, 1814, 1932],
])
/** Below are the numbers of what the server's own system told it: a disk that is full, a file that cannot be written. */
const FIRST_MYSQL_ERROR = 1000

function isFromMysql(error: unknown): boolean {
  return typeof parts(error).sqlState === 'string'
}

function isUnavailableNumber(errno: number): boolean {
  return errno < FIRST_MYSQL_ERROR || MYSQL_UNAVAILABLE.has(errno) || MYSQL_TABLES.has(errno)
}

const mysql: DatabaseFaults = {
  isDuplicate: (error) => parts(error).errno === 1062,
  isPassing: (error) => parts(error).errno === 1213,
  isBusy: () => false,
  isUnavailable: (error) => (isFromMysql(error) ? isUnavailableNumber(Number(parts(error).errno)) : !isMistake(error)),
  isOfTables: (error) => isFromMysql(error) && MYSQL_TABLES.has(parts(error).errno),
  isUnclear: () => false,
}

export const DATABASE_FAULTS: Readonly<Record<DatabaseOptions['driver'], DatabaseFaults>> = {
  sqlite3: sqlite,
  postgresql,
  mysql,
}

const NOBODY_THERE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'EPIPE'],
  // A container's name is known from when it starts.
  'ENOTFOUND',
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN'],
  // PostgreSQL: starting or stopping, too many connections
  ...['57P01', '57P02', '57P03', '53300'],
])

/**
 * True when a server may answer the same call later without anybody's doing: it is starting, stopping, overrun or out
 * of reach.
 */
export function isNobodyThere(error: unknown): boolean {
  return NOBODY_THERE.has(codeOf(error))
}

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
  /** The fault concerns the tables of the statement and no others: they are missing, changed or forbidden. */
  readonly isOfTables: (error: unknown) => boolean
  /** Either a bug of ours or a changed table; only inspecting the tables can tell. */
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

/** Empty without a code. */
export function codeOf(error: unknown): string {
  return String(parts(error).code ?? '')
}

/** Bugs in our own code; drivers report everything else with their own or system errors. */
const BUGS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'Refusal'])
export function isBug(error: unknown): boolean {
  return BUGS.has(String(parts(error).name))
}

const SQLITE_UNAVAILABLE =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PERM|PROTOCOL|INTERRUPT|AUTH|NOLFS|SCHEMA)/

/** SQLite has one code for a missing table and for a wrong statement. */
function isUnclearToSqlite(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_ERROR'
}

const sqlite: DatabaseFaults = {
  isDuplicate: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(codeOf(error)),
  isPassing: (error) => codeOf(error) === 'SQLITE_BUSY_SNAPSHOT',
  isBusy: (error) => /^SQLITE_BUSY(_RECOVERY)?$/.test(codeOf(error)),
  isUnavailable: (error) =>
    codeOf(error).startsWith('SQLITE_') ? SQLITE_UNAVAILABLE.test(codeOf(error)) : !isBug(error),
  isOfTables: isUnclearToSqlite,
  isUnclear: isUnclearToSqlite,
}

/**
 * SQLSTATE classes and codes: connection, credentials, unknown database or schema, resources, intervention, system,
 * damage; read only, transactions that took too long, objects in use, conflicts.
 */
const POSTGRESQL_UNAVAILABLE = /^(08|28|3D|3F|53|57|58|XX)|^(25006|25P03|25P04|55000|55006|55P03|40001|40P01|40003)$/
/** Unknown table or column, no unique index, columns of other types, a missing privilege. */
const POSTGRESQL_TABLES = /^(42P01|42703|42P10|42804|42501)$/

function isFromPostgresql(error: unknown): boolean {
  return typeof parts(error).severity === 'string'
}

const postgresql: DatabaseFaults = {
  isDuplicate: (error) => isFromPostgresql(error) && codeOf(error) === '23505',
  isPassing: (error) => isFromPostgresql(error) && /^(40001|40P01)$/.test(codeOf(error)),
  // The server has already waited.
  isBusy: () => false,
  isUnavailable: (error) =>
    isFromPostgresql(error)
      ? POSTGRESQL_UNAVAILABLE.test(codeOf(error)) || POSTGRESQL_TABLES.test(codeOf(error))
      : !isBug(error),
  isOfTables: (error) => isFromPostgresql(error) && POSTGRESQL_TABLES.test(codeOf(error)),
  isUnclear: () => false,
}

/** Error numbers of MySQL and MariaDB servers. */
const MYSQL_UNAVAILABLE: ReadonlySet<unknown> = new Set([
  // Disk, memory, files and logs that fail, errors of the storage engine
  1015, 1016, 1017, 1018, 1021, 1023, 1024, 1026, 1030, 1037, 1038, 1041, 1114, 1135, 1180, 1598, 1712, 1877,
  // Too many connections, hosts and users without access
  1040, 1044, 1045, 1049, 1129, 1130, 1203, 1226, 1227, 1698, 3118, 3159,
  // Broken connections, servers that are stopping
  1047, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 4031,
  // Waiting for too long, deadlocks
  1205, 1213, 1637, 1969, 3024, 3572,
  // Read only
  1223, 1290, 1792, 1836, 3989,
  // A cluster that is not in a state to write, or has rolled back
  3100, 3101,
])
/** Unknown table or column, a missing privilege, tables that are damaged, without files, or read only. */
const MYSQL_TABLES: ReadonlySet<unknown> = new Set([
  ...[1033, 1034, 1035, 1036, 1054, 1142, 1143, 1146, 1194, 1195, 1412, 1812, 1814, 1932],
])
/** Lower numbers are the server's system errors: a full disk, a file that cannot be written. */
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
  isUnavailable: (error) => (isFromMysql(error) ? isUnavailableNumber(Number(parts(error).errno)) : !isBug(error)),
  isOfTables: (error) => isFromMysql(error) && MYSQL_TABLES.has(parts(error).errno),
  isUnclear: () => false,
}

export const DATABASE_FAULTS: Readonly<Record<DatabaseOptions['driver'], DatabaseFaults>> = {
  sqlite3: sqlite,
  postgresql,
  mysql,
}

/** Credentials, an unknown database, and what pgbouncer answers to a refused login. */
const POSTGRESQL_DENIED = /^(28...|3D000|42501|08P01)$/
/** Unknown user, wrong password, unknown database, a host or an account that may not connect. */
const MYSQL_DENIED: ReadonlySet<unknown> = new Set([1044, 1045, 1049, 1130, 1698, 3118, 3159])
/** The client's own words when the password does not fit the server's method; they have no code. */
const PASSWORD_MISMATCH = /^SASL: /

/** The server is there, and refuses the login. */
export function isLoginDenied(error: unknown): boolean {
  if (isFromPostgresql(error)) return POSTGRESQL_DENIED.test(codeOf(error))
  return isFromMysql(error)
    ? MYSQL_DENIED.has(parts(error).errno)
    : error instanceof Error && PASSWORD_MISMATCH.test(error.message)
}

const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'EPIPE'],
  // A container's name resolves only once it has started.
  'ENOTFOUND',
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN'],
  // PostgreSQL: starting or stopping, too many connections
  ...['57P01', '57P02', '57P03', '53300'],
])

/**
 * True when the same call may succeed later without intervention: the server is starting, stopping, overloaded or
 * unreachable.
 */
export function isNobodyThere(error: unknown): boolean {
  return UNREACHABLE.has(codeOf(error))
}

// The differences between the three databases. SQL that is not here is the same for all of them.

import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DatabaseOptions } from './database-options.ts'

type Raw = RawBuilder<unknown>
type SqlCondition = RawBuilder<SqlBool>

export interface SqlDialect {
  /**
   * Rows per statement: below the limits of parameters (SQLite 32,766, PostgreSQL 65,535) and packets (MySQL), and few
   * enough not to block the event loop for long, which SQLite does.
   */
  readonly rowsPerStatement: number
  /** `returning` after insert and delete. MariaDB supports it, MySQL does not. */
  readonly hasReturning: boolean
  /**
   * At the end of a select: locks these rows until the transaction ends. SQLite has only one writer anyway.
   */
  readonly rowLock: Raw
  /** Limits of a statement hold within a transaction only, so that reads need one too. */
  readonly readsInTransactions: boolean
  /**
   * Held to the end of the transaction in which migrations are done; undefined where tables are not made in
   * transactions.
   */
  readonly migrationLock: Raw | undefined
  /**
   * Lets one transaction after the other write many rows of a table, in whatever order each of them needs; held to the
   * transaction's end. Undefined for SQLite, which has one writer. PostgreSQL looks for a deadlock only after a second;
   * MySQL notices one at once, but among many writers the same one may lose again and again.
   */
  readonly writersTurn: ((table: string) => Raw) | undefined

  /** Column types, as in the newest Torrust. */
  readonly id: Raw
  readonly wideId: Raw
  readonly infoHash: Raw
  readonly key: Raw
  readonly metricName: Raw
  readonly wholeNumber: Raw
  readonly freeText: Raw

  /** The type of numbers that is too narrow in older schemas; undefined where numbers have one size. */
  readonly narrowNumber: string | undefined
  readonly widenCount: (table: string, column: string) => Raw
  /** False: a table whose column has to change is recreated with the known columns. */
  readonly canChangeColumns: boolean
  /** Returns rows when a unique index covers exactly this column, in all rows. */
  readonly uniqueIndex: (table: string, column: string) => Raw
  /** In old schemas keys had to expire. */
  readonly letKeysLastForEver: readonly Raw[]

  /** A value to compare with an id. PostgreSQL would give it the column's narrow type, and reject a larger number. */
  readonly asId: (number: number) => RawBuilder<number>
  /**
   * True for a column that is one of these values: in one parameter where possible, because statements with many take
   * long to build.
   */
  readonly isIn: (column: Expression<string>, values: readonly string[]) => SqlCondition
  /** True for a column that is exactly 40 lower-case hex digits. */
  readonly isInfoHash: (column: Expression<string>) => SqlCondition
  readonly isKey: (column: Expression<string>) => SqlCondition
  /** The column as bytes. MySQL's text comparison ignores case. */
  readonly exactly: (column: Raw) => Raw

  /** At the end of an insert of rows that may exist (by `id`): replace these columns, or add to one. */
  readonly replacing: (...columns: readonly string[]) => Raw
  readonly adding: (table: string, column: string) => Raw
  /** The current schema; undefined where there is only one. */
  readonly currentSchema: Raw | undefined
}

const onConflict = {
  replacing: (...columns: readonly string[]): Raw =>
    sql`on conflict (id) do update set ${sql.join(columns.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`))}`,
  adding: (table: string, column: string): Raw =>
    sql`on conflict (id) do update set ${sql.ref(column)} = ${sql.ref(`${table}.${column}`)} + excluded.${sql.ref(column)}`,
}

const sqlite: SqlDialect = {
  rowsPerStatement: 500,
  hasReturning: true,
  rowLock: sql``,
  readsInTransactions: false,
  migrationLock: undefined,
  writersTurn: undefined,
  id: sql`integer primary key autoincrement`,
  wideId: sql`integer primary key autoincrement`,
  infoHash: sql`text`,
  key: sql`text`,
  metricName: sql`text`,
  wholeNumber: sql`integer`,
  freeText: sql`text`,
  narrowNumber: undefined,
  widenCount: () => sql``,
  canChangeColumns: false,
  uniqueIndex: (table, column) => sql`
    select 1 from pragma_index_list(${table}) as found where found."unique" = 1 and found.partial = 0
    and (select count(*) from pragma_index_info(found.name)) = 1
    and (select name from pragma_index_info(found.name)) = ${column}`,
  // SQLite cannot change a column. The id counter moves too, so that no id is ever reused.
  letKeysLastForEver: [
    sql`drop table if exists muster_keys_rebuilt`,
    sql`create table muster_keys_rebuilt (id integer primary key autoincrement, key text not null unique, valid_until integer)`,
    sql`insert into muster_keys_rebuilt (id, key, valid_until) select id, key, valid_until from keys`,
    sql`insert into sqlite_sequence (name, seq) select 'muster_keys_rebuilt', seq from sqlite_sequence
        where name = 'keys' and not exists (select 1 from sqlite_sequence where name = 'muster_keys_rebuilt')`,
    sql`update sqlite_sequence set seq = max(seq, coalesce((select seq from sqlite_sequence where name = 'keys'), 0))
        where name = 'muster_keys_rebuilt'`,
    sql`drop table keys`,
    sql`alter table muster_keys_rebuilt rename to keys`,
  ],
  asId: (number) => sql`${number}`,
  isIn: (column, values) => sql`${column} in (select value from json_each(${JSON.stringify(values)}))`,
  isInfoHash: (column) => sql`(length(${column}) = 40 and ${column} not glob '*[^0-9a-f]*')`,
  isKey: (column) => sql`(length(${column}) = 32 and ${column} not glob '*[^0-9A-Za-z]*')`,
  exactly: (column) => column,
  ...onConflict,
  currentSchema: undefined,
}

const postgresql: SqlDialect = {
  rowsPerStatement: 1000,
  hasReturning: true,
  rowLock: sql`for update`,
  readsInTransactions: true,
  // The number is that of Kysely's own lock.
  migrationLock: sql`select pg_advisory_xact_lock(3853314791062309107)`,
  // Any number that no other program uses; the table's own is its place in the catalogue.
  writersTurn: (table) =>
    sql`select pg_advisory_xact_lock(1836415092, to_regclass(quote_ident(${table}))::oid::bigint::bit(32)::int)`,
  id: sql`serial primary key`,
  wideId: sql`bigint generated by default as identity primary key`,
  infoHash: sql`varchar(40)`,
  key: sql`varchar(32)`,
  metricName: sql`varchar(50)`,
  wholeNumber: sql`bigint`,
  freeText: sql`text`,
  narrowNumber: 'int4',
  widenCount: (table, column) => sql`alter table ${sql.table(table)} alter column ${sql.ref(column)} type bigint`,
  canChangeColumns: true,
  uniqueIndex: (table, column) => sql`
    select 1 from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where indrelid = to_regclass(quote_ident(current_schema()) || '.' || quote_ident(${table})) and attname = ${column}
    and indisunique and indisvalid and indimmediate and indnkeyatts = 1 and indpred is null`,
  letKeysLastForEver: [
    sql`alter table keys alter column valid_until type bigint, alter column valid_until drop not null`,
  ],
  asId: (number) => sql`cast(${number} as bigint)`,
  isIn: (column, values) => sql`${column} = any(${values})`,
  isInfoHash: (column) => sql`${column} ~ '^[0-9a-f]{40}$'`,
  isKey: (column) => sql`${column} ~ '^[0-9A-Za-z]{32}$'`,
  exactly: (column) => column,
  ...onConflict,
  currentSchema: sql`select current_schema() as name`,
}

const mysql: SqlDialect = {
  rowsPerStatement: 1000,
  hasReturning: false,
  rowLock: sql`for update`,
  readsInTransactions: false,
  migrationLock: undefined,
  // A row that is always there. Locks by name belong to a connection, which a pooler may change.
  writersTurn: () => sql`select last_batch from muster_flushes where id = 1 for update`,
  id: sql`integer primary key auto_increment`,
  wideId: sql`bigint primary key auto_increment`,
  infoHash: sql`varchar(40)`,
  key: sql`varchar(32)`,
  metricName: sql`varchar(50)`,
  wholeNumber: sql`bigint`,
  freeText: sql`text character set utf8mb4`,
  narrowNumber: 'int',
  widenCount: (table, column) =>
    sql`alter table ${sql.table(table)} modify ${sql.ref(column)} bigint not null default 0`,
  canChangeColumns: true,
  uniqueIndex: (table, column) => sql`
    select index_name from information_schema.statistics
    where table_schema = database() and table_name = ${table} and non_unique = 0
    group by index_name having count(*) = 1 and max(column_name) = ${column} and max(sub_part) is null`,
  // Torrust still has 32 bits here, which end in 2038; it reads 64 just as well.
  letKeysLastForEver: [sql`alter table ${sql.table('keys')} modify valid_until bigint null`],
  asId: (number) => sql`${number}`,
  isIn: (column, values) => sql`${column} in (${sql.join(values)})`,
  isInfoHash: (column) => sql`${column} regexp '^[0-9a-f]{40}$'`,
  isKey: (column) => sql`${column} regexp '^[0-9A-Za-z]{32}$'`,
  exactly: (column) => sql`cast(${column} as binary)`,
  replacing: (...columns) =>
    sql`on duplicate key update ${sql.join(columns.map((name) => sql`${sql.ref(name)} = values(${sql.ref(name)})`))}`,
  adding: (table, column) =>
    sql`on duplicate key update ${sql.ref(column)} = ${sql.ref(`${table}.${column}`)} + values(${sql.ref(column)})`,
  currentSchema: undefined,
}

export const SQL_DIALECTS: Readonly<Record<DatabaseOptions['driver'], SqlDialect>> = {
  sqlite3: sqlite,
  postgresql,
  mysql,
}

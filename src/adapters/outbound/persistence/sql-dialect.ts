// Wherein the three databases differ, each fact by its name. What is not here is said the same way to all of them.

import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DatabaseOptions } from './database-options.ts'

type Raw = RawBuilder<unknown>
type SqlCondition = RawBuilder<SqlBool>

export interface SqlDialect {
  /**
   * Rows that go into one statement: below the limit of parameters (SQLite 32,766, PostgreSQL 65,535) and of a packet
   * (MySQL), and short enough for the event loop, which waits for SQLite.
   */
  readonly rowsPerStatement: number
  /** `returning` after insert and delete. MariaDB has it, MySQL has not. */
  readonly hasReturning: boolean
  /**
   * At the end of a select: nobody else may change these rows before the transaction ends. SQLite has one writer
   * anyway.
   */
  readonly rowLock: Raw
  /** Limits of a statement hold within a transaction only, so that reads need one too. */
  readonly readsInTransactions: boolean
  /**
   * Held to the end of the transaction in which migrations are done; undefined where tables are not made in
   * transactions.
   */
  readonly migrationLock: Raw | undefined

  /** Types of columns, as the newest Torrust has them. */
  readonly id: Raw
  readonly wideId: Raw
  readonly infoHash: Raw
  readonly key: Raw
  readonly metricName: Raw
  readonly wholeNumber: Raw
  readonly freeText: Raw

  /** Type of numbers that are too small in older structures; undefined where numbers have one size. */
  readonly narrowNumber: string | undefined
  readonly widenCount: (table: string, column: string) => Raw
  /** False: a table whose column has to change is made anew, from the columns that are known. */
  readonly canChangeColumns: boolean
  /** One row or more when this column, alone and of every row, is in a unique index. */
  readonly uniqueIndex: (table: string, column: string) => Raw
  /** Old keys had to expire. */
  readonly letKeysLastForEver: readonly Raw[]

  /** What an id is compared with. PostgreSQL would take it for as narrow as its column, and refuse a larger number. */
  readonly asId: (number: number) => RawBuilder<number>
  /**
   * True for a column that is one of these: in one parameter where that can be, because a statement of many takes long
   * to build.
   */
  readonly isIn: (column: Expression<string>, values: readonly string[]) => SqlCondition
  /** True for a column that is exactly 40 lower-case hex digits. */
  readonly isInfoHash: (column: Expression<string>) => SqlCondition
  readonly isKey: (column: Expression<string>) => SqlCondition
  /** The column as bytes. Texts of MySQL are the same when they differ in case only. */
  readonly exactly: (column: Raw) => Raw

  /** At the end of an insert of rows that are there (by `id`): take over or add up one column. */
  readonly replacing: (table: string, column: string) => Raw
  readonly adding: (table: string, column: string) => Raw
  /** The schema that is looked at; undefined where there is one only. */
  readonly currentSchema: Raw | undefined
}

const onConflict = {
  replacing: (_table: string, column: string): Raw =>
    sql`on conflict (id) do update set ${sql.ref(column)} = excluded.${sql.ref(column)}`,
  adding: (table: string, column: string): Raw =>
    sql`on conflict (id) do update set ${sql.ref(column)} = ${sql.ref(`${table}.${column}`)} + excluded.${sql.ref(column)}`,
}

const sqlite: SqlDialect = {
  rowsPerStatement: 500,
  hasReturning: true,
  rowLock: sql``,
  readsInTransactions: false,
  migrationLock: undefined,
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
  // SQLite cannot change a column. The counter of ids moves too: no id is ever given twice.
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
  // Torrust has 32 bits here to this day, which end in 2038; it reads 64 just as well.
  letKeysLastForEver: [sql`alter table ${sql.table('keys')} modify valid_until bigint null`],
  asId: (number) => sql`${number}`,
  isIn: (column, values) => sql`${column} in (${sql.join(values)})`,
  isInfoHash: (column) => sql`${column} regexp '^[0-9a-f]{40}$'`,
  isKey: (column) => sql`${column} regexp '^[0-9A-Za-z]{32}$'`,
  exactly: (column) => sql`cast(${column} as binary)`,
  replacing: (_table, column) => sql`on duplicate key update ${sql.ref(column)} = values(${sql.ref(column)})`,
  adding: (table, column) =>
    sql`on duplicate key update ${sql.ref(column)} = ${sql.ref(`${table}.${column}`)} + values(${sql.ref(column)})`,
  currentSchema: undefined,
}

export const SQL_DIALECTS: Readonly<Record<DatabaseOptions['driver'], SqlDialect>> = {
  sqlite3: sqlite,
  postgresql,
  mysql,
}

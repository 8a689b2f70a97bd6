// Runs plain SQL, bypassing all code under test.

import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { DatabaseOptions, NetworkOptions } from '../../src/adapters/outbound/persistence/database-options.ts'

export type RawRow = Readonly<Record<string, unknown>>

/** Runs the statements in order; resolves with the rows of the last one. */
export async function runSql(options: DatabaseOptions, ...statements: readonly string[]): Promise<readonly RawRow[]> {
  if (options.driver === 'sqlite3') return runSqlite(options.path, statements)
  return options.driver === 'mysql' ? runMysql(options, statements) : runPostgresql(options, statements)
}

function runSqlite(path: string, statements: readonly string[]): readonly RawRow[] {
  const database = new Sqlite(path)
  try {
    return (
      statements
        .map((statement) => {
          const prepared = database.prepare<[], RawRow>(statement)
          if (prepared.reader) return prepared.all()
          prepared.run()
          return []
        })
        .at(-1) ?? []
    )
  } finally {
    database.close()
  }
}

async function runPostgresql(
  { tls, ...options }: NetworkOptions,
  statements: readonly string[],
): Promise<readonly RawRow[]> {
  const client = new pg.Client({ ...options, ssl: tls.mode === 'off' ? false : { rejectUnauthorized: false } })
  await client.connect()
  try {
    let rows: readonly RawRow[] = []
    for (const statement of statements) rows = (await client.query<RawRow>(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

async function runMysql(options: NetworkOptions, statements: readonly string[]): Promise<readonly RawRow[]> {
  const { host, port, user, password, database } = options
  const connection = await mysql.createConnection({ host, port, user, password, database, supportBigNumbers: true })
  try {
    let rows: readonly RawRow[] = []
    for (const statement of statements) {
      const [result] = await connection.query<mysql.RowDataPacket[] | mysql.ResultSetHeader>(statement)
      rows = Array.isArray(result) ? result : []
    }
    return rows
  } finally {
    await connection.end()
  }
}

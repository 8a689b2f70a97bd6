// Reads tables of another system on a MySQL or MariaDB server, row by row, without changing anything.

import mysql, { type RowDataPacket } from 'mysql2'
import type { NetworkOptions } from './database-options.ts'
import { mysqlTls } from './mysql-dialect.ts'

const TIMEOUT_MS = 30_000
/** Rows that wait to be taken. */
const BUFFERED_ROWS = 1000

type Values = readonly (string | null)[]

/** Methods reject when the server fails, or is silent for half a minute. */
export class MysqlTables {
  readonly #connection: mysql.Connection

  private constructor(connection: mysql.Connection) {
    this.#connection = connection
  }

  static async open(options: Omit<NetworkOptions, 'driver' | 'poolSize'>): Promise<MysqlTables> {
    const { tls: _, ...server } = options
    const connection = mysql.createConnection({
      ...server,
      ...(await mysqlTls(options)),
      connectTimeout: TIMEOUT_MS,
      charset: 'utf8mb4',
      rowsAsArray: true,
      // The bytes of every value, whatever its type.
      typeCast: (field) => field.buffer()?.toString('latin1') ?? null,
    })
    // Errors between queries have nobody to report to; the next query reports them.
    connection.on('error', () => undefined)
    const tables = new MysqlTables(connection)
    try {
      await tables.#all('set session transaction read only', [])
    } catch (error) {
      connection.destroy()
      throw error
    }
    return tables
  }

  async columnsOf(table: string): Promise<readonly string[]> {
    const rows = await this.#all(
      'select column_name from information_schema.columns where table_schema = database() and table_name = ?',
      [table],
    )
    return rows.flatMap(([name]) => name ?? [])
  }

  async *rows(table: string, columns: readonly string[]): AsyncGenerator<Values> {
    const names = columns.map((name) => mysql.escapeId(name)).join(', ')
    const stream = this.#connection
      .query<RowDataPacket[]>(`select ${names} from ${mysql.escapeId(table)}`)
      .stream({ highWaterMark: BUFFERED_ROWS })
    // The stream does not hear of a lost connection by itself. It is told without being destroyed, so that the rows
    // that have arrived are still taken.
    const fail = (error: Error) => void stream.emit('error', error)
    this.#connection.on('error', fail)
    try {
      const rows: AsyncIterator<Values> = stream[Symbol.asyncIterator]()
      for (;;) {
        const next = await inTime(rows.next())
        if (next.done) return
        yield next.value
      }
    } finally {
      this.#connection.off('error', fail)
    }
  }

  async close(): Promise<void> {
    this.#connection.destroy()
  }

  #all(sql: string, values: readonly string[]): Promise<readonly Values[]> {
    return inTime(
      new Promise((resolve, reject) => {
        this.#connection.query(sql, [...values], (error: Error | null, rows: unknown) => {
          if (error === null) resolve(Array.isArray(rows) ? rows : [])
          else reject(error)
        })
      }),
    )
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

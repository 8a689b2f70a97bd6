// PostgreSQL via pg: a pool in which nothing waits indefinitely.

import { PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { type NetworkOptions, timeoutOf } from './database-options.ts'
import { loadTlsOptions } from './network-tls.ts'

const INT8 = 20
/** The server cancels statements that take too long; the client waits a little longer for that error. */
const GRACE_MILLISECONDS = 500
const IDLE_MILLISECONDS = 30_000
const FORGOTTEN_TRANSACTION_MILLISECONDS = 60_000

/** `timeoutMilliseconds` applies to a statement. */
export async function postgresqlDialect(
  options: NetworkOptions,
  timeoutMilliseconds: number,
  connectionLost: (error: Error) => void,
): Promise<PostgresDialect> {
  const tls = await loadTlsOptions(options.tls)
  const pool = new pg.Pool({
    host: options.host,
    port: options.port,
    user: options.user,
    password: options.password,
    database: options.database,
    ssl: tls ?? false,
    max: options.poolSize,
    application_name: 'muster',
    connectionTimeoutMillis: timeoutOf(options),
    statement_timeout: timeoutMilliseconds,
    query_timeout: timeoutMilliseconds + GRACE_MILLISECONDS,
    idle_in_transaction_session_timeout: FORGOTTEN_TRANSACTION_MILLISECONDS,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    keepAlive: true,
    // Counts stay far below 2^53.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // Each connection emits its own error when it breaks; the pool emits one for idle connections only. Unhandled, either
  // would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', connectionLost))
  return new PostgresDialect({
    pool: { options: pool.options, connect: async () => bounded(await pool.connect()), end: () => pool.end() },
  })
}

/** A connection that times out is cut, so that it is not reused while its answer is still pending. */
function bounded(client: pg.PoolClient): PostgresPoolClient {
  let isLate = false
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    if (isLate) throw new Error('the connection was cut')
    try {
      return await client.query(text, [...values])
    } catch (error) {
      isLate = error instanceof Error && error.message === 'Query read timeout'
      throw error
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy === true || isLate),
  }
}

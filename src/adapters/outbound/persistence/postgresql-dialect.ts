// PostgreSQL through pg, with time limits on everything. Nothing is set or locked beyond a transaction, because a
// pooler such as pgbouncer may run the next one on another connection to the server.

import {
  CompiledQuery,
  type DialectAdapter,
  type Driver,
  PostgresAdapter,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type PostgresPoolClient,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import { errorMessage } from '../../../domain/error-message.ts'
import { asConnectionFault, ConnectionFault, withinTime } from './connection-fault.ts'
import { codeOf } from './database-faults.ts'
import { type NetworkOptions, timeoutOf } from './database-options.ts'
import { loadTlsOptions } from './network-tls.ts'

const INT8 = 20
/** The server cancels statements that take too long; the client waits a little longer for that error. */
const GRACE_MILLISECONDS = 500
const IDLE_MILLISECONDS = 30_000
const FORGOTTEN_TRANSACTION_MILLISECONDS = 60_000

type Connection = Parameters<PostgresDriver['rollbackTransaction']>[0]

/** Poolers refuse logins with settings that they do not know, so each transaction sets its own limits. */
class LimitedDriver extends PostgresDriver {
  readonly #begin: string

  constructor(config: PostgresDialectConfig, timeoutMilliseconds: number) {
    super(config)
    this.#begin = `begin; set local statement_timeout = ${timeoutMilliseconds};
      set local idle_in_transaction_session_timeout = ${FORGOTTEN_TRANSACTION_MILLISECONDS}`
  }

  override async beginTransaction(connection: Connection, settings: TransactionSettings): Promise<void> {
    if (settings.isolationLevel !== undefined || settings.accessMode !== undefined) {
      throw new TypeError('transactions have no settings of their own')
    }
    try {
      await connection.executeQuery(CompiledQuery.raw(this.#begin))
    } catch (error) {
      // The transaction may have begun, and the next user of the connection would be inside it.
      await this.rollbackTransaction(connection).catch(() => {})
      throw error
    }
  }
}

/** Kysely's lock belongs to a connection; behind a pooler another connection may be asked to release it. */
class UnlockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

class LimitedDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig
  readonly #timeoutMilliseconds: number

  constructor(config: PostgresDialectConfig, timeoutMilliseconds: number) {
    super(config)
    this.#config = config
    this.#timeoutMilliseconds = timeoutMilliseconds
  }

  override createDriver(): Driver {
    return new LimitedDriver(this.#config, this.#timeoutMilliseconds)
  }

  override createAdapter(): DialectAdapter {
    return new UnlockedAdapter()
  }
}

/** `timeoutMilliseconds` applies to a statement. */
export async function postgresqlDialect(
  options: NetworkOptions,
  timeoutMilliseconds: number,
  connectionLost: (error: Error) => void,
): Promise<PostgresDialect> {
  const tls = await loadTlsOptions(options.tls)
  const connectMilliseconds = timeoutOf(options)
  const pool = new pg.Pool({
    host: options.host,
    port: options.port,
    user: options.user,
    password: options.password,
    database: options.database,
    ssl: tls ?? false,
    max: options.poolSize,
    application_name: 'muster',
    connectionTimeoutMillis: connectMilliseconds + GRACE_MILLISECONDS,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    keepAlive: true,
    // Counts stay far below 2^53.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // Each connection emits its own error when it breaks; the pool emits one for idle connections only. Unhandled, either
  // would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', connectionLost))
  const connect = async (): Promise<PostgresPoolClient> => {
    try {
      const client = await withinTime(pool.connect(), connectMilliseconds, (late) => late.release())
      return bounded(client, timeoutMilliseconds + GRACE_MILLISECONDS)
    } catch (error) {
      // With TLS the reason may be that the server has none, which is not transient.
      throw tls === undefined ? asConnectionFault(error) : error
    }
  }
  return new LimitedDialect({ pool: { options: pool.options, connect, end: () => pool.end() } }, timeoutMilliseconds)
}

/** A connection that times out is cut, so that it is not reused while its answer is still pending. */
function bounded(client: pg.PoolClient, timeoutMilliseconds: number): PostgresPoolClient {
  let cut: ConnectionFault | undefined
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    if (cut !== undefined) throw cut
    try {
      return await withinTime(client.query(text, [...values]), timeoutMilliseconds)
    } catch (error) {
      const fault = codeOf(error) === PROTOCOL_VIOLATION ? serverGone(error) : asConnectionFault(error)
      if (fault instanceof ConnectionFault) cut = fault
      throw fault
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy === true || cut !== undefined),
  }
}

/** At a login pgbouncer uses this code for refusals; on a statement it means that the server is unreachable. */
const PROTOCOL_VIOLATION = '08P01'
function serverGone(cause: unknown): ConnectionFault {
  return new ConnectionFault('ECONNRESET', errorMessage(cause), cause)
}

// MySQL and MariaDB via mysql2: a pool in which nothing waits indefinitely.

import { MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import mysql from 'mysql2'
import { ConnectionFault } from './connection-fault.ts'
import { type NetworkOptions, timeoutOf } from './database-options.ts'
import { loadTlsOptions } from './network-tls.ts'

const IDLE_MILLISECONDS = 30_000
const IP_ADDRESS = /^[\d.]+$|:/

/** `timeoutMilliseconds` applies to a statement. */
export async function mysqlDialect(
  options: NetworkOptions,
  timeoutMilliseconds: number,
  connectionLost: (error: Error) => void,
): Promise<MysqlDialect> {
  const tls = await mysqlTls(options)
  const connectMilliseconds = timeoutOf(options)
  const pool = mysql.createPool({
    host: options.host,
    port: options.port,
    user: options.user,
    password: options.password,
    database: options.database,
    ...tls,
    connectionLimit: options.poolSize,
    maxIdle: options.poolSize,
    idleTimeout: IDLE_MILLISECONDS,
    connectTimeout: connectMilliseconds,
    enableKeepAlive: true,
    supportBigNumbers: true,
    charset: 'utf8mb4',
    timezone: 'Z',
  })
  pool.on('connection', (connection) => connection.on('error', connectionLost))
  return new MysqlDialect({ pool: bounded(pool, connectMilliseconds, timeoutMilliseconds) })
}

/** The driver's option for TLS, if it is on. */
export async function mysqlTls({ host, tls: options }: Pick<NetworkOptions, 'host' | 'tls'>) {
  const tls = await loadTlsOptions(options)
  if (tls === undefined) return {}
  // mysql2 only compares names: for an IP address it would accept any certificate of the authority.
  if (tls.rejectUnauthorized && IP_ADDRESS.test(host)) {
    throw new Error(`to verify the certificate, ${host} must be given by the name in its certificate`)
  }
  return { ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized } }
}

/**
 * Texts are escaped for exactly this `sql_mode`. A statement that waits for a lock must end on the server before the
 * client gives up. Without gap locks, writers of the same entry do not block each other.
 */
function sessionSettings(timeoutMilliseconds: number): readonly string[] {
  return [
    `set session sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
       innodb_lock_wait_timeout = ${Math.max(1, Math.floor(timeoutMilliseconds / 1000) - 1)}`,
    'set session transaction isolation level read committed',
  ]
}

/** Hands out connections with their settings applied; a connection that rejects them is never used. */
function settled(pool: mysql.Pool, timeoutMilliseconds: number): GetConnection {
  const isSettled = new WeakSet<mysql.PoolConnection>()
  const settle = (connection: mysql.PoolConnection, [sql, ...further]: readonly string[], done: Got): void => {
    if (sql === undefined) {
      isSettled.add(connection)
      done(null, connection)
      return
    }
    connection.query({ sql, timeout: timeoutMilliseconds }, (error) => {
      if (error === null) return settle(connection, further, done)
      connection.destroy()
      done(error, NONE)
    })
  }
  return (done) =>
    pool.getConnection((error, connection) => {
      if (error) done(error, NONE)
      else settle(connection, isSettled.has(connection) ? [] : sessionSettings(timeoutMilliseconds), done)
    })
}

type Got = (error: Error | null, connection: mysql.PoolConnection) => void
type GetConnection = (done: Got) => void

function bounded(pool: mysql.Pool, connectMilliseconds: number, timeoutMilliseconds: number): MysqlPool {
  const get = settled(pool, timeoutMilliseconds)
  return {
    getConnection(done) {
      let isTooLate = false
      const timer = setTimeout(() => {
        isTooLate = true
        done(new ConnectionFault('ETIMEDOUT', `no connection within ${connectMilliseconds} ms`), NONE)
      }, connectMilliseconds)
      get((error, connection) => {
        clearTimeout(timer)
        if (isTooLate) connection?.release()
        else if (error) done(error, NONE)
        else done(null, boundedConnection(connection, timeoutMilliseconds))
      })
    },
    end: (done) => pool.end(done),
  }
}

/** Passed along with an error, where it is ignored. */
const NONE = undefined as never

/** A connection that times out is cut, so that it is not reused while its answer is still pending. */
function boundedConnection(connection: mysql.PoolConnection, timeoutMilliseconds: number): MysqlPoolConnection {
  return {
    config: connection.config,
    threadId: connection.threadId,
    connect: () => {},
    destroy: () => connection.destroy(),
    release: () => connection.release(),
    query(text, values, done) {
      connection.query<mysql.RowDataPacket[] | mysql.ResultSetHeader>(
        { sql: text, values, timeout: timeoutMilliseconds },
        (error, result) => {
          if (error?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') connection.destroy()
          done?.(error, result)
        },
      )
      return { stream: nothingStreams }
    },
  }
}
function nothingStreams(): never {
  throw new TypeError('pages, not streams')
}

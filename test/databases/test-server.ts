// A database server for tests, started here or external.

import type { NetworkOptions } from '../../src/adapters/outbound/persistence/database-options.ts'
import type { ChildServer } from './child-server.ts'

export interface TestServer {
  /** How to reach a database of this name. */
  readonly options: (database: string) => NetworkOptions
  /** A database that always exists, used to create others. */
  readonly firstDatabase: string
  /** Undefined for an external server. */
  readonly process: ChildServer | undefined
  readonly stop: () => Promise<void>
}

export interface ServerFiles {
  readonly certificate: string
  readonly key: string
}

export interface TestServerOptions {
  /** Serve TLS with this pair. */
  readonly tls?: ServerFiles
  /**
   * Commits reach the disk, as in production; otherwise they only reach the operating system, which survives a kill.
   */
  readonly isDurable?: boolean
  /** PostgreSQL only: a disk of 1 MiB at this path, which only the server has. Needs root on Linux. */
  readonly smallDiskAt?: string
}

export const PASSWORD = 'a pass:word/of@tests'
export const USER = 'muster'

/** An external server, from an address like `postgresql://user:password@host:port/database`. */
export function externalServer(driver: NetworkOptions['driver'], address: string): TestServer {
  const url = new URL(address)
  const server = {
    driver,
    host: url.hostname,
    port: Number(url.port === '' ? (driver === 'mysql' ? 3306 : 5432) : url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    tls: { mode: 'off' },
    poolSize: 10,
  } as const
  return {
    options: (database) => ({ ...server, database }),
    firstDatabase: url.pathname.slice(1) || (driver === 'mysql' ? 'mysql' : 'postgres'),
    process: undefined,
    stop: async () => {},
  }
}

export function localServer(driver: NetworkOptions['driver'], port: number) {
  return (database: string): NetworkOptions => ({
    driver,
    host: '127.0.0.1',
    port,
    user: USER,
    password: PASSWORD,
    database,
    tls: { mode: 'off' },
    poolSize: 10,
  })
}

// Runs a suite on each of the three databases. Servers are those of MUSTER_TEST_POSTGRESQL_URL and
// MUSTER_TEST_MYSQL_URL, or are started here from Debian's packages, one for each test file. An unavailable database is
// skipped with a warning, or fails when CI is set.

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals'
import type { DatabaseOptions } from '../../src/adapters/outbound/persistence/database-options.ts'
import { makeFolder, removeFolder } from './child-server.ts'
import { isMariadbInstalled, startMariadb } from './mariadb-server.ts'
import { isPgbouncerInstalled, startPgbouncer } from './pgbouncer.ts'
import { postgresqlPrograms, startPostgresql } from './postgresql-server.ts'
import { runSql } from './raw-database.ts'
import { externalServer, type TestServer, type TestServerOptions } from './test-server.ts'

export type DialectName = DatabaseOptions['driver']
const DIALECTS: readonly DialectName[] = ['sqlite3', 'postgresql', 'mysql']
const SERVERS = ['postgresql', 'mysql'] as const

/** A database test may have to start a server, wait for a lock, or share the machine with other tests. */
const TIMEOUT_MILLISECONDS = 60_000

interface Source {
  readonly address: string | undefined
  readonly isInstalled: () => boolean
  readonly start: (options?: TestServerOptions) => Promise<TestServer>
  readonly packages: string
}

const SOURCES: Readonly<Record<(typeof SERVERS)[number], Source>> = {
  postgresql: {
    address: process.env['MUSTER_TEST_POSTGRESQL_URL'],
    isInstalled: () => postgresqlPrograms() !== undefined,
    start: startPostgresql,
    packages: 'postgresql',
  },
  mysql: {
    address: process.env['MUSTER_TEST_MYSQL_URL'],
    isInstalled: isMariadbInstalled,
    start: startMariadb,
    packages: 'mariadb-server',
  },
}

/** Databases of one kind, each fresh and separate from the others. */
export class TestDatabases {
  readonly dialect: DialectName
  #server: TestServer | undefined
  #folder = ''
  readonly #made: string[] = []

  constructor(dialect: DialectName) {
    this.dialect = dialect
  }

  async start(): Promise<void> {
    this.#folder = makeFolder('databases', undefined)
    if (this.dialect === 'sqlite3') return
    const { address, start } = SOURCES[this.dialect]
    this.#server = address === undefined ? await start() : externalServer(this.dialect, address)
  }

  /** An empty database for the caller alone. */
  async create(): Promise<DatabaseOptions> {
    const name = `muster_${randomUUID().replaceAll('-', '')}`
    if (this.#server === undefined) return { driver: 'sqlite3', path: join(this.#folder, 'made', `${name}.db`) }
    await runSql(this.#server.options(this.#server.firstDatabase), `create database ${name}`)
    this.#made.push(name)
    return this.#server.options(name)
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server !== undefined && server.process === undefined) {
      await runSql(server.options(server.firstDatabase), ...this.#made.map((name) => `drop database ${name}`))
    }
    await server?.stop()
    removeFolder(this.#folder)
  }
}

/** One `describe` for each database, with its server started before and stopped after. */
export function overDatabases(title: string, suite: (databases: TestDatabases) => void): void {
  for (const dialect of DIALECTS) onDatabase(`${title}, ${dialect}`, dialect, suite)
}

/** The same on one of them. */
export function onDatabase(title: string, dialect: DialectName, suite: (databases: TestDatabases) => void): void {
  onServer(title, dialect, 'any', () => {
    const databases = new TestDatabases(dialect)
    beforeAll(() => databases.start())
    afterAll(() => databases.stop())
    suite(databases)
  })
}

/** The same for tests that control the server: it is always started here. */
export function overServers(
  title: string,
  optionsOf: () => TestServerOptions,
  suite: (server: () => TestServer) => void,
): void {
  for (const dialect of SERVERS) {
    onServer(`${title}, ${dialect}`, dialect, 'own', () => {
      let server: TestServer
      beforeAll(async () => {
        server = await SOURCES[dialect].start(optionsOf())
      })
      afterAll(() => server.stop())
      suite(() => server)
    })
  }
}

/** Behind pgbouncer, before a PostgreSQL server of our own; once for each pool mode. */
export function overPoolers(
  title: string,
  suite: (pooled: () => { server: TestServer; pooler: TestServer }) => void,
): void {
  const problem = isPgbouncerInstalled() ? missingServer(SOURCES.postgresql, 'own') : installing('pgbouncer')
  for (const mode of ['session', 'transaction'] as const) {
    describeUnless(problem, `${title}, pooled by ${mode}`, () => {
      let server: TestServer
      let pooler: TestServer
      beforeAll(async () => {
        server = await SOURCES.postgresql.start()
        pooler = await startPgbouncer(server, mode)
      })
      afterAll(async () => {
        await pooler.stop()
        await server.stop()
      })
      suite(() => ({ server, pooler }))
    })
  }
}

function onServer(title: string, dialect: DialectName, owner: 'any' | 'own', suite: () => void): void {
  describeUnless(dialect === 'sqlite3' ? undefined : missingServer(SOURCES[dialect], owner), title, suite)
}

function describeUnless(problem: string | undefined, title: string, suite: () => void): void {
  jest.setTimeout(TIMEOUT_MILLISECONDS)
  if (problem === undefined) describe(title, suite)
  else if (process.env['CI'] === undefined) {
    console.warn(`SKIPPED: ${title}. ${problem}`)
    describe.skip(title, suite)
  } else {
    it(title, () => {
      throw new Error(problem)
    })
  }
}

function missingServer({ address, isInstalled, packages }: Source, owner: 'any' | 'own'): string | undefined {
  return isInstalled() || (owner === 'any' && address !== undefined) ? undefined : installing(packages)
}

function installing(packages: string): string {
  return `No server is installed: apt-get install ${packages}`
}

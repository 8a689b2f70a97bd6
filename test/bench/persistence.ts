// The three databases side by side, with the operations of Torrust's persistence benchmark.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseOptions } from '../../src/adapters/outbound/persistence/database-options.ts'
import { openDatabase } from '../../src/adapters/outbound/persistence/open-database.ts'
import { isMariadbInstalled, startMariadb } from '../databases/mariadb-server.ts'
import { postgresqlPrograms, startPostgresql } from '../databases/postgresql-server.ts'
import { runSql } from '../databases/raw-database.ts'
import type { TestServer } from '../databases/test-server.ts'
import { IGNORED_OUTAGES } from '../fakes/ignored-outages.ts'
import { type Bench, CannotRun, fixed, median, numberOf, progress, type Report, type Table } from './bench.ts'
import { operations } from './persistence/operations.ts'

const DATABASE = 'bench'
const DRIVERS = ['sqlite3', 'mysql', 'postgresql'] as const
type Driver = (typeof DRIVERS)[number]

interface DriverFigures {
  readonly driver: Driver
  readonly version: string
  readonly operations: readonly { readonly name: string; readonly call: string; readonly medianUs: number }[]
  readonly totalMs: number
}

async function measure(options: DatabaseOptions, version: string, count: number): Promise<DriverFigures> {
  const database = await openDatabase(options, {
    clock: { wallSeconds: () => 0 },
    ...IGNORED_OUTAGES,
    connectionLost: console.error,
  })
  const began = performance.now()
  const results: { name: string; call: string; medianUs: number }[] = []
  for (const { name, call, run } of operations(database)) {
    const times: number[] = []
    for (let number = 0; number < count; number++) {
      const start = performance.now()
      await run(number)
      times.push((performance.now() - start) * 1000)
    }
    results.push({ name, call, medianUs: median(times) })
  }
  const totalMs = performance.now() - began
  await database.close()
  return { driver: options.driver, version, operations: results, totalMs }
}

const VERSION_QUERIES = {
  sqlite3: 'select sqlite_version() as v',
  mysql: 'select version() as v',
  postgresql: 'show server_version',
}

async function versionOf(options: DatabaseOptions): Promise<string> {
  const [row = {}] = await runSql(options, VERSION_QUERIES[options.driver])
  return /^[\d.]+(-MariaDB)?/.exec(String(Object.values(row)[0]))?.[0] ?? ''
}

async function measureSqlite(count: number): Promise<DriverFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const options = { driver: 'sqlite3', path: join(folder, 'bench.db') } as const
  try {
    return await measure(options, await versionOf(options), count)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measureServer(start: () => Promise<TestServer>, count: number): Promise<DriverFigures> {
  const server = await start()
  try {
    const first = server.options(server.firstDatabase)
    await runSql(first, `create database ${DATABASE}`)
    return await measure(server.options(DATABASE), await versionOf(first), count)
  } finally {
    await server.stop()
  }
}

function measureDriver(driver: Driver, count: number): Promise<DriverFigures> {
  if (driver === 'sqlite3') return measureSqlite(count)
  if (driver === 'mysql') {
    if (!isMariadbInstalled()) throw new CannotRun('MariaDB is not installed: apt-get install mariadb-server')
    return measureServer(() => startMariadb({ isDurable: true }), count)
  }
  if (postgresqlPrograms() === undefined) throw new CannotRun('PostgreSQL is not installed: apt-get install postgresql')
  return measureServer(() => startPostgresql({ isDurable: true }), count)
}

function table(figures: readonly DriverFigures[], count: number): Table {
  const names = figures[0]?.operations.map(({ name }) => name) ?? []
  const column = (run: DriverFigures, name: string) => run.operations.find((operation) => operation.name === name)
  return {
    title: `Median of ${count}, microseconds`,
    columns: ['operation', ...figures.map(({ driver, version }) => `${driver} ${version}`)],
    rows: [
      ...names.map((name) => [name, ...figures.map((run) => fixed(column(run, name)?.medianUs ?? Number.NaN, 0))]),
      ['total run (ms)', ...figures.map(({ totalMs }) => fixed(totalMs, 0))],
    ],
  }
}

function notes(figures: readonly DriverFigures[]): readonly string[] {
  return [
    'Every write is on the disk when it is acknowledged: SQLite in WAL mode with synchronous=FULL, MariaDB with ' +
      'innodb_flush_log_at_trx_commit=1, PostgreSQL with fsync and synchronous_commit. Servers are on this machine, over TCP.',
    `The names are Torrust's; the calls are: ${figures[0]?.operations.map(({ name, call }) => `${name}: ${call}`).join('; ')}.`,
    'downloads.add is one transaction that also adds to the total and stores the number of the batch. Therefore ' +
      'save_global_downloads has no row, and a single torrent is the worst case: batches contain thousands.',
    'load_torrent_downloads has no counterpart: all counts are loaded at start.',
    'load_* read the rows that earlier operations wrote, one per operation (1,000 at most).',
  ]
}

export const persistenceBench: Bench = {
  summary: 'whitelist, keys and completed downloads on SQLite, MariaDB and PostgreSQL',
  help: ['--ops N         operations of each kind (100)', '--driver NAME   only sqlite3, mysql or postgresql'],
  options: { ops: { type: 'string', default: '100' }, driver: { type: 'string' } },
  async run(values): Promise<Report> {
    const count = numberOf(values, 'ops', 1)
    const drivers = DRIVERS.filter((driver) => values['driver'] === undefined || values['driver'] === driver)
    if (drivers.length === 0) throw new CannotRun(`--driver must be one of ${DRIVERS.join(', ')}`)
    const figures: DriverFigures[] = []
    for (const driver of drivers) {
      progress(`${driver}: ${count} operations of each kind`)
      figures.push(await measureDriver(driver, count))
    }
    return { tables: [table(figures, count)], notes: notes(figures), figures }
  },
}

// Opens a database of any of the three kinds: connects, recognises what stands there, brings it up to date, and hands out stores.

import { Kysely, type Dialect as KyselyDialect, sql } from 'kysely'
import type { DownloadStore } from '../../../domain/ports/outbound/download-store.ts'
import type { KeyStore } from '../../../domain/ports/outbound/key-store.ts'
import type { TorrentListStore } from '../../../domain/ports/outbound/torrent-list-store.ts'
import { type Adoption, adoptDatabase } from './adopt-database.ts'
import { Availability } from './availability.ts'
import { CannotOpen } from './cannot-open.ts'
import { DATABASE_FAULTS, isNobodyThere } from './database-faults.ts'
import { type DatabaseDependencies, type DatabaseOptions, describe, limitOf, type Use } from './database-options.ts'
import { DIALECT_FACTS } from './dialect-facts.ts'
import { driverReason } from './driver-reason.ts'
import { KyselyDownloadStore } from './kysely-download-store.ts'
import { KyselyKeyStore } from './kysely-key-store.ts'
import { KyselyTorrentListStore } from './kysely-torrent-list-store.ts'
import { Session } from './session.ts'
import type { KyselyDatabase, Tables } from './tables.ts'

/** Old tables may be large, and rewriting one takes a while. */
const OPENING_LIMIT_MILLISECONDS = 600_000

export interface Database {
  readonly whitelist: TorrentListStore
  readonly blocklist: TorrentListStore
  readonly keys: KeyStore
  readonly downloads: DownloadStore
  readonly adoption: Adoption
  /** Rejects with a `Refusal` 'store-unavailable' when the database does not answer. */
  ping(): Promise<void>
  /** Waits for what is under way, but not for long. Stores reject with 'store-unavailable' from then on. */
  close(): Promise<void>
}

/** Rejects with `CannotOpen`. */
export async function openDatabase(options: DatabaseOptions, dependencies: DatabaseDependencies): Promise<Database> {
  try {
    return await serve(options, dependencies, await prepare(options, dependencies))
  } catch (cause) {
    throw asCannotOpen(cause, options)
  }
}

/** On connections of its own, which may take their time. */
async function prepare(options: DatabaseOptions, dependencies: DatabaseDependencies): Promise<Adoption> {
  const db: KyselyDatabase = new Kysely<Tables>({ dialect: await connect(options, 'opening', dependencies) })
  try {
    return await adoptDatabase(db, DIALECT_FACTS[options.driver], describe(options))
  } finally {
    await within(limitOf(options), db.destroy())
  }
}

async function serve(
  options: DatabaseOptions,
  dependencies: DatabaseDependencies,
  adoption: Adoption,
): Promise<Database> {
  const limit = limitOf(options)
  const { clock, queried } = dependencies
  const db: KyselyDatabase = new Kysely<Tables>({
    dialect: await connect(options, 'serving', dependencies),
    ...(queried && { log: ({ queryDurationMillis }) => queried(queryDurationMillis) }),
  })
  const availability = new Availability(options, dependencies)
  const { driver } = options
  const dialect = { facts: DIALECT_FACTS[driver], faults: DATABASE_FAULTS[driver], patienceMilliseconds: limit }
  const session = new Session(db, dialect, availability)
  // Before its first use Kysely has nothing to end, and would not be ended.
  await ask(db)
  let ended: Promise<void> | undefined
  const { unreadable } = adoption
  return {
    whitelist: new KyselyTorrentListStore(session, clock, { table: 'whitelist', unreadable: unreadable.whitelist }),
    blocklist: new KyselyTorrentListStore(session, clock, { table: 'blocklist', unreadable: unreadable.blocklist }),
    keys: new KyselyKeyStore(session, unreadable.keys),
    downloads: new KyselyDownloadStore(session, unreadable.torrents),
    adoption,
    ping: () => session.read(ask, 'ping'),
    close: () => {
      availability.close()
      ended ??= end(db, driver)
      return within(limit, ended)
    },
  }
}

/** The pools wait for those who have a connection; SQLite has one for all, and closes it under whoever uses it. */
async function end(db: KyselyDatabase, driver: DatabaseOptions['driver']): Promise<void> {
  if (driver === 'sqlite3') await db.connection().execute(async () => {})
  await db.destroy()
}

const ask = async (db: KyselyDatabase): Promise<void> => {
  await sql`select 1`.execute(db)
}

function asCannotOpen(cause: unknown, options: DatabaseOptions): CannotOpen {
  if (cause instanceof CannotOpen) return cause
  const isAway = options.driver !== 'sqlite3' && isNobodyThere(cause)
  return new CannotOpen(describe(options), driverReason(cause, options), { isAway, cause })
}

async function connect(options: DatabaseOptions, use: Use, { lost }: DatabaseDependencies): Promise<KyselyDialect> {
  const limit = use === 'opening' ? OPENING_LIMIT_MILLISECONDS : limitOf(options)
  // A driver is loaded when it is needed.
  if (options.driver === 'sqlite3') return (await import('./sqlite-dialect.ts')).sqliteDialect(options, use)
  if (options.driver === 'mysql') return (await import('./mysql-dialect.ts')).mysqlDialect(options, limit, lost)
  return (await import('./postgresql-dialect.ts')).postgresqlDialect(options, limit, lost)
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, enough]).finally(() => clearTimeout(timer))
}

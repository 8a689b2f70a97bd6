// Opens a database of any of the three kinds: connects, identifies its contents, migrates it, and provides the stores.

import { Kysely, type Dialect as KyselyDialect, sql } from 'kysely'
import type { BanStore } from '../../../domain/ports/outbound/ban-store.ts'
import type { DownloadStore } from '../../../domain/ports/outbound/download-store.ts'
import type { KeyStore } from '../../../domain/ports/outbound/key-store.ts'
import type { TorrentListStore } from '../../../domain/ports/outbound/torrent-list-store.ts'
import { type Adoption, adoptDatabase, isIntact } from './adopt-database.ts'
import { Availability } from './availability.ts'
import { DATABASE_FAULTS, isNobodyThere } from './database-faults.ts'
import { DatabaseOpenError } from './database-open-error.ts'
import {
  type ConnectionPurpose,
  type DatabaseDependencies,
  type DatabaseOptions,
  describeDatabase,
  timeoutOf,
} from './database-options.ts'
import { driverReason } from './driver-reason.ts'
import { KyselyBanStore } from './kysely-ban-store.ts'
import { KyselyDownloadStore } from './kysely-download-store.ts'
import { KyselyKeyStore } from './kysely-key-store.ts'
import { KyselyTorrentListStore } from './kysely-torrent-list-store.ts'
import { Session } from './session.ts'
import { SQL_DIALECTS } from './sql-dialect.ts'
import type { KyselyDatabase, Tables } from './tables.ts'

const DOWNLOAD_TABLES = 'one of the tables torrents, torrent_aggregate_metrics and muster_flushes'
/** Old tables may be large, and rewriting one may take a while. */
const OPENING_LIMIT_MILLISECONDS = 600_000

export interface Database {
  readonly whitelist: TorrentListStore
  readonly blocklist: TorrentListStore
  readonly keys: KeyStore
  readonly bans: BanStore
  readonly downloads: DownloadStore
  readonly adoption: Adoption
  /** Rejects with a `Refusal` 'store-unavailable' when the database does not answer. */
  ping(): Promise<void>
  /** Waits for pending operations, but not for long. From then on stores reject with 'store-unavailable'. */
  close(): Promise<void>
}

/** Rejects with `DatabaseOpenError`. */
export async function openDatabase(options: DatabaseOptions, dependencies: DatabaseDependencies): Promise<Database> {
  try {
    return await openStores(options, dependencies, await adopt(options, dependencies))
  } catch (cause) {
    throw asOpenError(cause, options)
  }
}

/** On its own connections, which have a longer timeout. */
async function adopt(options: DatabaseOptions, dependencies: DatabaseDependencies): Promise<Adoption> {
  if (options.driver !== 'sqlite3') await probe(options, dependencies)
  const db: KyselyDatabase = new Kysely<Tables>({ dialect: await connect(options, 'opening', dependencies) })
  try {
    return await adoptDatabase(db, SQL_DIALECTS[options.driver], describeDatabase(options))
  } finally {
    await disconnect(db, options)
  }
}

/** A pooler accepts logins while its server is unreachable and lets statements wait: ask within the short limit. */
async function probe(options: DatabaseOptions, dependencies: DatabaseDependencies): Promise<void> {
  const db: KyselyDatabase = new Kysely<Tables>({ dialect: await connect(options, 'serving', dependencies) })
  try {
    await ask(db)
  } finally {
    await disconnect(db, options)
  }
}

async function openStores(
  options: DatabaseOptions,
  dependencies: DatabaseDependencies,
  adoption: Adoption,
): Promise<Database> {
  const limit = timeoutOf(options)
  const { clock, queried } = dependencies
  const db: KyselyDatabase = new Kysely<Tables>({
    dialect: await connect(options, 'serving', dependencies),
    ...(queried && { log: ({ queryDurationMillis }) => queried(queryDurationMillis) }),
  })
  const availability = new Availability(options, dependencies)
  const { driver } = options
  const dialect = SQL_DIALECTS[driver]
  const session = new Session(db, {
    dialect,
    faults: DATABASE_FAULTS[driver],
    busyTimeoutMilliseconds: limit,
    availability,
    isIntact: () => isIntact(db, dialect),
  })
  // Kysely initialises on first use; without one, `destroy` would do nothing.
  await ask(db)
  let ended: Promise<void> | undefined
  const { unreadable } = adoption
  return {
    whitelist: new KyselyTorrentListStore(session.on('the table whitelist'), clock, {
      table: 'whitelist',
      unreadable: unreadable.whitelist,
    }),
    blocklist: new KyselyTorrentListStore(session.on('the table blocklist'), clock, {
      table: 'blocklist',
      unreadable: unreadable.blocklist,
    }),
    keys: new KyselyKeyStore(session.on('the table keys'), clock, unreadable.keys),
    bans: new KyselyBanStore(session.on('the table muster_bans'), clock),
    downloads: new KyselyDownloadStore(session.on(DOWNLOAD_TABLES), unreadable.torrents),
    adoption,
    ping: () => session.read(ask, 'ping'),
    close: () => {
      availability.close()
      ended ??= end(db, driver)
      return within(limit, ended)
    },
  }
}

/** The pools wait for connections in use; SQLite has a single one, and would close it while it is in use. */
async function end(db: KyselyDatabase, driver: DatabaseOptions['driver']): Promise<void> {
  if (driver === 'sqlite3') await db.connection().execute(async () => {})
  await db.destroy()
}

async function ask(db: KyselyDatabase): Promise<void> {
  await sql`select 1`.execute(db)
}

function asOpenError(cause: unknown, options: DatabaseOptions): DatabaseOpenError {
  if (cause instanceof DatabaseOpenError) return cause
  const isTransient = options.driver !== 'sqlite3' && isNobodyThere(cause)
  return new DatabaseOpenError(describeDatabase(options), driverReason(cause, options), {
    isTransient: isTransient,
    cause,
  })
}

/** Does not wait for long. */
export async function disconnect(db: KyselyDatabase, options: DatabaseOptions): Promise<void> {
  await within(timeoutOf(options), db.destroy())
}

export async function connect(
  options: DatabaseOptions,
  purpose: ConnectionPurpose,
  { connectionLost }: Pick<DatabaseDependencies, 'connectionLost'>,
): Promise<KyselyDialect> {
  const limit = purpose === 'opening' ? OPENING_LIMIT_MILLISECONDS : timeoutOf(options)
  // Drivers are loaded on demand.
  if (options.driver === 'sqlite3') return (await import('./sqlite-dialect.ts')).sqliteDialect(options, purpose)
  if (options.driver === 'mysql')
    return (await import('./mysql-dialect.ts')).mysqlDialect(options, limit, connectionLost)
  return (await import('./postgresql-dialect.ts')).postgresqlDialect(options, limit, connectionLost)
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, enough]).finally(() => clearTimeout(timer))
}

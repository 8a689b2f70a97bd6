// What all stores of a database have to do, on one database that is opened once.

import { afterAll, beforeAll } from '@jest/globals'
import type { DatabaseOptions } from '../../src/adapters/outbound/persistence/database-options.ts'
import { type Database, openDatabase } from '../../src/adapters/outbound/persistence/open-database.ts'
import { runSql } from '../databases/raw-database.ts'
import { IGNORED_OUTAGES } from '../fakes/ignored-outages.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { bansOver } from '../model/bans.ts'
import { banAdminContract } from './ban-admin-contract.ts'
import { banStoreContract } from './ban-store-contract.ts'
import { downloadStoreContract } from './download-store-contract.ts'
import { keyStoreContract } from './key-store-contract.ts'
import type { Subject } from './subject.ts'
import { torrentListStoreContract } from './torrent-list-store-contract.ts'

const TABLES = [
  'whitelist',
  'blocklist',
  'torrents',
  'torrent_aggregate_metrics',
  'muster_key_notes',
  'muster_whitelist_notes',
  'muster_bans',
]
const dependencies = { clock: new StoppedClock(1_800_000_000), ...IGNORED_OUTAGES }

/** `create` makes an empty database. */
export function databaseContracts(create: () => Promise<DatabaseOptions>): void {
  let options: DatabaseOptions
  let database: Database | undefined
  const close = async (): Promise<void> => {
    await database?.close()
    database = undefined
  }
  beforeAll(async () => {
    options = await create()
  })
  afterAll(close)

  /** One database for all, emptied for each test: making one takes far longer than most tests. */
  const open = async <Store>(choose: (database: Database) => Store): Promise<Subject<Store>> => {
    database ??= await openDatabase(options, dependencies)
    const quote = options.driver === 'mysql' ? '`' : '"'
    const emptying = [...TABLES, `${quote}keys${quote}`].map((table) => `delete from ${table}`)
    await runSql(options, ...emptying, 'update muster_flushes set last_batch = 0')
    return { store: choose(database), makeUnavailable: close, close: async () => {} }
  }

  torrentListStoreContract('the whitelist', () => open(({ whitelist }) => whitelist))
  torrentListStoreContract('the blocklist', () => open(({ blocklist }) => blocklist))
  keyStoreContract('the keys', () => open(({ keys }) => keys))
  banStoreContract('the bans', () => open(({ bans }) => bans))
  banAdminContract('the ban keeper', () => open(({ bans }) => bansOver(bans, dependencies.clock, 10).keeper))
  downloadStoreContract('the downloads', () => open(({ downloads }) => downloads))
}

// Opens the configured database, waits for it if it is not available yet, and logs what it contains.

import { setTimeout as pause } from 'node:timers/promises'
import type { Adoption } from '../../adapters/outbound/persistence/adopt-database.ts'
import type { DatabaseDependencies } from '../../adapters/outbound/persistence/database-options.ts'
import type { Database } from '../../adapters/outbound/persistence/open-database.ts'
import { Histogram } from '../../adapters/protocol/metrics/measurements.ts'
import { pluralize } from '../../domain/pluralize.ts'
import { type Counters, TrackerCounter } from '../../domain/ports/outbound/counters.ts'
import type { Measurements } from '../../domain/ports/outbound/measurements.ts'
import type { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import type { Logger } from '../process/logger.ts'
import type { DatabaseSettings } from '../settings/settings.ts'
import { awaitDatabase } from './await-database.ts'
import { openOrExplain } from './explain-failure.ts'

export interface StoreDependencies {
  readonly clock: WallClock
  readonly counters: Counters
  readonly measurements: Measurements
  readonly logger: Logger
  /** Ends waiting for an unavailable database. */
  readonly unlessStopped: <T>(work: Promise<T>) => Promise<T>
}

const ORIGINS: Readonly<Record<Adoption['origin'], string>> = {
  fresh: 'a new database',
  muster: 'a Muster database',
  torrust: 'a Torrust database, adopted as it is',
  'torrust-without-history': 'a database of an early Torrust version, adopted as it is',
}

/** Rejects with a message for the operator if the database cannot be used. */
export async function openStore(
  settings: DatabaseSettings,
  { clock, counters, measurements, logger, unlessStopped }: StoreDependencies,
): Promise<Database> {
  const dependencies: DatabaseDependencies = {
    clock,
    connectionLost: (error) => {
      counters.add(TrackerCounter.store_failures, 1)
      logger.log('warn', 'DATABASE', `a connection was lost: ${error.message}`)
    },
    operationFailed: () => counters.add(TrackerCounter.store_failures, 1),
    unavailable: ({ subject, code, reason }) =>
      logger.log('error', 'DATABASE', `${subject} cannot be used: ${reason}`, code === '' ? {} : { code }),
    available: (subject) => logger.log('info', 'DATABASE', `${subject} is available again`),
    queried: (milliseconds) => measurements.observe(Histogram.store_query, milliseconds / 1000, 1),
  }
  const database = await awaitDatabase(() => openOrExplain(settings, dependencies), {
    nowMilliseconds: () => performance.now(),
    pause: (milliseconds) => pauseUnless(unlessStopped, milliseconds),
    away: ({ message }) => logger.log('warn', 'DATABASE', `${message}; retrying for up to a minute`),
    there: () => logger.log('info', 'DATABASE', 'the database is available now'),
  })
  reportDatabase(database.adoption, settings.driver, logger)
  return database
}

/** After a stop the timer must not keep the process alive. */
async function pauseUnless(unlessStopped: StoreDependencies['unlessStopped'], milliseconds: number): Promise<void> {
  const over = new AbortController()
  try {
    await unlessStopped(pause(milliseconds, undefined, { signal: over.signal }))
  } finally {
    over.abort()
  }
}

function reportDatabase(adoption: Adoption, driver: string, logger: Logger): void {
  const { origin, changes, migrations, rows, unreadable, unknownMigrations } = adoption
  const counts = `${rows.whitelist} whitelisted, ${rows.blocklist} blocked, ${pluralize(rows.keys, 'key')}, ${pluralize(rows.torrents, 'counted torrent')}`
  logger.log('info', 'DATABASE', `${driver}: ${ORIGINS[origin]}; ${counts}`)
  for (const change of changes) logger.log('info', 'DATABASE', change)
  for (const name of migrations) logger.log('info', 'DATABASE', `migrated: ${name}`)
  if (unknownMigrations.length > 0) {
    const versions = unknownMigrations.join(', ')
    logger.log(
      'warn',
      'DATABASE',
      `Torrust has applied migrations unknown to this version: ${versions}; all tables are compatible`,
    )
  }
  for (const [table, count] of Object.entries(unreadable)) {
    if (count === 0) continue
    const what = count === 1 ? 'it is kept but skipped' : 'they are kept but skipped'
    logger.log('warn', 'DATABASE', `${pluralize(count, 'row')} of ${table} cannot be read; ${what}`)
  }
}

// The tracker's life: settings, shared memory, threads, clean-ups; then waiting to be told to stop.

import { availableParallelism } from 'node:os'
import type { ServeOptions } from '../adapters/cli/program.ts'
import { Timetable } from '../adapters/inbound/schedule/timetable.ts'
import { CryptoRandomness } from '../adapters/outbound/system/crypto-randomness.ts'
import { adviseHugePages } from '../adapters/outbound/system/huge-pages.ts'
import { SystemClock } from '../adapters/outbound/system/system-clock.ts'
import { Housekeeping } from '../domain/ports/inbound/housekeeping.ts'
import type { Clock } from '../domain/ports/outbound/clock.ts'
import { bindQueries } from './bind-administration.ts'
import { bindTracker } from './bind-tracker.ts'
import type { Bindings } from './bindings.ts'
import { openConnectionIdKey } from './connection-id-key.ts'
import { Lifecycle } from './lifecycle.ts'
import { hasIPv6 } from './listening.ts'
import { createLogger, type Logger } from './logger.ts'
import { startManagement } from './management.ts'
import { Vitals } from './parts.ts'
import { SettingsError } from './settings/problems.ts'
import { type LoadedSettings, readSettings } from './settings/read-settings.ts'
import type { Settings } from './settings/settings.ts'
import { writeSize } from './settings/sizes.ts'
import type { Surroundings } from './settings/sources.ts'
import { createSharedMemory, type SharedMemory } from './shared-memory.ts'
import { startStore } from './start-store.ts'
import { stopRequested } from './stop-signals.ts'
import { ThreadGroups, threadCounts, threadNames } from './thread-groups.ts'

/** Serves until a signal or a failure; the exit code is 0 only after an orderly stop. */
export async function serve(options: ServeOptions, surroundings: Surroundings, version: string): Promise<number> {
  const loaded = await load(options, surroundings)
  if (loaded === undefined) return 1
  const logger = createLogger(loaded.settings.logging, process.stdout)
  logger.log('info', 'CORE', `muster ${version} on Node.js ${process.version}`)
  describe(loaded, logger)
  if (loaded.refusals.length > 0) return 1
  const lifecycle = new Lifecycle()
  const stop = stopRequested(logger)
  let exitCode = 0
  try {
    const settings =
      loaded.source.kind === 'built-in' ? await withoutMissingIPv6(loaded.settings, logger) : loaded.settings
    await start(settings, version, logger, lifecycle, (reason) => stop.fail(reason))
    logger.log('info', 'CORE', 'the tracker is ready')
    exitCode = await stop.wait()
  } catch (error) {
    logger.log('error', 'CORE', error instanceof Error ? error.message : String(error))
    exitCode = 1
  }
  const unfinished = await lifecycle.stop(loaded.settings.process.shutdownDeadlineSeconds * 1000)
  for (const name of unfinished) logger.log('warn', 'CORE', `${name} did not stop in time`)
  logger.log('info', 'CORE', 'the tracker has stopped')
  // What did not stop would keep the process alive.
  if (unfinished.length > 0) process.exit(1)
  return exitCode
}

async function load({ configFile }: ServeOptions, surroundings: Surroundings): Promise<LoadedSettings | undefined> {
  try {
    return await readSettings(configFile, surroundings)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    process.stderr.write(`${error.message}\n`)
    return undefined
  }
}

function describe(loaded: LoadedSettings, logger: Logger): void {
  logger.log('info', 'CONFIG', `configuration: ${loaded.source.name}`)
  for (const variable of loaded.overriddenBy) logger.log('info', 'CONFIG', `overridden by ${variable}`)
  for (const warning of loaded.warnings) logger.log('warn', 'CONFIG', warning)
  for (const sentence of loaded.unserved) logger.log('warn', 'CONFIG', sentence)
  for (const sentence of loaded.refusals) logger.log('error', 'CONFIG', sentence)
}

/** The built-in listeners ask for both families; a machine may have only one. A document's listeners are taken at their word. */
async function withoutMissingIPv6(settings: Settings, logger: Logger): Promise<Settings> {
  if (await hasIPv6()) return settings
  logger.log('warn', 'CORE', 'this machine has no IPv6: the built-in listeners on [::] are left out')
  return {
    ...settings,
    udpListeners: settings.udpListeners.filter(({ host }) => host !== '::'),
    httpListeners: settings.httpListeners.filter(({ host }) => host !== '::'),
  }
}

async function start(
  settings: Settings,
  version: string,
  logger: Logger,
  lifecycle: Lifecycle,
  died: (reason: Error) => void,
): Promise<void> {
  const clock = new SystemClock()
  const counts = threadCounts(settings, availableParallelism())
  if (counts.udp + counts.http === 0) logger.log('warn', 'CORE', 'no services enabled in the configuration')
  const memory = await reserveMemory(settings, 1 + counts.udp + counts.http, clock, logger)
  const bindings = bindQueries(bindTracker(settings, memory, 0, clock), memory, settings, threadNames(counts))
  const vitals = bindings.get(Vitals)
  vitals.watch()
  lifecycle.add('the look at the main thread', () => vitals.stop())

  const groups = new ThreadGroups(settings, memory, logger, died)
  await groups.claim()
  if (settings.database !== undefined) await startStore(settings.database, settings, bindings, logger, lifecycle)
  lifecycle.add('a listening thread', (deadlineMs) => groups.stop(deadlineMs))
  if (counts.udp > 0) await groups.startUdp(counts.udp, openConnectionIdKey(settings.udp.connectionIdKeyFile))
  if (counts.http > 0) await groups.startHttp(counts.http)

  const api = settings.httpApi && (await startManagement(settings.httpApi, bindings, logger, version))
  if (api !== undefined) lifecycle.add('the management API', (deadlineMs) => api.close(deadlineMs))
  // Stays until the end: without somebody who listens, the signal would end the process.
  process.on('SIGHUP', () => {
    groups.reload()
    void api?.reload()
  })
  startTimetable(settings, bindings, logger, lifecycle)
}

async function reserveMemory(settings: Settings, threads: number, clock: Clock, logger: Logger): Promise<SharedMemory> {
  const { memory: asked, limits } = settings
  const swarmBudgetBytes = asked.swarmBudgetBytes
  const access = { torrents: limits.maxListedTorrents, keys: limits.maxKeys }
  const memory = createSharedMemory({ swarmBudgetBytes, access, threads }, new CryptoRandomness(), clock.nowSeconds())
  logger.log('info', 'CORE', `${writeSize(swarmBudgetBytes)} reserved for swarms; memory is taken up as it is needed`)
  const obstacle = (await adviseHugePages(memory.swarms)) ?? (await adviseHugePages(memory.access))
  if (obstacle !== undefined) logger.log('debug', 'CORE', `no huge pages: ${obstacle}`)
  return memory
}

function startTimetable(settings: Settings, { get }: Bindings, logger: Logger, lifecycle: Lifecycle): void {
  if (settings.peers.cleanupIntervalSeconds === 0) return
  const timetable = new Timetable(
    get(Housekeeping),
    settings.peers.cleanupIntervalSeconds,
    ({ peersRemoved, torrentsRemoved }, milliseconds) =>
      logger.log('debug', 'TIMETABLE', 'swarms cleaned up', { peersRemoved, torrentsRemoved, milliseconds }),
  )
  timetable.start()
  lifecycle.add('the timetable', () => timetable.stop())
}

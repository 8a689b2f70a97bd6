// The tracker's life: settings, shared memory, threads, clean-ups; then waiting to be told to stop.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
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
import { PidFile } from './pid-file.ts'
import { SettingsError } from './settings/problems.ts'
import { type LoadedSettings, readSettings } from './settings/read-settings.ts'
import type { Settings } from './settings/settings.ts'
import { writeSize } from './settings/sizes.ts'
import type { Surroundings } from './settings/sources.ts'
import { createSharedMemory, type SharedMemory } from './shared-memory.ts'
import { stopRequested } from './stop-signals.ts'
import { Store } from './store.ts'
import { SwarmKeeping } from './swarm-keeping.ts'
import { TakeOver } from './take-over.ts'
import { ThreadGroups, threadCounts } from './thread-groups.ts'

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
    const orders = { version, takesOver: options.takesOver }
    await start(settings, orders, logger, lifecycle, (reason) => stop.fail(reason))
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

/** What the command line says besides the settings. */
interface StartOrders {
  readonly version: string
  readonly takesOver: boolean
}

async function start(
  settings: Settings,
  { version, takesOver }: StartOrders,
  logger: Logger,
  lifecycle: Lifecycle,
  died: (reason: Error) => void,
): Promise<void> {
  const clock = new SystemClock()
  const counts = threadCounts(settings, availableParallelism())
  if (counts.udp + counts.http === 0) logger.log('warn', 'CORE', 'no services enabled in the configuration')
  const memory = await reserveMemory(settings, 1 + counts.udp + counts.http, clock, logger)
  const bindings = bindQueries(bindTracker(settings, memory, 0, clock), memory)

  const groups = new ThreadGroups(settings, memory, logger, died)
  const certificates: { reload(): unknown }[] = [groups]
  // From the start until the end: without somebody who listens, the signal would end the process.
  process.on('SIGHUP', () => {
    for (const certificate of certificates) void certificate.reload()
  })
  const swarms = new SwarmKeeping(settings.snapshot, bindings.get, logger)
  process.on('SIGUSR2', () => swarms.save())
  const pidFile = new PidFile(join(settings.process.dataDirectory, 'muster.pid'))
  const takeOver = new TakeOver(pidFile.other(), takesOver, settings, logger)
  await groups.claim(takeOver.isOne)
  const store = new Store(settings, bindings, logger)
  // Before the swarms are loaded: counts are added, and those of a snapshot are compared with them.
  if (settings.database !== undefined) await store.open(settings.database, lifecycle)
  await takeOver.prepare(swarms)
  lifecycle.add('the process file', () => pidFile.remove())
  lifecycle.add('the last snapshot', () => swarms.stop())
  // Those who dawdle must not take the time in which swarms are saved.
  lifecycle.add('a listening thread', (deadlineMs) => groups.stop(deadlineMs / 2))
  if (counts.udp > 0) await groups.startUdp(counts.udp, openConnectionIdKey(settings.udp.connectionIdKeyFile))
  if (counts.http > 0) await groups.startHttp(counts.http)
  await takeOver.complete(swarms, groups)
  if (settings.database !== undefined) {
    if (takeOver.isOne) await store.refresh()
    await store.keepDownloads()
  }
  nameProcess(pidFile, logger)
  swarms.start()

  const api = settings.httpApi && (await startManagement(settings.httpApi, bindings, logger, version))
  if (api !== undefined) {
    lifecycle.add('the management API', (deadlineMs) => api.close(deadlineMs))
    certificates.push(api)
  }
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

/** Nothing but a take-over depends on it. */
function nameProcess(pidFile: PidFile, logger: Logger): void {
  try {
    pidFile.write()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    logger.log('warn', 'CORE', `no other process can take over from this one: ${reason}`)
  }
}

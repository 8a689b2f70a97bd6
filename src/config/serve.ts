// The tracker's life: settings, shared memory, threads, clean-ups; then waiting to be told to stop.

import { availableParallelism } from 'node:os'
import type { ServeOptions } from '../adapters/cli/program.ts'
import { Timetable } from '../adapters/inbound/schedule/timetable.ts'
import { openConnectionIdKey } from '../adapters/inbound/udp/connection-id-key.ts'
import { CryptoRandomness } from '../adapters/outbound/system/crypto-randomness.ts'
import { adviseHugePages } from '../adapters/outbound/system/huge-pages.ts'
import { SystemClock } from '../adapters/outbound/system/system-clock.ts'
import { Housekeeping } from '../domain/ports/inbound/housekeeping.ts'
import { bindTracker } from './bind-tracker.ts'
import { startHealth } from './health.ts'
import { Lifecycle } from './lifecycle.ts'
import { hasIPv6 } from './listening.ts'
import { createLogger, type Logger } from './logger.ts'
import { RunningParts } from './running-parts.ts'
import { SettingsError } from './settings/problems.ts'
import { type LoadedSettings, readSettings } from './settings/read-settings.ts'
import type { Settings } from './settings/settings.ts'
import { writeSize } from './settings/sizes.ts'
import type { Surroundings } from './settings/sources.ts'
import { createSharedMemory } from './shared-memory.ts'
import { stopRequested } from './stop-signals.ts'
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
  const parts = new RunningParts(false)
  let exitCode = 0
  try {
    const settings =
      loaded.source.kind === 'built-in' ? await withoutMissingIPv6(loaded.settings, logger) : loaded.settings
    const health = await startHealth(settings.healthCheckApi, parts, logger)
    if (health !== undefined) lifecycle.add('the health API', (deadlineMs) => health.close(deadlineMs))
    await start(settings, logger, lifecycle, parts, (reason) => stop.fail(reason))
    parts.areReady()
    logger.log('info', 'CORE', 'the tracker is ready')
    exitCode = await stop.wait()
  } catch (error) {
    logger.log('error', 'CORE', error instanceof Error ? error.message : String(error))
    exitCode = 1
  }
  parts.areStopping()
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
  logger: Logger,
  lifecycle: Lifecycle,
  parts: RunningParts,
  died: (reason: Error) => void,
): Promise<void> {
  const clock = new SystemClock()
  const counts = threadCounts(settings, availableParallelism())
  if (counts.udp + counts.http === 0) logger.log('warn', 'CORE', 'no services enabled in the configuration')
  const threads = 1 + counts.udp + counts.http
  const budget = settings.memory.swarmBudgetBytes
  const memory = createSharedMemory(budget, threads, new CryptoRandomness(), clock.nowSeconds())
  logger.log('info', 'CORE', `${writeSize(budget)} reserved for swarms; memory is taken up as it is needed`)
  const obstacle = await adviseHugePages(memory.swarms)
  if (obstacle !== undefined) logger.log('debug', 'CORE', `no huge pages for swarms: ${obstacle}`)
  const bindings = bindTracker(settings, memory, 0, clock)

  const groups = new ThreadGroups(settings, memory, logger, (reason) => {
    parts.haveFailed()
    died(reason)
  })
  parts.addServices(() => groups.services)
  // Stays until the end: without somebody who listens, the signal would end the process.
  process.on('SIGHUP', () => groups.reload())
  await groups.claim()
  lifecycle.add('a listening thread', (deadlineMs) => groups.stop(deadlineMs))
  if (counts.udp > 0) await groups.startUdp(counts.udp, openConnectionIdKey(settings.udp.connectionIdKeyFile))
  if (counts.http > 0) await groups.startHttp(counts.http)

  if (settings.peers.cleanupIntervalSeconds === 0) return
  const timetable = new Timetable(
    bindings.get(Housekeeping),
    settings.peers.cleanupIntervalSeconds,
    ({ peersRemoved, torrentsRemoved }, milliseconds) =>
      logger.log('debug', 'TIMETABLE', 'swarms cleaned up', { peersRemoved, torrentsRemoved, milliseconds }),
  )
  timetable.start()
  lifecycle.add('the timetable', () => timetable.stop())
}

// Starts the parts of the tracker one after the other, and says for each how it is stopped. What is started first stops last.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Timetable } from '../adapters/inbound/schedule/timetable.ts'
import { CryptoRandomness } from '../adapters/outbound/system/crypto-randomness.ts'
import { adviseHugePages } from '../adapters/outbound/system/huge-pages.ts'
import { SystemClock } from '../adapters/outbound/system/system-clock.ts'
import { Housekeeping } from '../domain/ports/inbound/housekeeping.ts'
import type { Clock } from '../domain/ports/outbound/clock.ts'
import { Store } from './database/store.ts'
import type { Lifecycle } from './process/lifecycle.ts'
import type { Logger } from './process/logger.ts'
import { PidFile } from './process/pid-file.ts'
import type { RunningParts } from './process/running-parts.ts'
import { bindEvents, EventFlow } from './services/event-flow.ts'
import { startHealth } from './services/health.ts'
import { startManagement } from './services/management.ts'
import { SwarmKeeping } from './services/swarm-keeping.ts'
import type { Settings } from './settings/settings.ts'
import { writeSize } from './settings/sizes.ts'
import { TakeOver } from './take-over/take-over.ts'
import { openConnectionIdKey } from './threads/connection-id-key.ts'
import { type ThreadCounts, ThreadGroups, threadCounts, threadNames } from './threads/thread-groups.ts'
import { bindQueries } from './wiring/bind-administration.ts'
import { bindTracker } from './wiring/bind-tracker.ts'
import type { Bindings } from './wiring/bindings.ts'
import { Vitals } from './wiring/parts.ts'
import { createSharedMemory, type SharedMemory } from './wiring/shared-memory.ts'

/** What a start has to do with besides the settings. */
export interface Start {
  readonly version: string
  /** A tracker that runs from the same data directory is to be replaced without a gap. */
  readonly takesOver: boolean
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly parts: RunningParts
  /** A part that cannot be done without has died. */
  readonly died: (reason: Error) => void
  /** Rejects as soon as the tracker is told to stop: work that changes nothing need not be waited for. */
  readonly unlessStopped: <T>(work: Promise<T>) => Promise<T>
}

/** Rejects, in words for an operator, when a part cannot be started; those that run by then are in the lifecycle. */
export async function startTracker(settings: Settings, start: Start): Promise<void> {
  const { logger, lifecycle, parts } = start
  // Throws when the working directory is gone: making a folder below it would never end.
  process.cwd()
  const pidFile = new PidFile(join(settings.process.dataDirectory, 'muster.pid'))
  const takeOver = new TakeOver(pidFile.other(), start.takesOver, settings, logger)
  // From the start on, so that orchestrators can watch; a successor has to wait until the address is free.
  if (!takeOver.isOne) await openHealth(settings, start)

  const clock = new SystemClock()
  const counts = threadCounts(settings, availableParallelism())
  if (counts.udp + counts.http === 0) logger.log('warn', 'CORE', 'no services enabled in the configuration')
  const memory = await reserveMemory(settings, 1 + counts.udp + counts.http, clock, logger)
  const bindings = bindEvents(bindTracker(settings, memory, 0, clock), memory, settings, logger)
  bindQueries(bindings, memory, settings, threadNames(counts))
  const vitals = bindings.get(Vitals)
  vitals.watch()
  lifecycle.add('the look at the main thread', () => vitals.stop())
  const groups = new ThreadGroups(settings, memory, logger, start.died)
  parts.addServices(() => groups.services)
  const certificates: Certificate[] = [groups]
  reloadOnHangUp(certificates)
  await groups.claim(takeOver.isOne)

  const store = new Store(settings, bindings, logger)
  // Before the swarms are loaded: counts are added, and those of a snapshot are compared with them.
  if (settings.database !== undefined) {
    parts.databaseIsOpen(await store.open(settings.database, start))
    await start.unlessStopped(store.restore())
  }
  const events = new EventFlow(settings.logging, bindings.get, logger)
  lifecycle.add('events', () => events.stop())
  const swarms = new SwarmKeeping(settings.snapshot, bindings.get, logger)
  process.on('SIGUSR2', () => swarms.save())
  await takeOver.prepare(swarms)
  lifecycle.add('the process file', () => pidFile.remove())
  lifecycle.add('the last snapshot', () => swarms.stop())
  await startThreads(groups, counts, settings, lifecycle)

  await takeOver.complete(swarms, groups)
  if (settings.database !== undefined) {
    if (takeOver.isOne) await store.refresh()
    await store.keepDownloads()
    store.watchKeys(lifecycle)
  }
  events.start()
  nameProcess(pidFile, logger)
  swarms.start()
  const api = await openManagement(settings, start, bindings)
  if (api !== undefined) certificates.push(api)
  if (takeOver.isOne) await openHealth(settings, start)
  startTimetable(settings, bindings, logger, lifecycle)
}

async function openHealth(settings: Settings, { lifecycle, parts, logger }: Start): Promise<void> {
  const health = await startHealth(settings.healthCheckApi, parts, logger)
  if (health !== undefined) lifecycle.add('the health API', (deadlineMs) => health.close(deadlineMs))
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

async function startThreads(
  groups: ThreadGroups,
  counts: ThreadCounts,
  settings: Settings,
  lifecycle: Lifecycle,
): Promise<void> {
  // Those who dawdle must not take the time in which swarms are saved.
  lifecycle.add('a listening thread', (deadlineMs) => groups.stop(deadlineMs / 2))
  if (counts.udp > 0) await groups.startUdp(counts.udp, openConnectionIdKey(settings.udp.connectionIdKeyFile))
  if (counts.http > 0) await groups.startHttp(counts.http)
}

async function openManagement(
  { httpApi }: Settings,
  { version, logger, lifecycle, parts }: Start,
  bindings: Bindings,
): Promise<Certificate | undefined> {
  if (httpApi === undefined) return undefined
  const api = await startManagement(httpApi, bindings, logger, version)
  lifecycle.add('the management API', (deadlineMs) => api.close(deadlineMs))
  const scheme = httpApi.tls === undefined ? 'http' : 'https'
  const { host } = httpApi
  const { port } = api.address
  parts.addServices(() => [{ type: 'tracker_rest_api', scheme, host, port }])
  return api
}

/** Whoever serves with a certificate that may be replaced. */
interface Certificate {
  reload(): unknown
}

/** From the start until the end: without somebody who listens, the signal would end the process. */
function reloadOnHangUp(certificates: readonly Certificate[]): void {
  process.on('SIGHUP', () => {
    for (const certificate of certificates) void certificate.reload()
  })
}

function startTimetable(settings: Settings, { get }: Bindings, logger: Logger, lifecycle: Lifecycle): void {
  if (settings.peers.inactivePeerCleanupIntervalSeconds === 0) return
  const timetable = new Timetable(
    get(Housekeeping),
    settings.peers.inactivePeerCleanupIntervalSeconds,
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

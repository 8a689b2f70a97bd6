// Starts the parts of the tracker one after another, and registers how each is stopped. What is started first stops
// last.

import { availableParallelism } from 'node:os'
import { SystemClock } from '../adapters/outbound/system/system-clock.ts'
import { readTimeBase } from '../adapters/outbound/system/time-base.ts'
import { Counters } from '../domain/ports/outbound/counters.ts'
import { Store } from './database/store.ts'
import { unwritableReason } from './process/denied-access.ts'
import type { Lifecycle } from './process/lifecycle.ts'
import type { LogOutput } from './process/log-output.ts'
import type { Logger } from './process/logger.ts'
import { reloadOnHangUp } from './process/reload-signal.ts'
import type { TrackerStatus } from './process/tracker-status.ts'
import { startPace } from './services/announce-pace.ts'
import { startAttackWatch } from './services/attack-watch.ts'
import { startCleanUp } from './services/clean-up.ts'
import { bindTracing } from './services/client-trace.ts'
import { countDroppedLines } from './services/dropped-log-lines.ts'
import { bindEvents, EventFlow } from './services/event-flow.ts'
import { healthClaims, startHealth } from './services/health.ts'
import { managementClaims, startManagement } from './services/management.ts'
import { SwarmKeeping } from './services/swarm-persistence.ts'
import type { Settings } from './settings/settings.ts'
import { AccessGuard, type AccessGuardOptions } from './take-over/access-guard.ts'
import { DirectoryClaim } from './take-over/directory-claim.ts'
import { TakeOver } from './take-over/take-over.ts'
import { listenerUrl } from './threads/listening.ts'
import { ThreadGroups } from './threads/thread-groups.ts'
import { plannedListeners, planThreads, threadNames } from './threads/thread-plan.ts'
import { bindListenerCounters, bindQueries } from './wiring/bind-administration.ts'
import { bindTracker } from './wiring/bind-tracker.ts'
import { ClientTracingPart, VitalsPart } from './wiring/parts.ts'
import { reserveMemory } from './wiring/reserve-memory.ts'

/** What the start needs besides the settings. */
export interface StartDependencies {
  readonly version: string
  /** Replace a tracker that runs from the same data directory, without a gap. */
  readonly takesOver: boolean
  /** Access may become wider than that of the last tracker on the data directory. */
  readonly acceptsAccessChange: boolean
  /** Where the settings are from. */
  readonly source: AccessGuardOptions['source']
  readonly logger: Logger
  /** Output of the log; the lines that it drops are counted. */
  readonly logOutput: LogOutput
  readonly lifecycle: Lifecycle
  readonly status: TrackerStatus
  /** An essential part has died. */
  readonly onDeath: (reason: Error) => void
  /** Rejects as soon as the tracker is told to stop: work that changes nothing need not be waited for. */
  readonly unlessStopped: <T>(work: Promise<T>) => Promise<T>
}

/** Rejects with a message for the operator if a part cannot be started; those that run by then are in the lifecycle. */
export async function startTracker(settings: Settings, start: StartDependencies): Promise<void> {
  const { logger, lifecycle, status } = start
  // Throws if the working directory was removed: no relative path can be created then.
  process.cwd()
  warnIfUnwritable(settings.process.dataDirectory, logger)
  // First, because another tracker with the same directory most likely has the ports too.
  const directory = new DirectoryClaim(settings.process.dataDirectory, logger)
  lifecycle.add('the data directory', () => directory.release())
  await directory.take(start.takesOver)
  const takeOver = new TakeOver(directory, start.takesOver, settings, logger)
  const guard = new AccessGuard({ settings, source: start.source, acceptsChange: start.acceptsAccessChange, logger })
  guard.check(directory.predecessorPid)
  // Open from the start, so that orchestrators can watch; after a take-over only once the address is free.
  if (!takeOver.hasPredecessor) await openHealth(settings, start)

  // Memory, and what all threads share.
  const timeBase = readTimeBase()
  const plans = await planThreads(settings, availableParallelism())
  const names = threadNames(plans)
  const listeners = plannedListeners(plans, settings)
  const memory = await reserveMemory(settings, { threads: names.length, listeners: listeners.length }, timeBase, logger)
  const bindings = bindEvents(bindTracker(settings, memory, 0, new SystemClock(timeBase)), memory, settings, logger)
  bindQueries(bindings, memory, settings, names)
  const tracing = bindTracing(bindings, memory, logger).get(ClientTracingPart)
  lifecycle.add('the client trace', () => tracing.close())
  countDroppedLines(start.logOutput, bindings.get(Counters))
  const vitals = bindings.get(VitalsPart)
  vitals.watch()
  lifecycle.add('the monitor of the main thread', () => vitals.stop())

  // Ports, before anything takes long.
  const groups = new ThreadGroups(plans, {
    settings,
    memory,
    logger,
    onTraced: (trace, request) => tracing.take(trace, request),
    onDeath: start.onDeath,
  })
  status.addServices(() => groups.services)
  bindListenerCounters(bindings, memory, listeners, () => groups.services)
  const alsoReload = reloadOnHangUp(groups)
  const api = managementClaims(settings.httpApi)
  await takeOver.checkPorts([...api, ...healthClaims(settings.healthCheckApi)])
  await groups.claim(takeOver.hasPredecessor, takeOver.hasPredecessor ? [] : api)

  // Stored state: first the database, because its counts are added, and those of the snapshot are compared with them.
  const store = new Store(settings, bindings, logger)
  if (settings.database !== undefined) {
    status.markDatabaseOpen(await store.open(settings.database, start))
    await guard.checkDatabase(() => start.unlessStopped(store.impliedAccess()))
    await start.unlessStopped(store.restore())
  }
  const events = new EventFlow(settings.logging, bindings.get, logger)
  lifecycle.add('events', () => events.stop())
  const swarms = new SwarmKeeping(settings.snapshot, bindings.get, logger)
  process.on('SIGUSR2', () => swarms.save())
  await takeOver.prepare(swarms)
  lifecycle.add('the last snapshot', () => swarms.stop())

  startPace(settings.announce, memory.pace, bindings.get, start)

  // Torrent clients are answered from here on. Slow threads must not use up the time in which swarms are saved.
  lifecycle.add('a listening thread', (deadlineMs) => groups.stop(deadlineMs / 2))
  if (!takeOver.hasPredecessor) guard.remember()
  await groups.start()
  await takeOver.complete(swarms, groups)
  guard.remember(groups.services.map(({ scheme, host, port }) => listenerUrl(scheme, { address: host, port })))

  // Everything that is written while the tracker runs, now that no other process writes there.
  if (settings.database !== undefined) {
    if (takeOver.hasPredecessor) await store.refresh()
    await store.keepDownloads()
    store.watchKeys(lifecycle)
    store.dropExpiredBans(lifecycle)
  }
  events.start()
  swarms.start()

  const management = await startManagement(settings, bindings, start)
  if (management !== undefined) alsoReload(management)
  if (takeOver.hasPredecessor) await openHealth(settings, start)
  startCleanUp(settings.peers, bindings, start)
  startAttackWatch(settings.attack, bindings.get, start)
}

/** The tracker serves as long as nothing that it needs is there. */
function warnIfUnwritable(dataDirectory: string, logger: Logger): void {
  const reason = unwritableReason(dataDirectory)
  if (reason !== undefined) {
    logger.log(
      'warn',
      'CORE',
      `the data directory ${dataDirectory} cannot be written, so its files are not stored: ${reason}`,
    )
  }
}

async function openHealth(settings: Settings, { lifecycle, status, logger }: StartDependencies): Promise<void> {
  const limitsPrivate = settings.limits.appliesToPrivate
  const health = await startHealth({ ...settings.healthCheckApi, limitsPrivate }, status, logger)
  if (health !== undefined) lifecycle.add('the health API', (deadlineMs) => health.close(deadlineMs))
}

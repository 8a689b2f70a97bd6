// The tracker's life: settings, then the start of everything, then waiting to be told to stop.

import type { ServeOptions } from '../adapters/cli/program.ts'
import { Lifecycle } from './process/lifecycle.ts'
import { createLogger, type Logger } from './process/logger.ts'
import { stopRequested } from './process/stop-signals.ts'
import { TrackerStatus } from './process/tracker-status.ts'
import { SettingsError } from './settings/problems.ts'
import { type LoadedSettings, readSettings } from './settings/read-settings.ts'
import type { SettingsEnvironment } from './settings/sources.ts'
import { startTracker } from './start-tracker.ts'
import { withoutMissingIPv6 } from './threads/missing-ipv6.ts'

/** Serves until a signal or a failure; the exit code is 0 only after an orderly stop. */
export async function serve(options: ServeOptions, environment: SettingsEnvironment, version: string): Promise<number> {
  const loaded = await load(options, environment)
  if (loaded === undefined) return 1
  const logger = createLogger(loaded.settings.logging, process.stdout)
  logger.log('info', 'CORE', `muster ${version} on Node.js ${process.version}`)
  logConfiguration(loaded, logger)
  if (loaded.refusals.length > 0) return 1
  const lifecycle = new Lifecycle()
  const stop = stopRequested(logger)
  const status = new TrackerStatus(loaded.settings.database !== undefined)
  const stopped = stop.wait().then(() => {
    throw new StoppedWhileStarting()
  })
  // Nothing may be waiting for it.
  stopped.catch(() => {})
  let exitCode = 0
  try {
    const settings =
      loaded.source.kind === 'built-in' ? await withoutMissingIPv6(loaded.settings, logger) : loaded.settings
    const onDeath = (reason: Error): void => {
      status.markFailed()
      stop.fail(reason)
    }
    const unlessStopped = <T>(work: Promise<T>): Promise<T> => Promise.race([work, stopped])
    const { takesOver } = options
    await startTracker(settings, { version, takesOver, logger, lifecycle, status: status, onDeath, unlessStopped })
    status.markReady()
    logger.log('info', 'CORE', 'the tracker is ready')
    exitCode = await stop.wait()
  } catch (error) {
    const wasStopped = error instanceof StoppedWhileStarting
    if (!wasStopped) logger.log('error', 'CORE', error instanceof Error ? error.message : String(error))
    exitCode = wasStopped ? await stop.wait() : 1
  }
  status.markStopping()
  const unfinished = await lifecycle.stop(loaded.settings.process.shutdownDeadlineSeconds * 1000)
  for (const name of unfinished) logger.log('warn', 'CORE', `${name} did not stop in time`)
  logger.log('info', 'CORE', 'the tracker has stopped')
  // What did not stop would keep the process alive.
  if (unfinished.length > 0) process.exit(1)
  return exitCode
}

/** Told to stop before everything had been started. */
class StoppedWhileStarting extends Error {}

async function load(
  { configFile }: ServeOptions,
  environment: SettingsEnvironment,
): Promise<LoadedSettings | undefined> {
  try {
    return await readSettings(configFile, environment)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    process.stderr.write(`${error.message}\n`)
    return undefined
  }
}

function logConfiguration(loaded: LoadedSettings, logger: Logger): void {
  logger.log('info', 'CONFIG', `configuration: ${loaded.source.name}`)
  for (const variable of loaded.overriddenBy) logger.log('info', 'CONFIG', `overridden by ${variable}`)
  for (const warning of loaded.warnings) logger.log('warn', 'CONFIG', warning)
  for (const sentence of loaded.unserved) logger.log('warn', 'CONFIG', sentence)
  for (const sentence of loaded.refusals) logger.log('error', 'CONFIG', sentence)
}

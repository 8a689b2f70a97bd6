// Runs the tracker: reads the settings, starts everything, then waits for a stop.

import { isatty } from 'node:tty'
import type { ServeOptions } from '../adapters/cli/program.ts'
import { errorMessage } from '../domain/error-message.ts'
import { writeStartProblem } from './pre-start/start-problem.ts'
import { startProblems } from './pre-start/start-problems.ts'
import { setCompilerOptions } from './process/compiler-options.ts'
import { Lifecycle } from './process/lifecycle.ts'
import { LogOutput } from './process/log-output.ts'
import { createLogger, type Logger } from './process/logger.ts'
import { stopRequested } from './process/stop-signals.ts'
import { TrackerStatus } from './process/tracker-status.ts'
import { describeAccess } from './settings/access-mode.ts'
import { SettingsError } from './settings/problems.ts'
import { type LoadedSettings, readSettings } from './settings/read-settings.ts'
import type { SettingsEnvironment } from './settings/sources.ts'
import { type StartDependencies, startTracker } from './start-tracker.ts'
import { predecessorDocument, UnknownDocument } from './take-over/predecessor-document.ts'
import { withoutMissingIPv6 } from './threads/missing-ipv6.ts'

const STANDARD_OUTPUT = 1
/** For a slow reader of log lines. */
const LOG_DEADLINE_MS = 1000

/** Serves until a signal or a failure; the exit code is 0 only after an orderly stop. */
export async function serve(options: ServeOptions, environment: SettingsEnvironment, version: string): Promise<number> {
  const loaded = await load(options, environment)
  if (loaded === undefined) return 1
  setCompilerOptions()
  const logOutput = new LogOutput(STANDARD_OUTPUT)
  const logger = createLogger(loaded.settings.logging, logOutput, isatty(STANDARD_OUTPUT))
  logger.log('info', 'CORE', `muster ${version} on Node.js ${process.version}`)
  logConfiguration(loaded, logger)
  const problems = await startProblems(loaded.settings, loaded.source.kind === 'built-in')
  for (const problem of problems) logger.log('error', 'CORE', writeStartProblem(problem))
  const exitCode = problems.length > 0 ? 1 : await run(loaded, options, { version, logger, logOutput })
  await logOutput.close(LOG_DEADLINE_MS)
  return exitCode
}

type RunContext = Pick<StartDependencies, 'version' | 'logger' | 'logOutput'>

async function run(
  loaded: LoadedSettings,
  { takesOver, acceptsAccessChange }: ServeOptions,
  context: RunContext,
): Promise<number> {
  const { logger, logOutput } = context
  const lifecycle = new Lifecycle()
  const stop = stopRequested(logger)
  const status = new TrackerStatus(loaded.settings.database !== undefined)
  const stopped = stop.wait().then(() => {
    throw new StoppedWhileStarting()
  })
  // Without this, it would be an unhandled rejection if nothing awaits it.
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
    const { source } = loaded
    await startTracker(settings, {
      ...context,
      source,
      takesOver,
      acceptsAccessChange,
      lifecycle,
      status,
      onDeath,
      unlessStopped,
    })
    status.markReady()
    logger.log('info', 'CORE', 'the tracker is ready')
    exitCode = await stop.wait()
  } catch (error) {
    const wasStopped = error instanceof StoppedWhileStarting
    if (!wasStopped) logger.log('error', 'CORE', errorMessage(error))
    exitCode = wasStopped ? await stop.wait() : 1
  }
  status.markStopping()
  const failures = await lifecycle.stop(loaded.settings.process.shutdownDeadlineSeconds * 1000)
  for (const { name, reason } of failures) {
    if (reason === undefined) logger.log('warn', 'CORE', `${name} did not stop in time`)
    else logger.log('error', 'CORE', `${name} could not be stopped in order: ${reason}`)
  }
  logger.log('info', 'CORE', 'the tracker has stopped')
  if (failures.length === 0) return exitCode
  // Parts that did not stop would keep the process alive.
  await logOutput.close(LOG_DEADLINE_MS)
  process.exit(1)
}

/** Told to stop before everything had been started. */
class StoppedWhileStarting extends Error {}

async function load(options: ServeOptions, environment: SettingsEnvironment): Promise<LoadedSettings | undefined> {
  try {
    const own = await readSettings(options.configFile, environment)
    const { takesOver, acceptsAccessChange } = options
    if (!takesOver || acceptsAccessChange || own.source.kind !== 'built-in') return own
    const path = predecessorDocument(own.settings.process.dataDirectory)
    return path === undefined ? own : await readSettings(path, environment)
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof UnknownDocument)) throw error
    process.stderr.write(`${error.message}\n`)
    return undefined
  }
}

function logConfiguration(loaded: LoadedSettings, logger: Logger): void {
  logger.log('info', 'CONFIG', `configuration: ${loaded.source.name}`)
  logger.log('info', 'CONFIG', `access: ${describeAccess(loaded.settings.access)}`)
  for (const variable of loaded.overriddenBy) logger.log('info', 'CONFIG', `overridden by ${variable}`)
  for (const warning of loaded.warnings) logger.log('warn', 'CONFIG', warning)
  for (const sentence of loaded.unserved) logger.log('warn', 'CONFIG', sentence)
}

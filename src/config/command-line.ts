// Runs the program with the actions of its commands. An action's modules are loaded when it runs: `muster health` may
// run every few seconds, and the tracker is large.

import { createReadStream, readFileSync } from 'node:fs'
import { opendir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setInterval, setTimeout } from 'node:timers/promises'
import { CommandFailure } from '../adapters/cli/cli-environment.ts'
import { runProgram } from '../adapters/cli/program.ts'
import { paintFor, unpainted } from '../adapters/cli/tones.ts'
import type { SettingsEnvironment } from './settings/sources.ts'

const COMMAND_THREADS = '32'

function configCommands() {
  return import('./settings/config-commands.ts')
}

function apiAddresses() {
  return import('./api-address.ts')
}

async function* ticks(seconds: number): AsyncGenerator<void> {
  yield
  yield* setInterval(seconds * 1000)
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal })
  } catch {
    // Aborted.
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const earlier = process.listeners(signal)
    process.on(signal, () => (controller.signal.aborted ? process.exit(130) : controller.abort()))
    // Only now: without a listener in between, a pending signal would end the process.
    for (const listener of earlier) process.off(signal, listener)
  }
  return controller.signal
}

/** Runs the command; the result is the process's exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const environment: SettingsEnvironment = { env: process.env, readFile: (path) => readFileSync(path, 'utf8') }
  const out = (text: string): void => {
    if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', stopAtFailedOutput)
    process.stdout.write(text)
  }
  const isTerminal = process.stdout.isTTY ?? false
  const columns = process.stdout.columns || 80
  const paint = isTerminal ? paintFor(process.stdout) : unpainted
  /** Of sentences: programs read a line each. */
  const textColumns = isTerminal ? columns : undefined
  // If errors cannot be written, the exit code still reports the failure.
  process.stderr.on('error', () => undefined)
  const err = (text: string): void => void process.stderr.write(text)
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  let isStdinOpen = false
  const exitCode = await runProgram(args, {
    version,
    beforeCommand: () => {
      // Without its terminal a command has no reader left; the tracker goes on.
      process.once('SIGHUP', () => process.exit(129))
      // Node reads it when it first needs a thread. Half of them look up names, of which a list has hundreds.
      process.env['UV_THREADPOOL_SIZE'] ??= COMMAND_THREADS
    },
    serve: async (options) => (await import('./serve.ts')).serve(options, environment, version),
    checkConfig: async (options) =>
      (await configCommands()).checkConfig(options, environment, { out, err, columns: textColumns }),
    printConfig: async (options) => (await configCommands()).printConfig(options, environment, { out, err }),
    health: async ({ configFile, ...options }) => {
      const { askHealth } = await import('../adapters/cli/health/ask-health.ts')
      const output = { out, err, env: process.env, isTerminal, columns }
      if (configFile === undefined || options.url !== undefined) return askHealth(options, output)
      const url = await (await apiAddresses()).healthUrl(configFile, environment).catch((error: unknown) => {
        if (!(error instanceof CommandFailure)) throw error
        err(`${error.message}\n`)
      })
      return url === undefined ? 1 : askHealth({ ...options, url }, output)
    },
    doctor: async (options) => {
      const { THIS_MACHINE } = await import('../adapters/cli/doctor/this-machine.ts')
      const { runDoctor } = await import('./doctor/run-doctor.ts')
      return await runDoctor(options, environment, THIS_MACHINE, { out, columns: textColumns, paint })
    },
    out,
    err,
    isTerminal,
    columns,
    paint,
    isErrTerminal: process.stderr.isTTY ?? false,
    env: process.env,
    readFile: (path) => readFile(path, 'utf8'),
    locateApi: async (configFile) => (await apiAddresses()).managementAddress(configFile, environment),
    ticks,
    pause,
    interruption,
    filesUnder,
    openTables: async (url) => (await import('./database/open-foreign-tables.ts')).openForeignTables(url),
    openInput: (path) => {
      if (path !== '-') return contentOf(path)
      isStdinOpen = true
      return process.stdin
    },
  })
  // A command may end before its input does, which would keep the process alive.
  if (isStdinOpen) process.stdin.destroy()
  return exitCode
}

async function* filesUnder(path: string): AsyncGenerator<string> {
  if (!(await stat(path)).isDirectory()) {
    yield path
    return
  }
  for await (const entry of await opendir(path, { recursive: true })) {
    if (entry.isFile()) yield join(entry.parentPath, entry.name)
  }
}

/** Opened on first read: a stream that fails without a listener would end the process with a stack trace. */
async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path)
}

/**
 * `muster torrents list --all | head`: the reader has closed the pipe, so stop. Any other failure loses output.
 */
function stopAtFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`muster: standard output cannot be written: ${error.message}\n`)
  process.exit(1)
}

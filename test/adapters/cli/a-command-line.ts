// Runs command lines without a process; returns their output and exit code.

import { Readable } from 'node:stream'
import { type ApiAddress, CommandFailure } from '../../../src/adapters/cli/cli-environment.ts'
import { runProgram } from '../../../src/adapters/cli/program.ts'
import { type Paint, unpainted } from '../../../src/adapters/cli/tones.ts'
import { openForeignTables } from '../../../src/config/database/open-foreign-tables.ts'

export interface World {
  readonly isTerminal?: boolean
  /** Of the terminal. */
  readonly columns?: number
  /** Marks colours; by default there are none. */
  readonly paint?: Paint
  readonly env?: Readonly<Record<string, string>>
  /** By the path of a document. */
  readonly addresses?: Readonly<Record<string, ApiAddress>>
  /** How often a command that watches looks. */
  readonly looks?: number
  readonly beforeLook?: (look: number) => void | Promise<void>
  /** Called instead of each pause. */
  readonly onPause?: (milliseconds: number) => void | Promise<void>
  /** Called with what is written to standard error. */
  readonly onErr?: (text: string) => void
  /** Aborted by a Ctrl-C. */
  readonly interruption?: AbortSignal
  /** Contents by path; `-` is standard input. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

function noSuchFile(): Error {
  return Object.assign(new Error('no such file'), { code: 'ENOENT' })
}

async function nothing(): Promise<number> {
  return 0
}

export async function runLine(args: readonly string[], world: World = {}) {
  const { isTerminal = false, columns = 80, env = {}, files = {}, addresses = {} } = world
  const { looks = 1, beforeLook = () => undefined } = world
  let out = ''
  let err = ''
  const exitCode = await runProgram(args, {
    version: '1.2.3',
    beforeCommand: () => undefined,
    serve: nothing,
    checkConfig: nothing,
    printConfig: nothing,
    health: async () => 0,
    doctor: async () => 0,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
      world.onErr?.(text)
    },
    isTerminal,
    columns,
    paint: world.paint ?? unpainted,
    isErrTerminal: isTerminal,
    env,
    locateApi: async (configFile) => addresses[configFile] ?? Promise.reject(new CommandFailure('no such document')),
    ticks: async function* () {
      for (let tick = 0; tick < looks; tick++) {
        await beforeLook(tick)
        yield
      }
    },
    pause: async (milliseconds) => {
      await world.onPause?.(milliseconds)
    },
    interruption: () => world.interruption ?? new AbortController().signal,
    readFile: async (path) => files[path]?.toString() ?? Promise.reject(noSuchFile()),
    filesUnder: async function* (path) {
      const paths = Object.keys(files).filter((file) => file === path || file.startsWith(`${path}/`))
      if (paths.length === 0) throw noSuchFile()
      yield* paths
    },
    openTables: openForeignTables,
    openInput: (path) =>
      Readable.from(
        (async function* () {
          if (files[path] === undefined) throw noSuchFile()
          const bytes = Buffer.from(files[path])
          // In chunks that end in the middle of lines.
          for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
        })(),
      ),
  })
  return { exitCode, out, err }
}

/** Runs API commands against the tracker at `url`. */
export function apiLine(url: string, token: string) {
  return (line: string, world: World = {}, ...more: readonly string[]) =>
    runLine([...line.split(' '), ...more], { ...world, env: { MUSTER_API_URL: url, MUSTER_API_TOKEN: token } })
}

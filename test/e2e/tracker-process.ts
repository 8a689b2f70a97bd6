// A tracker in its own process, started from source: waits for its start lines, stores its output, ends it.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { indiscretionsOf } from './discreet-log.ts'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const MAIN = join(ROOT, 'src/config/main.ts')

export interface LogLine {
  readonly level: string
  readonly target?: string
  readonly msg: string
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface StartOptions {
  /** Arguments before `node`, such as those that enter a network namespace. */
  readonly within?: readonly string[]
  /** Script to run instead of `main.ts`. */
  readonly main?: string
  /** Arguments after the script. */
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Working directory, which holds the data directory; by default a temporary one. */
  readonly directory?: string
}

/** What the logs of all trackers of this test file should not contain. */
const seen: string[] = []

/** For the end of a test file: also of trackers that ended by themselves. */
export function takeIndiscretions(): string[] {
  return seen.splice(0)
}

export class TrackerProcess {
  readonly directory: string
  readonly ended: Promise<Ending>
  readonly lines: string[] = []
  /** What the log should not contain; known once the process has ended. */
  indiscretions: readonly string[] = []
  readonly #child: ChildProcess
  readonly #ownsDirectory: boolean
  #errors = ''
  #hasEnded = false
  #wake: () => void = () => undefined

  /** Does not wait: for a start that must fail. `document` is the TOML, if any. */
  constructor(
    document: string | undefined,
    { within = [], main = MAIN, args = [], env = {}, directory }: StartOptions = {},
  ) {
    this.#ownsDirectory = directory === undefined
    this.directory = directory ?? mkdtempSync(join(tmpdir(), 'muster-'))
    const [program = process.execPath, ...words] = [...within, process.execPath, main, ...args]
    const configuration = document === undefined ? {} : { MUSTER_CONFIG_TOML: document }
    const child = spawn(program, words, {
      cwd: this.directory,
      env: { ...process.env, ...configuration, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stderr.on('data', (chunk) => {
      this.#errors += chunk
    })
    createInterface(child.stdout).on('line', (line) => {
      this.lines.push(line)
      this.#wake()
    })
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.#hasEnded = true
      this.#wake()
      const given = { document: document ?? '', environment: env, args }
      this.indiscretions = indiscretionsOf({
        ...given,
        lines: this.lines,
        errors: this.#errors,
        directory: this.directory,
      })
      seen.push(...this.indiscretions)
      if (this.#ownsDirectory) rmSync(this.directory, { recursive: true, force: true })
      return { code, signal }
    })
  }

  /** Starts the tracker and waits until it is ready: every listener has logged its start. */
  static async start(document: string, options: StartOptions = {}): Promise<TrackerProcess> {
    const tracker = new TrackerProcess(document, options)
    await tracker.#until(() => tracker.log.some(({ msg }) => msg === 'the tracker is ready'))
    return tracker
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the tracker has not started')
    return this.#child.pid
  }

  get isRunning(): boolean {
    return !this.#hasEnded
  }

  get errors(): string {
    return this.#errors
  }

  /** What was printed on standard output as JSON. */
  get log(): LogLine[] {
    return this.lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  }

  /** `udp://127.0.0.1:40123` for each UDP listener, in the order of the document. */
  get udp(): string[] {
    return this.#startedOn('UDP TRACKER')
  }

  get http(): string[] {
    return this.#startedOn('HTTP TRACKER')
  }

  /** Where the management API listens. */
  get api(): string {
    return this.#startedOn('API')[0] ?? ''
  }

  /** Where the health API listens. */
  get health(): string {
    return this.#startedOn('HEALTH CHECK API')[0] ?? ''
  }

  /** Resolves with the first line that `isIt` accepts, printed already or later. */
  async printed(isIt: (line: string) => boolean): Promise<string> {
    await this.#until(() => this.lines.some(isIt))
    return this.lines.find(isIt) ?? ''
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Rejects if the log contains what it should not. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.signal(signal)
    const ending = await this.ended
    if (this.indiscretions.length > 0) throw new Error(`in the log:\n${this.indiscretions.join('\n')}`)
    return ending
  }

  /** For the end of a test that may have failed midway. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.stop('SIGKILL')
  }

  #startedOn(target: string): string[] {
    return this.log.flatMap((line) => {
      const url = line.target === target ? /^Started on: (\S+)$/.exec(line.msg)?.[1] : undefined
      return url === undefined ? [] : [url]
    })
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#hasEnded) throw new Error(`the tracker ended:\n${this.lines.join('\n')}\n${this.#errors}`)
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }
}

// Runs commands as someone at a terminal does: each has a pseudo-terminal of 80 columns (from util-linux's `script`), and
// Ctrl-C is a character that is typed.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'

const INTERRUPT = '\x03'
/** What the logger writes before each line. */
const TIME_AND_LEVEL = /^\[[^\]]+\] [A-Z]+: /
/** Lines that change the shell itself. They are run again before each command. */
const STATE = /^(alias|cd|export) /

export interface Place {
  /** The prefix of each command: it enters a network of its own. */
  readonly within: readonly string[]
  readonly directory: string
  readonly env: NodeJS.ProcessEnv
}

export class Terminal {
  readonly #place: Place
  readonly #state: string[] = []

  constructor(place: Place) {
    this.#place = place
  }

  /** Runs a command to its end and returns what it printed, by line. */
  async run(command: string): Promise<readonly string[]> {
    if (STATE.test(command)) this.#state.push(command)
    const child = this.#start([...this.#state, command].join('\n'))
    child.stdin?.end()
    const text = output(child)
    await once(child, 'close')
    return linesOf(text())
  }

  /** Starts a command that runs until it is interrupted. */
  serve(command: string): Served {
    return new Served(this.#start(command))
  }

  #start(script: string): ChildProcess {
    const { within, directory, env } = this.#place
    const shell = `stty cols 80 rows 50 -echo\nshopt -s expand_aliases\n${script}`
    const words = [...within, 'script', '--quiet', '--return', '--flush', '--command', `bash -c ${quoted(shell)}`]
    const [program, ...rest] = [...words, '/dev/null']
    return spawn(program, rest, { cwd: directory, env, stdio: ['pipe', 'pipe', 'inherit'] })
  }
}

/** A command that serves until it is interrupted. */
export class Served {
  readonly #child: ChildProcess
  readonly #text: () => string
  readonly #ended: Promise<unknown>

  constructor(child: ChildProcess) {
    this.#child = child
    this.#text = output(child)
    this.#ended = once(child, 'close')
  }

  get lines(): readonly string[] {
    return linesOf(this.#text()).map((line) => line.replace(TIME_AND_LEVEL, ''))
  }

  /** Waits until `isComplete` accepts the lines printed so far; throws if the command ends before. */
  async until(isComplete: (lines: readonly string[]) => boolean): Promise<void> {
    const ended = this.#ended.then(() => {
      throw new Error(`ended with ${this.lines.join('\n')}`)
    })
    ended.catch(() => {})
    while (!isComplete(this.lines)) await Promise.race([once(this.#child.stdout ?? this.#child, 'data'), ended])
  }

  /** Types Ctrl-C and waits for the end. */
  async interrupt(): Promise<void> {
    this.#child.stdin?.write(INTERRUPT)
    await this.#ended
  }
}

function output(child: ChildProcess): () => string {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}

function linesOf(text: string): readonly string[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

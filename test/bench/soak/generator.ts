// A program that makes load for the whole soak: it is told by lines on its standard input and answers in lines.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { LOAD_CORES, pinnedTo, stopChild } from '../processes.ts'

export interface Outcome {
  readonly begun: number
  readonly answered: number
  /** Not answered in time, after all repetitions. */
  readonly lost: number
  /** Answered with something else than the reply. */
  readonly failed: number
  readonly retries: number
  readonly p50Us: number
  readonly p99Us: number
  readonly p999Us: number
}

export interface UdpFigures {
  readonly seconds: number
  readonly announce: Outcome
  readonly newcomer: Outcome
  readonly scrape: Outcome
  readonly renewal: Outcome
  readonly floor: Outcome
  /** Requests that were due and not sent because the generator had no time. */
  readonly unsent: number
  readonly readingP99Us: number
  readonly lastFailure: string
}

export interface HttpFigures {
  readonly seconds: number
  readonly kept: Outcome & { readonly unsent: number }
  readonly fresh: Outcome & { readonly unsent: number }
}

export class Generator<Figures> {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>

  #phase = 0

  constructor(program: string, words: readonly string[]) {
    const [first = '', ...rest] = [...pinnedTo(LOAD_CORES), program, ...words]
    this.#child = spawn(first, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`)
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('a load generator has ended')
    return value
  }

  /** The next phase begins; returns its number. What begins in a phase counts for it, whenever it ends. */
  next(): number {
    this.tell('next')
    return ++this.#phase
  }

  /** The figures of a phase that is over, so far. */
  async report(phase: number): Promise<Figures> {
    this.tell(`report ${phase}`)
    return JSON.parse(await this.line())
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.stdin.end()
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000))])
    await stopChild(this.#child)
  }
}

// Which code of this process has run, block by block, from V8's precise coverage. It counts while the fuzzer runs, so
// nothing has to be instrumented, and asking for it takes about a millisecond.

import { type Profiler, Session } from 'node:inspector'

/** What ran since the coverage was taken last. */
export type Taken = readonly Profiler.ScriptCoverage[]

export class BlockCoverage {
  readonly #session = new Session()
  readonly #isCounted: (url: string) => boolean
  /** Per script one byte for each character of its source: 1 if it has run. */
  readonly #ran = new Map<string, Uint8Array>()

  /** Counts the scripts whose URL is accepted. */
  constructor(isCounted: (url: string) => boolean) {
    this.#isCounted = isCounted
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  take(): Taken {
    let taken: Taken = []
    // Within one thread the answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error
      taken = result.filter(({ url }) => this.#isCounted(url))
    })
    return taken
  }

  /** Whether something ran for the first time; remembers it if `remembers`. */
  hasNew(taken: Taken, remembers: boolean): boolean {
    let isNew = false
    for (const { url, functions } of taken) {
      const now = paint(functions)
      const before = this.#ran.get(url) ?? new Uint8Array(0)
      if (!now.some((ran, at) => ran > (before[at] ?? 0))) continue
      isNew = true
      if (remembers) this.#ran.set(url, union(before, now))
    }
    return isNew
  }

  /** Characters of source that have run. */
  get size(): number {
    let sum = 0
    for (const ran of this.#ran.values()) sum += ran.reduce((count, one) => count + one, 0)
    return sum
  }

  close(): void {
    this.#session.disconnect()
  }
}

/** Outer functions and blocks come before those that they contain. */
function paint(functions: readonly Profiler.FunctionCoverage[]): Uint8Array {
  const ranges = functions.flatMap((one) => one.ranges)
  const ran = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)))
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return ran
}

function union(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(Math.max(one.length, other.length))
  return all.map((_, at) => (one[at] ?? 0) | (other[at] ?? 0))
}

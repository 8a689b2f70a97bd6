// Many probes at once, but not too many: each has a time limit, and results come as they are known.

export interface ProbeOptions {
  /** How many run at the same time; 64 by default. */
  readonly concurrency?: number | undefined
  /** For each probe: its signal is aborted then. */
  readonly timeoutMs?: number | undefined
  /** Ends all: those under way are aborted, the others never start. */
  readonly signal?: AbortSignal | undefined
}

export type Probed<Target, Result> = {
  readonly target: Target
  /** Milliseconds. */
  readonly elapsedMs: number
} & ({ readonly result: Result } | { readonly error: unknown })

const DEFAULT_CONCURRENCY = 64

/**
 * Runs `probe` on each target and yields the outcomes in the order in which they are known. A probe must end when its
 * signal is aborted, as all calls of this library do. Leaving the loop early aborts what is under way.
 */
export async function* probeMany<Target, Result>(
  targets: Iterable<Target>,
  probe: (target: Target, signal: AbortSignal) => Promise<Result>,
  { concurrency = DEFAULT_CONCURRENCY, timeoutMs, signal }: ProbeOptions = {},
): AsyncGenerator<Probed<Target, Result>> {
  const leaving = new AbortController()
  const stop = AbortSignal.any([leaving.signal, ...(signal === undefined ? [] : [signal])])
  const running = new Map<symbol, Promise<readonly [symbol, Probed<Target, Result>]>>()
  const waiting = targets[Symbol.iterator]()
  let isLast = false
  try {
    for (;;) {
      while (!isLast && !stop.aborted && running.size < concurrency) {
        const { done, value } = waiting.next()
        isLast = done ?? false
        if (isLast) break
        const id = Symbol()
        running.set(
          id,
          timed(value, probe, stop, timeoutMs).then((probed) => [id, probed] as const),
        )
      }
      if (running.size === 0) return
      const [id, probed] = await Promise.race(running.values())
      running.delete(id)
      yield probed
    }
  } finally {
    leaving.abort()
  }
}

async function timed<Target, Result>(
  target: Target,
  probe: (target: Target, signal: AbortSignal) => Promise<Result>,
  stop: AbortSignal,
  timeoutMs: number | undefined,
): Promise<Probed<Target, Result>> {
  const signal = timeoutMs === undefined ? stop : AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
  const startedAt = performance.now()
  try {
    const result = await probe(target, signal)
    return { target, elapsedMs: performance.now() - startedAt, result }
  } catch (error) {
    return { target, elapsedMs: performance.now() - startedAt, error }
  }
}

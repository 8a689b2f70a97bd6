// Runs a load: starts its threads, leads them through fill, warm-up and measurement, and reports.

import { setTimeout as pause } from 'node:timers/promises'
import { fillReport } from './fill-report.ts'
import { LoadPhase, sumCounts } from './load-memory.ts'
import { isFlood, type LoadPlan, totalSockets } from './load-plan.ts'
import type { LoadReport } from './load-report.ts'
import { LoadThreads } from './load-threads.ts'
import { Measurement } from './measurement.ts'
import { MAX_SWARM_PEERS, populate } from './population.ts'
import { TargetError } from './target.ts'

/** Without any reply for this long, or twice the time-out, there is nothing to wait for. */
const SILENCE_SECONDS = 5
const LOOK_EVERY_MS = 50
/** How long a thread may take to look at the phase. */
const SPARE_MS = 2000

export interface LoadProgress {
  readonly phase: 'connecting' | 'filling' | 'warming up' | 'measuring'
  /** From 0 to 1. */
  readonly share: number
  readonly repliesPerSecond: number
}

export interface LoadRun {
  readonly onProgress: (progress: LoadProgress) => void
}

/** Rejects with a `TargetError` if the target does not answer, or cannot be asked. */
export async function runLoad(plan: LoadPlan, { onProgress }: LoadRun): Promise<LoadReport> {
  const population = populate(plan.population)
  if (population === undefined) {
    throw new TargetError(`A torrent would have more than ${MAX_SWARM_PEERS} peers: use more torrents or fewer peers.`)
  }
  const threads = await LoadThreads.start(plan, population)
  try {
    const run = new Phases(plan, threads, onProgress)
    if (!isFlood(plan)) await run.finish(LoadPhase.Connect, 'connecting', totalSockets(plan))
    const before = performance.now()
    if (plan.fills) await run.finish(LoadPhase.Fill, 'filling', plan.population.peers)
    const fill = plan.fills
      ? fillReport(population, sumCounts(threads.memory), (performance.now() - before) / 1000)
      : null
    threads.enter(LoadPhase.Load)
    await run.last('warming up', plan.warmUpSeconds, () => undefined)
    const measurement = new Measurement(plan, threads.memory)
    threads.enter(LoadPhase.Measure)
    await run.last('measuring', plan.seconds, () => measurement.look())
    threads.enter(LoadPhase.Drain)
    measurement.end()
    await run.drain()
    return measurement.report({ fill, firstFailure: threads.firstFailure })
  } finally {
    await threads.stop()
  }
}

export function silenceSeconds({ timeoutSeconds }: Pick<LoadPlan, 'timeoutSeconds'>): number {
  return Math.max(SILENCE_SECONDS, 2 * timeoutSeconds)
}

class Phases {
  readonly #plan: LoadPlan
  readonly #threads: LoadThreads
  readonly #onProgress: (progress: LoadProgress) => void
  #replies = 0
  #repliedAt = performance.now()
  #lookedAt = performance.now()

  constructor(plan: LoadPlan, threads: LoadThreads, onProgress: (progress: LoadProgress) => void) {
    this.#plan = plan
    this.#threads = threads
    this.#onProgress = onProgress
  }

  /** Runs a phase that ends by itself when `all` is done. */
  async finish(phase: LoadPhase, name: LoadProgress['phase'], all: number): Promise<void> {
    this.#threads.enter(phase)
    while (!this.#threads.haveCompleted(phase)) {
      await this.#look(name, Math.min(1, this.#done(phase) / all))
    }
  }

  #done(phase: LoadPhase): number {
    const { filled, anyReplies } = sumCounts(this.#threads.memory)
    return phase === LoadPhase.Fill ? filled : anyReplies
  }

  /** Runs a phase for some seconds. */
  async last(name: LoadProgress['phase'], seconds: number, everySecond: () => void): Promise<void> {
    const begun = performance.now()
    const end = begun + seconds * 1000
    for (let next = begun + 1000; performance.now() < end; ) {
      await this.#look(name, (performance.now() - begun) / (seconds * 1000), end)
      if (performance.now() < next) continue
      next += 1000
      everySecond()
    }
  }

  /** Waits until nothing is in flight, or what is must be lost. */
  async drain(): Promise<void> {
    // Nothing is sent, and no reply counts, later than a time-out after the end. Finding what is lost takes a while.
    const end = performance.now() + 2 * this.#plan.timeoutSeconds * 1000 + SPARE_MS
    while (!this.#threads.haveCompleted(LoadPhase.Drain) && performance.now() < end) {
      await pause(LOOK_EVERY_MS)
      this.#threads.throwIfBroken()
    }
  }

  async #look(phase: LoadProgress['phase'], share: number, end = Number.POSITIVE_INFINITY): Promise<void> {
    await pause(Math.max(0, Math.min(LOOK_EVERY_MS, end - performance.now())))
    this.#threads.throwIfBroken()
    const now = performance.now()
    const replies = sumCounts(this.#threads.memory).anyReplies
    if (replies !== this.#replies) this.#repliedAt = now
    const elapsed = (now - this.#lookedAt) / 1000
    this.#onProgress({ phase, share, repliesPerSecond: elapsed > 0 ? (replies - this.#replies) / elapsed : 0 })
    this.#replies = replies
    this.#lookedAt = now
    const silence = silenceSeconds(this.#plan)
    if (now - this.#repliedAt < silence * 1000 || isFlood(this.#plan)) return
    if (replies > 0 && phase === 'measuring') return
    const { firstFailure } = this.#threads
    const { unreachable } = sumCounts(this.#threads.memory)
    const why = unreachable > 0 ? ': nothing listens on the port' : ''
    throw new TargetError(
      firstFailure === undefined
        ? `The tracker has not answered for ${silence} seconds${why}.`
        : `The tracker refuses all requests: ${firstFailure}`,
    )
  }
}

// The clean-up: how long it takes to scan all peers and to remove them all, and the longest time that a shard's lock is
// held, alone and while other threads announce. A slice holds one lock once.

import { CoreWaits } from '../core-waits.ts'
import type { TurnResult } from './announcer-thread.ts'
import { SharedStore } from './shared-store.ts'
import { type Ground, WorkerPool } from './worker-pool.ts'
import { NOW_SECONDS } from './workload.ts'

export interface CleaningFigures {
  readonly kind: string
  readonly threads: number
  readonly milliseconds: number
  readonly slices: number
  readonly medianUs: number
  readonly p999Us: number
  readonly longestUs: number
  /** Without the time in which another thread had the core. */
  readonly longestRunningUs: number
  readonly runningOver200Us: number
  readonly peersLeft: number
  readonly announcers: readonly TurnResult[]
}

interface Slices {
  /** Microseconds from call to return. */
  readonly wall: number[]
  /** The same without the time that this thread waited for a core. */
  readonly running: number[]
}

function sweep(store: SharedStore, cutoff: number): Slices {
  const slices: Slices = { wall: [], running: [] }
  const waits = new CoreWaits()
  for (let isLast = false; !isLast; ) {
    const waited = waits.microseconds()
    const begun = performance.now()
    isLast = store.sweepSlice(cutoff)
    const wall = (performance.now() - begun) * 1000
    slices.wall.push(wall)
    slices.running.push(wall - (waits.microseconds() - waited))
  }
  waits.close()
  return slices
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function figuresOf(kind: string, store: SharedStore, slices: Slices, announcers: readonly TurnResult[]) {
  const sorted = slices.wall.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  const figures: CleaningFigures = {
    kind,
    threads: announcers.length,
    milliseconds: total(slices.wall) / 1000,
    slices: sorted.length,
    medianUs: at(0.5),
    p999Us: at(0.999),
    longestUs: at(1),
    longestRunningUs: slices.running.reduce((max, value) => Math.max(max, value), 0),
    runningOver200Us: slices.running.filter((value) => value > 200).length,
    peersLeft: store.peers(),
    announcers,
  }
  return figures
}

const NOTHING = NOW_SECONDS - 1
const EVERYTHING = NOW_SECONDS

/** Scans a full registry, alone and with each number of announcers; finally removes everything, alone. */
export async function measureCleaning(ground: Ground, poolSizes: readonly number[]): Promise<CleaningFigures[]> {
  const store = new SharedStore(ground.buffer, 99)
  sweep(store, NOTHING) // warms up the compiler
  const results = [figuresOf('look through', store, sweep(store, NOTHING), [])]
  for (const threads of poolSizes) {
    const pool = new WorkerPool(ground, threads)
    await pool.run('published_load', 50_000)
    const finish = await pool.announceMeanwhile()
    const slices = sweep(store, NOTHING)
    const announcers = await finish()
    await pool.end()
    results.push(figuresOf('look through', store, slices, announcers))
  }
  results.push(figuresOf('remove all', store, sweep(store, EVERYTHING), []))
  return results
}

// The four scenarios of Torrust's repository benchmark, by their names, and the published load. Each returns the
// nanoseconds per operation of one thread; those that end in `_in_parallel` may run in several threads at once.

import { AnnounceEvent } from '../../../src/domain/announce.ts'
import type { BenchStore } from './bench-store.ts'
import type { Announcer } from './workload.ts'

export const PARALLEL_SCENARIOS = [
  'add_multiple_torrents_in_parallel',
  'update_one_torrent_in_parallel',
  'update_multiple_torrents_in_parallel',
  'published_load',
] as const
export type ParallelScenario = (typeof PARALLEL_SCENARIOS)[number]

export interface Turn {
  readonly scenario: ParallelScenario
  readonly operations: number
  /** This thread's number and the number of threads, so that they add different torrents. */
  readonly index: number
  readonly threads: number
}

const TORRENTS = 10_000
const PEERS_OF_ONE = 100

function nanoseconds(): number {
  return performance.now() * 1e6
}

/** The cost of reading the clock; subtracted where a single operation is timed. */
function clockCost(): number {
  const begun = nanoseconds()
  for (let i = 0; i < 10_000; i++) nanoseconds()
  return (nanoseconds() - begun) / 10_000
}

/** Adds a torrent to an empty store and removes it again, outside the measurement. */
export function addOneTorrent(store: BenchStore, announcer: Announcer, operations: number): number {
  let spent = 0
  for (let i = 0; i < operations; i++) {
    announcer.byOnlyPeer(i % TORRENTS)
    const begun = nanoseconds()
    store.announce(announcer.request, announcer.reply)
    spent += nanoseconds() - begun
    announcer.request.event = AnnounceEvent.Stopped
    store.announce(announcer.request, announcer.reply)
  }
  return spent / operations - clockCost()
}

export function runTurn(
  store: BenchStore,
  announcer: Announcer,
  { scenario, operations, index, threads }: Turn,
): number {
  const begun = nanoseconds()
  for (let i = 0; i < operations; i++) {
    const number = i * threads + index
    if (scenario === 'add_multiple_torrents_in_parallel') announcer.byOnlyPeer(number)
    else if (scenario === 'update_one_torrent_in_parallel') announcer.from(announcer.below(PEERS_OF_ONE), 0)
    else if (scenario === 'published_load') announcer.byAnybody()
    else announcer.byOnlyPeer(announcer.below(TORRENTS))
    store.announce(announcer.request, announcer.reply)
  }
  return (nanoseconds() - begun) / operations
}

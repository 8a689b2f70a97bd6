// A worker thread that notes completed downloads as fast as it can, numbered from 1, and torrents that appear and
// disappear in between.

import { workerData } from 'node:worker_threads'
import { SharedFacts } from '../../../../src/adapters/outbound/facts/shared-facts.ts'
import { type CounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'
import { FactKind } from '../../../../src/domain/ports/outbound/facts.ts'

export interface NotingOptions {
  readonly facts: SharedArrayBuffer
  readonly counters: CounterMemory
  readonly thread: number
  readonly count: number
  /** Other facts after each download. */
  readonly flood: number
}

const { facts, counters, thread, count, flood } = workerData as NotingOptions
const ring = new SharedFacts(facts, thread, new SharedCounters(counters, { thread, end: counters.counters }))
const words = new Int32Array(5)
for (let n = 1; n <= count; n++) {
  // All five words are equal, so that a torn fact is detected.
  words.fill((thread << 24) | n)
  ring.note(FactKind.TorrentCompleted, words, 0)
  for (let i = 0; i < flood; i++) ring.note(i % 2 === 0 ? FactKind.TorrentAdded : FactKind.TorrentRemoved, words, 0)
}

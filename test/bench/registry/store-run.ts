// One store in a separate process, so that its memory can be measured: fills it with the published population, then
// announces, and prints the measurements as JSON. Arguments: store, family, torrents, peers, budget in bytes.

import type { Family } from '../../../src/domain/announce.ts'
import type { BenchStore, StoreName } from './bench-store.ts'
import { ObjectStore } from './object-store.ts'
import { PackedStore } from './packed-store.ts'
import { addOneTorrent, PARALLEL_SCENARIOS, runTurn } from './scenarios.ts'
import { SharedStore } from './shared-store.ts'
import { Announcer, populate } from './workload.ts'

export interface StoreFigures {
  readonly store: StoreName
  readonly family: Family
  readonly peers: number
  readonly bytesPerPeer: number
  readonly fillNanosecondsEach: number
  readonly announcesPerSecond: number
  readonly peersPerAnnounce: number
  readonly scenarios: Readonly<Record<string, number>>
}

const [name, familyText, torrents, peers, budget] = process.argv.slice(2)
const family: Family = familyText === '1' ? 1 : 0
const SCENARIO_OPERATIONS = 200_000
const PUBLISHED_OPERATIONS = 300_000

function newStore(budgetBytes: number): BenchStore {
  if (name === 'objects') return new ObjectStore()
  if (name === 'packed') return new PackedStore()
  return new SharedStore(SharedStore.reserve(budgetBytes), 1)
}

function residentBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

function runScenarios(announcer: Announcer): Record<string, number> {
  const store = newStore(256 * 2 ** 20)
  const run = (scenario: (typeof PARALLEL_SCENARIOS)[number]): number =>
    runTurn(store, announcer, { scenario, operations: SCENARIO_OPERATIONS, index: 0, threads: 1 })
  const addOne = (): number => addOneTorrent(newStore(16 * 2 ** 20), announcer, SCENARIO_OPERATIONS)
  addOne()
  const nanoseconds: Record<string, number> = { add_one_torrent: addOne() }
  for (const scenario of PARALLEL_SCENARIOS) {
    if (scenario !== 'published_load') nanoseconds[scenario] = run(scenario)
  }
  return nanoseconds
}

const population = populate({ torrents: Number(torrents), peers: Number(peers) })
const announcer = new Announcer(population, family, 1)
const before = residentBytes()
const store = newStore(Number(budget))
const begun = performance.now()
for (let peer = 0; peer < population.peers; peer++) {
  announcer.by(peer)
  store.announce(announcer.request, announcer.reply)
}
const fillMilliseconds = performance.now() - begun
const bytes = residentBytes() - before

const turn = { scenario: 'published_load', operations: PUBLISHED_OPERATIONS, index: 0, threads: 1 } as const
const nanosecondsEach = runTurn(store, announcer, turn)
let given = 0
for (let i = 0; i < 100_000; i++) {
  announcer.byAnybody()
  store.announce(announcer.request, announcer.reply)
  given += family === 0 ? announcer.reply.ipv4.count : announcer.reply.ipv6.count
}

const figures: StoreFigures = {
  store: name as StoreName,
  family,
  peers: store.peers(),
  bytesPerPeer: bytes / store.peers(),
  fillNanosecondsEach: (fillMilliseconds * 1e6) / population.peers,
  announcesPerSecond: 1e9 / nanosecondsEach,
  peersPerAnnounce: given / 100_000,
  scenarios: family === 0 ? runScenarios(announcer) : {},
}
console.log(JSON.stringify(figures))

// The swarm registry alone, without sockets: announces per second, memory per peer, threads, clean-up, and alternative
// stores.

import { fileURLToPath } from 'node:url'
import { average, type Bench, fixed, numberOf, progress, type Report, type Table, thousands } from './bench.ts'
import { outputOf } from './processes.ts'
import type { TurnResult } from './registry/announcer-thread.ts'
import { STORE_NAMES, type StoreName } from './registry/bench-store.ts'
import { type CleaningFigures, measureCleaning } from './registry/cleaning.ts'
import { type FullMemoryFigures, measureFullMemory } from './registry/full-memory.ts'
import { PARALLEL_SCENARIOS, type ParallelScenario } from './registry/scenarios.ts'
import { SharedStore } from './registry/shared-store.ts'
import type { StoreFigures } from './registry/store-run.ts'
import { type Ground, WorkerPool } from './registry/worker-pool.ts'
import { Announcer, type Population, type PopulationSize, populate } from './registry/workload.ts'

const STORE_RUN = fileURLToPath(new URL('./registry/store-run.ts', import.meta.url))
const BUDGET_BYTES = 2 ** 30
const POOL_SIZES = [1, 2, 4]
const OPERATIONS = 400_000

interface ParallelFigures {
  readonly scenario: ParallelScenario
  readonly threads: readonly TurnResult[]
}

async function measureStore(store: StoreName, family: number, size: PopulationSize): Promise<StoreFigures> {
  progress(`${store}, IPv${family === 0 ? 4 : 6}: filling in a separate process`)
  const options = ['--expose-gc', '--max-old-space-size=12000', STORE_RUN]
  const shape = [store, String(family), String(size.torrents), String(size.peers), String(BUDGET_BYTES)]
  return JSON.parse(await outputOf([process.execPath, ...options, ...shape]))
}

async function measureStores(names: readonly StoreName[], size: PopulationSize): Promise<StoreFigures[]> {
  const results: StoreFigures[] = []
  for (const name of names) {
    for (const family of [0, 1]) results.push(await measureStore(name, family, size))
  }
  return results
}

function fill(population: Population): Ground {
  const ground: Ground = { buffer: SharedStore.reserve(BUDGET_BYTES), population, family: 0 }
  const store = new SharedStore(ground.buffer, 1)
  const announcer = new Announcer(population, 0, 1)
  for (let peer = 0; peer < population.peers; peer++) {
    announcer.by(peer)
    store.announce(announcer.request, announcer.reply)
  }
  return ground
}

async function measureScenario(ground: Ground, scenario: ParallelScenario, threads: number): Promise<ParallelFigures> {
  const isPublished = scenario === 'published_load'
  const place = isPublished ? ground : { ...ground, buffer: SharedStore.reserve(BUDGET_BYTES / 4) }
  const pool = new WorkerPool(place, threads)
  const operations = Math.min(OPERATIONS, Math.floor(ground.population.torrents / threads))
  // Torrents can be added only once, so adding is warmed up with updates of other torrents.
  await pool.run(scenario === 'add_multiple_torrents_in_parallel' ? 'update_one_torrent_in_parallel' : scenario, 50_000)
  const results = await pool.run(scenario, operations)
  await pool.end()
  return { scenario, threads: results }
}

function storeTable(figures: readonly StoreFigures[]): Table {
  return {
    title: 'Stores with the published population, one thread',
    columns: ['store', 'family', 'peers', 'bytes per peer', 'announces/s', 'peers per reply', 'fill ns'],
    rows: figures.map((run) => [
      run.store,
      run.family === 0 ? 'IPv4' : 'IPv6',
      thousands(run.peers),
      fixed(run.bytesPerPeer, 1),
      thousands(run.announcesPerSecond),
      fixed(run.peersPerAnnounce, 1),
      fixed(run.fillNanosecondsEach, 0),
    ]),
  }
}

function scenarioTable(figures: readonly StoreFigures[]): Table {
  const runs = figures.filter(({ family }) => family === 0)
  const names = Object.keys(runs[0]?.scenarios ?? {})
  return {
    title: 'Scenarios, one thread, nanoseconds per operation',
    columns: ['scenario', ...runs.map(({ store }) => store)],
    rows: names.map((name) => [name, ...runs.map(({ scenarios }) => fixed(scenarios[name] ?? Number.NaN, 0))]),
  }
}

function parallelTable(figures: readonly ParallelFigures[]): Table {
  return {
    title: 'The shared registry with several concurrent threads',
    columns: ['scenario', 'threads', 'operations/s', 'ns each', 'ns CPU each'],
    rows: figures.map(({ scenario, threads }) => [
      scenario,
      threads.length,
      thousands(threads.reduce((sum, { nanosecondsEach }) => sum + 1e9 / nanosecondsEach, 0)),
      fixed(average(threads.map(({ nanosecondsEach }) => nanosecondsEach)), 0),
      fixed(average(threads.map(({ cpuNanosecondsEach }) => cpuNanosecondsEach)), 0),
    ]),
  }
}

function cleaningTable(figures: readonly CleaningFigures[]): Table {
  return {
    title: 'Clean-up: a slice holds one lock once',
    columns: [
      'work',
      'announcing',
      'ms',
      'slices',
      'p50 µs',
      'p99.9 µs',
      'longest µs',
      'longest running µs',
      '> 200 µs',
    ],
    rows: figures.map((run) => [
      run.kind,
      `${run.threads} threads`,
      fixed(run.milliseconds, 0),
      thousands(run.slices),
      fixed(run.medianUs, 1),
      fixed(run.p999Us, 1),
      fixed(run.longestUs, 0),
      fixed(run.longestRunningUs, 0),
      run.runningOver200Us,
    ]),
  }
}

function fullMemoryTable(figures: readonly FullMemoryFigures[]): Table {
  return {
    title: 'Announces of new torrents, by what has filled the memory: ns each',
    columns: ['filled by', 'known peer', 'with room', 'memory full', 'ratio', 'of the crowd itself', 'stored'],
    rows: figures.map((run) => [
      run.crowd,
      fixed(run.known, 0),
      fixed(run.roomy, 0),
      fixed(run.full, 0),
      fixed(run.full / run.roomy, 2),
      fixed(run.fullCrowd, 0),
      `${fixed(100 * run.stored, 1)} %`,
    ]),
  }
}

const NOTES = [
  'Bytes per peer: growth of the resident memory of the process since before the store was created, divided by its peers.',
  'A slice may wait for its lock and for a core. `running` excludes the wait for a core; `> 200 µs` is based on it.',
  'Every announce holds one lock once, at most for the time in the tables above.',
]

export const registryBench: Bench = {
  summary: 'announces per second, bytes per peer, threads, clean-up; compared with other stores',
  help: [
    '--torrents N   torrents (1000000)',
    '--peers N      peers (2000000)',
    '--store NAME   only this store: shared, packed, objects',
    '--alone        without the measurements that need several threads',
    '--full-memory  only announces of new torrents when memory is full',
  ],
  options: {
    torrents: { type: 'string', default: '1000000' },
    peers: { type: 'string', default: '2000000' },
    store: { type: 'string' },
    alone: { type: 'boolean' },
    'full-memory': { type: 'boolean' },
  },
  async run(values): Promise<Report> {
    if (values['full-memory'] === true) {
      progress('full memory')
      const full = await measureFullMemory()
      return { tables: [fullMemoryTable(full)], notes: [], figures: { full } }
    }
    const size = { torrents: numberOf(values, 'torrents', 10_000), peers: numberOf(values, 'peers', 10_000) }
    const names = STORE_NAMES.filter((name) => values['store'] === undefined || values['store'] === name)
    const stores = await measureStores(names, size)
    const tables = [storeTable(stores), scenarioTable(stores)]
    if (values['alone'] === true) return { tables, notes: NOTES, figures: { stores } }
    progress('several threads over one registry')
    const ground = fill(populate(size))
    const parallel: ParallelFigures[] = []
    for (const scenario of PARALLEL_SCENARIOS) {
      for (const threads of POOL_SIZES) parallel.push(await measureScenario(ground, scenario, threads))
    }
    progress('clean-up')
    const cleaning = await measureCleaning(ground, POOL_SIZES)
    tables.push(parallelTable(parallel), cleaningTable(cleaning))
    return { tables, notes: NOTES, figures: { stores, parallel, cleaning } }
  },
}

// Saving and loading all swarms: how long it takes, how long a lock is held, and the effect on concurrent announces.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, fixed, numberOf, progress, type Report, thousands } from './bench.ts'
import { SharedStore } from './registry/shared-store.ts'
import { type Ground, WorkerPool } from './registry/worker-pool.ts'
import { Announcer, populate } from './registry/workload.ts'
import { type LoadFigures, measureLoad, measureSave, type SaveFigures } from './snapshot/save-and-load.ts'

const BUDGET_BYTES = 2 ** 30

function fill(torrents: number, peers: number): Ground {
  const population = populate({ torrents, peers })
  const ground: Ground = { buffer: SharedStore.reserve(BUDGET_BYTES), population, family: 0 }
  const store = new SharedStore(ground.buffer, 1)
  const announcer = new Announcer(population, 0, 1)
  for (let peer = 0; peer < peers; peer++) {
    announcer.by(peer)
    store.announce(announcer.request, announcer.reply)
  }
  return ground
}

function saveRow(what: string, run: SaveFigures) {
  return [
    what,
    fixed(run.milliseconds / 1000, 2),
    thousands(run.saved.peers),
    fixed(run.saved.bytes / 2 ** 20, 0),
    thousands(run.slices.count),
    fixed(run.slices.medianUs, 1),
    fixed(run.slices.p999Us, 1),
    fixed(run.slices.longestUs, 0),
    fixed(run.slices.longestRunningUs, 0),
    run.slices.runningOver200Us,
  ]
}

function loadRow(what: string, run: LoadFigures) {
  return [
    what,
    fixed(run.milliseconds / 1000, 2),
    thousands(run.loaded.peers),
    thousands(run.loaded.outdated),
    thousands(run.loaded.withoutRoom),
  ]
}

export const snapshotBench: Bench = {
  summary: 'saving and loading all swarms, and the effect on announces',
  help: ['--torrents N   torrents (1000000)', '--peers N      peers (2000000)'],
  options: {
    torrents: { type: 'string', default: '1000000' },
    peers: { type: 'string', default: '2000000' },
  },
  async run(values): Promise<Report> {
    const folder = mkdtempSync(join(tmpdir(), 'muster-'))
    const file = join(folder, 'swarms.snapshot')
    try {
      progress('filling')
      const ground = fill(numberOf(values, 'torrents', 10_000), numberOf(values, 'peers', 10_000))
      progress('saving')
      const first = await measureSave(ground.buffer, file)
      const second = await measureSave(ground.buffer, file)
      progress('saving while a thread announces')
      const pool = new WorkerPool(ground, 1)
      await pool.run('published_load', 50_000)
      const [alone] = await pool.run('published_load', 400_000)
      const finish = await pool.announceMeanwhile()
      const busy = await measureSave(ground.buffer, file)
      const [beside] = await finish()
      await pool.end()
      progress('loading')
      const bytes = statSync(file).size
      const empty = await measureLoad(SharedStore.reserve(BUDGET_BYTES), file)
      const again = await measureLoad(ground.buffer, file)
      const figures = { bytes, first, second, busy, empty, again, alone, beside }
      return {
        tables: [
          {
            title: 'Saving: a slice holds one lock once',
            columns: [
              '',
              's',
              'peers',
              'MiB',
              'slices',
              'p50 µs',
              'p99.9 µs',
              'longest µs',
              'longest running µs',
              '> 200 µs',
            ],
            rows: [saveRow('first', first), saveRow('second', second), saveRow('while a thread announces', busy)],
          },
          {
            title: 'Loading',
            columns: ['', 's', 'peers', 'already known', 'without room'],
            rows: [loadRow('into empty memory', empty), loadRow('over its own swarms', again)],
          },
          {
            title: 'An announce in the other thread',
            columns: ['', 'ns', 'ns CPU'],
            rows: [
              ['alone', fixed(alone?.nanosecondsEach ?? 0, 0), fixed(alone?.cpuNanosecondsEach ?? 0, 0)],
              [
                'while swarms are saved',
                fixed(beside?.nanosecondsEach ?? 0, 0),
                fixed(beside?.cpuNanosecondsEach ?? 0, 0),
              ],
            ],
          },
        ],
        notes: [
          'Times are from call to result: saving includes the write to disk, and loading reads the file twice.',
          'A slice may wait for its lock and for a core. `running` excludes the wait for a core; `> 200 µs` is based on it.',
        ],
        figures,
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

// The registry with more threads than the machine has cores, all at the same swarms.

import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import { twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { scrapeDifferences, swarmDifferences, totalsDifferences } from '../../model/compare.ts'
import { Barrier, type HammerOptions, LONG_AGO, movesOf } from '../../model/hammer.ts'
import { NaiveSwarms } from '../../model/naive-swarms.ts'
import { aRegistry } from '../../model/world.ts'

const THREADS = 4
const STEPS = 5_000
const WORKER = fileURLToPath(new URL('../../model/hammer.ts', import.meta.url))

const workers: Worker[] = []

/** A thread stuck in corrupt memory must not outlive its test. */
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
})

/** Runs the tasks at once, one thread each; resolves to their reports when all have ended. */
function hammer(
  tasks: readonly HammerOptions['task'][],
  swarms: SharedArrayBuffer,
  barrier: SharedArrayBuffer,
  steps: number,
) {
  return Promise.all(
    tasks.map(
      (task, thread) =>
        new Promise<number>((done, fail) => {
          const options: HammerOptions = { task, swarms, barrier: barrier, thread, threads: tasks.length, steps }
          const worker = new Worker(WORKER, { workerData: { ...options, file: WORKER }, execArgv: [] })
          workers.push(worker)
          let wrong = -1
          worker.on('message', (count: number) => {
            wrong = count
          })
          worker.on('error', fail)
          worker.on('exit', () => done(wrong))
        }),
    ),
  )
}

/** The same moves on the model, one thread after the other. */
function playModel(): NaiveSwarms {
  const model = new NaiveSwarms()
  for (let thread = 0; thread < THREADS; thread++) {
    for (const move of movesOf(thread, STEPS)) model.announce({ ...move, numwant: 0 })
  }
  return model
}

function aBarrier() {
  return new SharedArrayBuffer(256)
}

describe('four threads at once', () => {
  it('lose no peer and agree with the model', async () => {
    const registry = aRegistry()
    const wrong = await hammer(new Array(THREADS).fill('announce'), registry.memory.buffer, aBarrier(), STEPS)
    expect(wrong).toEqual([0, 0, 0, 0])
    const model = playModel()
    const differences = totalsDifferences(registry, model)
    for (let torrent = 0; torrent < 5; torrent++) {
      differences.push(...swarmDifferences(registry, model, twentyBytes(torrent)))
      differences.push(...scrapeDifferences(registry, model, twentyBytes(torrent)))
    }
    expect([...differences, ...memoryProblems(registry.memory)]).toEqual([])
    expect(model.totals().ipv4Peers).toBeGreaterThan(1_000)
  }, 30_000)

  it('lose only what has expired while a sweeper runs continuously', async () => {
    const registry = aRegistry()
    const tasks = [...new Array<'announce'>(THREADS).fill('announce'), 'sweep'] as const
    const wrong = await hammer(tasks, registry.memory.buffer, aBarrier(), STEPS)
    expect(wrong).toEqual([0, 0, 0, 0, 0])
    expect(memoryProblems(registry.memory)).toEqual([])
    const sweeper = new Sweeper(registry)
    while (!sweeper.slice(LONG_AGO, false));
    const model = playModel()
    model.sweep(LONG_AGO, false)
    const differences = totalsDifferences(registry, model)
    for (let torrent = 0; torrent < 5; torrent++) {
      differences.push(...swarmDifferences(registry, model, twentyBytes(torrent)))
    }
    expect([...differences, ...memoryProblems(registry.memory)]).toEqual([])
    while (!sweeper.slice(LONG_AGO * 2, true));
    expect(memoryProblems(registry.memory)).toEqual([])
    expect(registry.heap.usedBytes()).toBe(0)
  }, 30_000)
})

describe('a lock', () => {
  it('lets one thread in at a time', async () => {
    const barrier = aBarrier()
    const steps = 50_000
    const intrusions = await hammer(new Array(THREADS).fill('count'), new SharedArrayBuffer(0), barrier, steps)
    expect(intrusions).toEqual([0, 0, 0, 0])
    expect(new Int32Array(barrier)[Barrier.Guarded]).toBe(THREADS * steps)
    expect(new Int32Array(barrier)[Barrier.Lock]).toBe(0)
  }, 30_000)
})

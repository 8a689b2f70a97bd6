// Readers without a lock beside a writer that does nothing but remove records and reuse them.

import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Mark, TorrentMarks } from '../../../src/domain/access/torrent-marks.ts'
import { anAccessMemory, entryWords } from '../../model/access.ts'
import { ALWAYS, NEVER, ReaderState, type ReadingOptions, type ReadingReport } from '../../model/access-hammer.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

const READERS = 3
const CHANGES = 200_000
const READER = fileURLToPath(new URL('../../model/access-hammer.ts', import.meta.url))
const workers: Worker[] = []

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
})

/** Starts the readers on `marks`, lets `write` work once all of them read, and resolves with what they saw. */
async function readWhile(access: SharedArrayBuffer, write: () => void): Promise<readonly ReadingReport[]> {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const options: ReadingOptions = { access, state: state.buffer, file: READER }
  const reports = Array.from({ length: READERS }, async () => {
    const worker = new Worker(READER, { workerData: options, execArgv: [] })
    workers.push(worker)
    const [report] = await once(worker, 'message')
    return report as ReadingReport
  })
  for (let ready = 0; ready < READERS; ready = Atomics.load(state, ReaderState.Reading)) {
    await Atomics.waitAsync(state, ReaderState.Reading, ready, 100).value
  }
  write()
  Atomics.store(state, ReaderState.Stop, 1)
  return await Promise.all(reports)
}

function nothingWrong(reports: readonly ReadingReport[]): void {
  expect(reports.map(({ misses, ghosts }) => ({ misses, ghosts }))).toEqual(
    new Array(READERS).fill({ misses: 0, ghosts: 0 }),
  )
  expect(Math.min(...reports.map(({ looks }) => looks))).toBeGreaterThan(0)
}

describe('a reader', () => {
  // So few slots that all records share a chain with others that come and go.
  const aTable = () => {
    const memory = anAccessMemory({ torrents: ALWAYS + 60 })
    const marks = new TorrentMarks(memory)
    for (let n = 0; n < ALWAYS; n++) marks.mark(entryWords(n, 5), 0, Mark.Listed)
    return { memory, marks }
  }

  it('never misses what is always there while records beside it are removed and reused', async () => {
    const { memory, marks } = aTable()
    const random = new SeededRandom(1)
    const visitors = Array.from({ length: 120 }, (_, n) => entryWords(NEVER + n, 5))
    const reports = await readWhile(memory.buffer, () => {
      for (let change = 0; change < CHANGES; change++) {
        const words = random.pick(visitors)
        const mark = random.pick([Mark.Listed, Mark.Blocked] as const)
        if (!marks.unmark(words, 0, mark)) marks.mark(words, 0, mark)
      }
    })
    nothingWrong(reports)
  }, 30_000)

  it('never misses it while the list is reloaded over and over', async () => {
    const { memory, marks } = aTable()
    const always = Array.from({ length: ALWAYS }, (_, n) => entryWords(n, 5))
    const reports = await readWhile(memory.buffer, () => {
      for (let round = 0; round < 500; round++) {
        marks.beginReload(Mark.Listed)
        for (const words of always) marks.mark(words, 0, Mark.Listed)
        for (let n = 0; n < 30; n++) marks.mark(entryWords(NEVER + ((round * 30 + n) % 90), 5), 0, Mark.Listed)
        while (!marks.endReload(Mark.Listed));
      }
    })
    nothingWrong(reports)
    expect(marks.count(Mark.Listed)).toBe(ALWAYS + 30)
  }, 30_000)
})

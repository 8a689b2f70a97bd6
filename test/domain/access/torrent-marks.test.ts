import { describe, expect, it } from '@jest/globals'
import { AccessMemory } from '../../../src/domain/access/access-memory.ts'
import { Mark, TorrentMarks } from '../../../src/domain/access/torrent-marks.ts'
import { anAccessMemory, entryWords } from '../../model/access.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

const MARKS = [Mark.Listed, Mark.Blocked] as const

function aTable(torrents = 1000) {
  const memory = anAccessMemory({ torrents })
  return { memory, marks: new TorrentMarks(memory) }
}

/** Reloads with the given torrents; returns how many slices the end took. */
function reload(marks: TorrentMarks, mark: Mark, torrents: Iterable<number>): number {
  marks.beginReload(mark)
  for (const n of torrents) marks.mark(entryWords(n, 5), 0, mark)
  let slices = 1
  while (!marks.endReload(mark)) slices++
  return slices
}

describe('the marks of torrents', () => {
  it('are none for a torrent that was never marked', () => {
    const { marks } = aTable()
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(0)
    expect(marks.unmark(entryWords(1, 5), 0, Mark.Listed)).toBe(false)
  })

  it('are kept apart, and counted apart', () => {
    const { marks } = aTable()
    marks.mark(entryWords(1, 5), 0, Mark.Listed)
    marks.mark(entryWords(1, 5), 0, Mark.Blocked)
    marks.mark(entryWords(2, 5), 0, Mark.Blocked)
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed | Mark.Blocked)
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([1, 2])
    expect(marks.unmark(entryWords(1, 5), 0, Mark.Blocked)).toBe(true)
    expect(marks.unmark(entryWords(1, 5), 0, Mark.Blocked)).toBe(false)
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed)
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([1, 1])
  })

  it('are found wherever the info hash is stored, and with a slot determined before', () => {
    const { marks } = aTable()
    const words = new Int32Array(9)
    words.set(entryWords(1, 5), 3)
    marks.mark(words, 3, Mark.Blocked)
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(Mark.Blocked)
    expect(marks.marksOf(words, 3, marks.table.slotOf(words, 3))).toBe(Mark.Blocked)
  })

  it('are the same through every view, and in a copy of the memory', () => {
    const { memory, marks } = aTable()
    const other = new TorrentMarks(new AccessMemory(memory.buffer))
    marks.mark(entryWords(1, 5), 0, Mark.Listed)
    expect(other.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed)
    expect(other.count(Mark.Listed)).toBe(1)
    const copy = new SharedArrayBuffer(memory.buffer.byteLength)
    new Uint8Array(copy).set(new Uint8Array(memory.buffer))
    const copied = new TorrentMarks(new AccessMemory(copy))
    expect(copied.unmark(entryWords(1, 5), 0, Mark.Listed)).toBe(true)
    expect(other.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed)
  })

  it.each([1, 2, 63, 64])('fit exactly %i torrents, and a full table changes nothing', (capacity) => {
    const { marks } = aTable(capacity)
    for (let n = 0; n < capacity; n++) expect(marks.mark(entryWords(n, 5), 0, Mark.Listed)).toBe(true)
    expect(marks.mark(entryWords(capacity, 5), 0, Mark.Blocked)).toBe(false)
    expect(marks.marksOf(entryWords(capacity, 5), 0)).toBe(0)
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([capacity, 0])
    expect(marks.mark(entryWords(0, 5), 0, Mark.Blocked)).toBe(true)
    marks.unmark(entryWords(0, 5), 0, Mark.Listed)
    expect(marks.mark(entryWords(capacity, 5), 0, Mark.Listed)).toBe(false)
    marks.unmark(entryWords(0, 5), 0, Mark.Blocked)
    expect(marks.mark(entryWords(capacity, 5), 0, Mark.Listed)).toBe(true)
  })

  it.each([1, 2, 3])('agree with a plain map after 20,000 random changes, game %i', (seed) => {
    const random = new SeededRandom(seed)
    const { marks } = aTable(300)
    const model = new Map<number, number>()
    const wrong: string[] = []
    const expectSame = (what: string, got: unknown, wanted: unknown): void => {
      if (got !== wanted) wrong.push(`${what}: ${got} and not ${wanted}`)
    }
    for (let step = 0; step < 20_000; step++) {
      const n = random.below(400)
      const words = entryWords(n, 5)
      const mark = random.pick(MARKS)
      const before = model.get(n) ?? 0
      if (random.oneIn(2)) {
        const hasRoom = before !== 0 || model.size < 300
        expectSame(`mark ${n}`, marks.mark(words, 0, mark), hasRoom)
        if (hasRoom) model.set(n, before | mark)
      } else {
        expectSame(`unmark ${n}`, marks.unmark(words, 0, mark), (before & mark) !== 0)
        if ((before & ~mark) === 0) model.delete(n)
        else model.set(n, before & ~mark)
      }
      if (random.oneIn(2000)) {
        const kept = [...model].filter(([, all]) => (all & mark) !== 0 && random.oneIn(2)).map(([torrent]) => torrent)
        reload(marks, mark, kept)
        for (const [torrent, all] of model) {
          const left = kept.includes(torrent) ? all : all & ~mark
          if (left === 0) model.delete(torrent)
          else model.set(torrent, left)
        }
      }
      const asked = random.below(400)
      expectSame(`marks of ${asked}`, marks.marksOf(entryWords(asked, 5), 0), model.get(asked) ?? 0)
    }
    for (const mark of MARKS) {
      const marked = [...model.values()].filter((all) => (all & mark) !== 0).length
      expectSame(`count of ${mark}`, marks.count(mark), marked)
    }
    expect(wrong).toEqual([])
    expect(model.size).toBeGreaterThan(100)
  })
})

describe('a reload', () => {
  it('leaves exactly what was marked since it began, and the other list alone', () => {
    const { marks } = aTable()
    for (let n = 0; n < 10; n++) marks.mark(entryWords(n, 5), 0, Mark.Listed)
    for (let n = 5; n < 15; n++) marks.mark(entryWords(n, 5), 0, Mark.Blocked)
    reload(marks, Mark.Listed, [8, 9, 20])
    const listed = Array.from({ length: 25 }, (_, n) => n).filter(
      (n) => marks.marksOf(entryWords(n, 5), 0) & Mark.Listed,
    )
    expect(listed).toEqual([8, 9, 20])
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([3, 10])
  })

  it('may empty a list', () => {
    const { marks } = aTable()
    for (let n = 0; n < 10; n++) marks.mark(entryWords(n, 5), 0, Mark.Listed)
    reload(marks, Mark.Listed, [])
    expect(marks.count(Mark.Listed)).toBe(0)
  })

  it('removes nothing before its end', () => {
    const { marks } = aTable()
    marks.mark(entryWords(1, 5), 0, Mark.Listed)
    marks.beginReload(Mark.Listed)
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed)
    marks.mark(entryWords(1, 5), 0, Mark.Listed)
    while (!marks.endReload(Mark.Listed));
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed)
  })

  it('that was abandoned does no harm to the next one', () => {
    const { marks } = aTable()
    for (let n = 0; n < 4; n++) marks.mark(entryWords(n, 5), 0, Mark.Listed)
    marks.beginReload(Mark.Listed)
    marks.mark(entryWords(0, 5), 0, Mark.Listed)
    reload(marks, Mark.Listed, [1])
    expect(marks.count(Mark.Listed)).toBe(1)
    expect(marks.marksOf(entryWords(1, 5), 0)).toBe(Mark.Listed)
  })

  it('of both lists may go on at once, with single changes in between', () => {
    const { marks } = aTable()
    for (let n = 0; n < 10; n++) for (const mark of MARKS) marks.mark(entryWords(n, 5), 0, mark)
    marks.beginReload(Mark.Listed)
    marks.beginReload(Mark.Blocked)
    marks.mark(entryWords(1, 5), 0, Mark.Listed)
    marks.mark(entryWords(2, 5), 0, Mark.Blocked)
    marks.unmark(entryWords(1, 5), 0, Mark.Listed)
    marks.mark(entryWords(30, 5), 0, Mark.Listed)
    while (!marks.endReload(Mark.Blocked));
    while (!marks.endReload(Mark.Listed));
    expect(marks.marksOf(entryWords(2, 5), 0)).toBe(Mark.Blocked)
    expect(marks.marksOf(entryWords(30, 5), 0)).toBe(Mark.Listed)
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([1, 1])
  })

  it('ends in slices, however much there is to remove', () => {
    const { marks } = aTable(10_000)
    for (let n = 0; n < 10_000; n++) marks.mark(entryWords(n, 5), 0, Mark.Listed)
    expect(reload(marks, Mark.Listed, [77])).toBeGreaterThan(3)
    expect(marks.count(Mark.Listed)).toBe(1)
  })

  it('knows its own entries after any number of reloads', () => {
    const { marks } = aTable(8)
    marks.mark(entryWords(1, 5), 0, Mark.Blocked)
    for (let round = 0; round < 2 ** 15 + 2; round++) reload(marks, Mark.Listed, [round & 1])
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([1, 1])
    reload(marks, Mark.Blocked, [])
    expect(MARKS.map((mark) => marks.count(mark))).toEqual([1, 0])
  })
})

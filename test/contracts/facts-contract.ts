// What every pair of `Facts` and `FactInbox` must do.

import { expect, it } from '@jest/globals'
import { infoHashFromWords } from '../../src/domain/info-hash.ts'
import { type FactInbox, FactKind, type Facts } from '../../src/domain/ports/outbound/facts.ts'
import { hashWords, twentyBytes } from '../model/announcing.ts'

export interface FactEnds {
  readonly facts: Facts
  readonly inbox: FactInbox
  /** Facts that fit while none are fetched. */
  readonly room: number
  /** Facts of other kinds than downloads that found no room. */
  readonly dropped: () => number
  /** Downloads that found no room. */
  readonly lost: () => number
}

export const EVERYTHING = Object.values(FactKind)

export function noteCompleted(facts: Facts, n: number): void {
  facts.note(FactKind.TorrentCompleted, hashWords(twentyBytes(n)), 0)
}

/** Numbers of the torrents whose downloads were completed, as they come out. */
export function drained(inbox: FactInbox, max = Number.MAX_SAFE_INTEGER): number[] {
  const numbers: number[] = []
  const count = inbox.drain(max, (kind, words, at) => {
    expect(kind).toBe(FactKind.TorrentCompleted)
    numbers.push(Number.parseInt(infoHashFromWords(words, at).slice(0, 8), 16))
  })
  expect(count).toBe(numbers.length)
  return numbers
}

/** Kinds and numbers of what comes out. */
function allDrained(inbox: FactInbox): [FactKind, number][] {
  const facts: [FactKind, number][] = []
  inbox.drain(Number.MAX_SAFE_INTEGER, (kind, words, at) => {
    facts.push([kind, Number.parseInt(infoHashFromWords(words, at).slice(0, 8), 16)])
  })
  return facts
}

/** `make` returns ends that want everything. */
export function factsContract(make: () => FactEnds): void {
  it('delivers facts in the order in which they happened, each once', () => {
    const { facts, inbox } = make()
    for (const n of [5, 3, 3, 8]) noteCompleted(facts, n)
    expect(drained(inbox)).toEqual([5, 3, 3, 8])
    expect(drained(inbox)).toEqual([])
    noteCompleted(facts, 1)
    expect(drained(inbox)).toEqual([1])
  })

  it('delivers no more than requested, and the rest the next time', () => {
    const { facts, inbox } = make()
    for (const n of [1, 2, 3, 4, 5]) noteCompleted(facts, n)
    expect(drained(inbox, 2)).toEqual([1, 2])
    expect(drained(inbox, 0)).toEqual([])
    expect(drained(inbox, 10)).toEqual([3, 4, 5])
  })

  it('reads the info hash from anywhere in a record, before the record is used again', () => {
    const { facts, inbox } = make()
    const words = new Int32Array(16)
    words.set(hashWords(twentyBytes(77)), 9)
    facts.note(FactKind.TorrentCompleted, words, 9)
    words.fill(-1)
    expect(drained(inbox)).toEqual([77])
  })

  it('counts facts that find no room, keeps the others, and takes more when there is room again', () => {
    const { facts, inbox, room, lost } = make()
    for (let n = 0; n < room + 3; n++) noteCompleted(facts, n)
    expect(lost()).toBe(3)
    expect(drained(inbox, 1)).toEqual([0])
    noteCompleted(facts, room)
    expect(drained(inbox)).toEqual(Array.from({ length: room }, (_, i) => i + 1))
    expect(lost()).toBe(3)
  })

  it('delivers the kinds that are wanted, and no others', () => {
    const { facts, inbox, dropped, lost } = make()
    const noteAll = (n: number): void => {
      for (const kind of EVERYTHING) facts.note(kind, hashWords(twentyBytes(n)), 0)
    }
    noteAll(1)
    expect(allDrained(inbox)).toEqual(EVERYTHING.map((kind) => [kind, 1]))
    inbox.want([FactKind.TorrentRemoved])
    noteAll(2)
    expect(allDrained(inbox)).toEqual([[FactKind.TorrentRemoved, 2]])
    inbox.want([])
    noteAll(3)
    expect([allDrained(inbox), lost(), dropped()]).toEqual([[], 0, 0])
  })

  it('reserves half of the room for downloads, however many torrents come and go', () => {
    const { facts, inbox, room, dropped, lost } = make()
    const half = room / 2
    for (let n = 0; n < half + 5; n++) facts.note(FactKind.TorrentAdded, hashWords(twentyBytes(n)), 0)
    facts.note(FactKind.TorrentRemoved, hashWords(twentyBytes(1)), 0)
    for (let n = 0; n < half; n++) noteCompleted(facts, n)
    expect([dropped(), lost()]).toEqual([6, 0])
    noteCompleted(facts, half)
    expect(lost()).toBe(1)
    const kinds = allDrained(inbox).map(([kind]) => kind)
    expect(kinds.filter((kind) => kind === FactKind.TorrentCompleted)).toHaveLength(half)
    expect(kinds).toHaveLength(room)
  })
}

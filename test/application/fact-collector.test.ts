import { describe, expect, it } from '@jest/globals'
import { EventBus } from '../../src/application/event-bus.ts'
import { FactCollector } from '../../src/application/fact-collector.ts'
import { infoHashFromWords } from '../../src/domain/info-hash.ts'
import type { TrackerEvent } from '../../src/domain/ports/inbound/events.ts'
import { FactKind } from '../../src/domain/ports/outbound/facts.ts'
import { noteCompleted } from '../contracts/facts-contract.ts'
import { CountingPause } from '../fakes/counting-pause.ts'
import { MemoryFacts } from '../fakes/memory-facts.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { hashWords, twentyBytes } from '../model/announcing.ts'

function aCollector(keepsDownloads: boolean) {
  const facts = new MemoryFacts()
  const bus = new EventBus({ counters: new PlainCounters(), pause: new CountingPause(), failed: () => {} })
  const collector = new FactCollector(facts, bus, keepsDownloads)
  const taken: string[] = []
  const taker = {
    room: 100_000,
    take: (words: Int32Array, at: number): void => {
      taken.push(infoHashFromWords(words, at))
      taker.room--
    },
  }
  const keep = (): void => collector.setDownloadTaker(taker)
  return { facts, bus, collector, taken, keep, taker }
}

describe('the fact collector', () => {
  it('wants what listeners want, and downloads when they are kept', () => {
    const { facts, bus } = aCollector(false)
    expect(facts.wanted).toEqual([])
    const stop = bus.listen('listener', ['torrent-removed', 'key-expired'], () => {})
    expect(facts.wanted).toEqual([FactKind.TorrentRemoved])
    bus.listen('listener', ['torrent-completed'], () => {})
    stop()
    expect(facts.wanted).toEqual([FactKind.TorrentCompleted])
    expect(aCollector(true).facts.wanted).toEqual([FactKind.TorrentCompleted])
  })

  it('delivers all kinds to listeners by name', async () => {
    const { facts, bus, collector } = aCollector(false)
    const received: TrackerEvent[] = []
    bus.listen('l', ['torrent-added', 'torrent-completed', 'torrent-removed'], (event) => received.push(event))
    for (const kind of [FactKind.TorrentAdded, FactKind.TorrentCompleted, FactKind.TorrentRemoved]) {
      facts.note(kind, hashWords(twentyBytes(9)), 0)
    }
    collector.collect()
    await bus.settle()
    expect(received).toEqual([
      { kind: 'torrent-added', infoHash: twentyBytes(9) },
      { kind: 'torrent-completed', infoHash: twentyBytes(9) },
      { kind: 'torrent-removed', infoHash: twentyBytes(9) },
    ])
  })

  it('hands downloads to the taker within the call, whatever listeners do', () => {
    const { facts, bus, collector, taken, keep } = aCollector(true)
    bus.listen('stuck', ['torrent-completed', 'torrent-added'], () => new Promise(() => {}))
    keep()
    for (let n = 0; n < 70_000; n++) noteCompleted(facts, n)
    facts.note(FactKind.TorrentAdded, hashWords(twentyBytes(1)), 0)
    collector.collect()
    expect(taken).toEqual(Array.from({ length: 70_000 }, (_, n) => twentyBytes(n)))
    collector.collect()
    expect(taken).toHaveLength(70_000)
  })

  it('leaves everything in the inbox until there is a taker', () => {
    const { facts, collector, taken, keep } = aCollector(true)
    noteCompleted(facts, 1)
    collector.collect()
    keep()
    collector.collect()
    expect(taken).toEqual([twentyBytes(1)])
  })

  it('leaves in the inbox what the taker has no room for', () => {
    const { facts, collector, taken, keep, taker } = aCollector(true)
    keep()
    taker.room = 2
    for (const n of [1, 2, 3]) noteCompleted(facts, n)
    collector.collect()
    collector.collect()
    expect(taken).toEqual([twentyBytes(1), twentyBytes(2)])
    taker.room = 2
    collector.collect()
    expect(taken).toHaveLength(3)
  })
})

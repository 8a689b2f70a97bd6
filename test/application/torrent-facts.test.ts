import { describe, expect, it } from '@jest/globals'
import { TorrentFacts } from '../../src/application/torrent-facts.ts'
import { AnnounceEvent, AnnounceRequest } from '../../src/domain/announce.ts'
import { FactKind } from '../../src/domain/ports/outbound/facts.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../src/domain/swarm/sweeper.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { RememberingFacts } from '../fakes/remembering-facts.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  fillRequest,
  hashWords,
  twentyBytes,
} from '../model/announcing.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

function aWorld() {
  const facts = new RememberingFacts()
  const registry = aRegistry(1, 20_000, 16 * 2 ** 20, new TorrentFacts(facts))
  const reply = aReply()
  const announce = (n: number, changes: Partial<Announcing> = {}): Verdict => {
    const announcing = anAnnounce({ infoHash: twentyBytes(n), nowSeconds: EPOCH + 1, ...changes })
    return registry.announce(fillRequest(new AnnounceRequest(), announcing), reply)
  }
  const sweep = (nowSeconds: number): void => {
    const sweeper = new Sweeper(registry)
    while (!sweeper.slice(nowSeconds, true)) {}
  }
  const fact = (kind: FactKind, n: number) => ({ kind, infoHash: twentyBytes(n) })
  return { facts, registry, announce, sweep, fact }
}

describe('facts about torrents', () => {
  it('report a torrent added with its first peer and removed with its last, once each', () => {
    const { facts, announce, fact } = aWorld()
    const other = { endpoint: anEndpoint([1, 2, 3, 5], 6881), peerId: twentyBytes(8) }
    announce(1)
    announce(1)
    announce(1, other)
    announce(1, { event: AnnounceEvent.Stopped })
    expect(facts.noted).toEqual([fact(FactKind.TorrentAdded, 1)])
    announce(1, { ...other, event: AnnounceEvent.Stopped })
    announce(1, { ...other, event: AnnounceEvent.Stopped })
    announce(2, { event: AnnounceEvent.Stopped })
    expect(facts.noted).toEqual([fact(FactKind.TorrentAdded, 1), fact(FactKind.TorrentRemoved, 1)])
  })

  it('report those removed by a clean-up', () => {
    const { facts, announce, sweep, fact } = aWorld()
    announce(1)
    announce(2, { nowSeconds: EPOCH + 50 })
    facts.noted.length = 0
    sweep(EPOCH + 1)
    expect(facts.noted).toEqual([fact(FactKind.TorrentRemoved, 1)])
  })

  it('report nothing when counts of earlier runs are remembered', () => {
    const { facts, registry, announce } = aWorld()
    registry.remember(hashWords(twentyBytes(1)), 0, 5)
    announce(1)
    announce(1, { event: AnnounceEvent.Stopped })
    expect(facts.noted).toEqual([])
  })

  it('add up to the existing torrents, also when some are evicted or find no room', () => {
    const { facts, registry, announce, sweep } = aWorld()
    for (let n = 1; registry.evictions < 500; n++) {
      announce(n)
      if (n % 3 === 0) announce(n, { endpoint: anEndpoint([1, 2, 3, 5], 6881), peerId: twentyBytes(8) })
    }
    const known = new Set<string>()
    let wrong = 0
    for (const { kind, infoHash } of facts.noted) {
      if (kind === FactKind.TorrentAdded ? known.has(infoHash) : !known.delete(infoHash)) wrong++
      if (kind === FactKind.TorrentAdded) known.add(infoHash)
    }
    expect([wrong, known.size]).toEqual([0, swarmTotals(registry.memory).torrents])
    sweep(EPOCH + 1)
    expect(facts.noted.filter(({ kind }) => kind === FactKind.TorrentRemoved)).toHaveLength(facts.noted.length / 2)
  })
})

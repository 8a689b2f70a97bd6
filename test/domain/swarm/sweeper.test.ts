// Clean-up in slices: which peers are removed, which stay, and what happens between two slices.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { readSwarm } from '../../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  fillRequest,
  hashWords,
  hex,
  twentyBytes,
} from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { SeededRandom } from '../../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'

const OLD = EPOCH + 100
const CUTOFF = EPOCH + 200
const FRESH = EPOCH + 300

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): void {
  registry.announce(fillRequest(request, anAnnounce({ numwant: 0, ...changes })), reply)
}

function address(n: number) {
  return anEndpoint([20, n >> 16, (n >> 8) & 0xff, n & 0xff], 6881)
}

function address6(n: number) {
  return anEndpoint([0x20, 1, ...new Array(12).fill(0), n >> 8, n & 0xff], 6881)
}

/** A whole round; how many slices it took. */
function round(sweeper: Sweeper, cutoffSeconds = CUTOFF, dropsEmpty = false): number {
  let slices = 1
  while (!sweeper.slice(cutoffSeconds, dropsEmpty)) slices++
  return slices
}

function peersOf(registry: SwarmRegistry, infoHash: string): string[] {
  return (readSwarm(registry, Buffer.from(infoHash, 'hex'))?.peers ?? [])
    .map(({ endpoint }) => hex(endpoint))
    .toSorted()
}

/** Info hashes in the order in which a round visits them. */
function infoHashesInOrder(registry: SwarmRegistry, count: number): string[] {
  const slotOf = (infoHash: string) => registry.index.slotOf(hashWords(infoHash), 0)
  return Array.from({ length: count }, (_, n) => twentyBytes(n + 1)).toSorted((a, b) => slotOf(a) - slotOf(b))
}

describe('a clock change', () => {
  it('back to before the epoch still lets peers expire', () => {
    const registry = aRegistry()
    announce(registry, { nowSeconds: EPOCH - 86_400 })
    round(new Sweeper(registry))
    expect(peersOf(registry, twentyBytes(1))).toEqual([])
  })

  it('forward by decades lets fresh peers stay until it is right again', () => {
    const registry = aRegistry()
    announce(registry, { nowSeconds: EPOCH + 20 * 365 * 86_400 })
    round(new Sweeper(registry))
    expect(peersOf(registry, twentyBytes(1))).toHaveLength(1)
  })
})

describe('a round', () => {
  it('removes peers last seen at the cutoff or before, and none after it', () => {
    const registry = aRegistry()
    const sweeper = new Sweeper(registry)
    for (const [n, age] of [-1, 0, 1].entries()) {
      announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1), nowSeconds: CUTOFF + age })
    }
    round(sweeper)
    expect(peersOf(registry, twentyBytes(1))).toEqual([address(2).name])
    expect([sweeper.peersRemoved, sweeper.torrentsRemoved]).toEqual([2, 0])
  })

  it('removes no peer when the cutoff is before all times', () => {
    const registry = aRegistry()
    announce(registry, { nowSeconds: EPOCH + 1 })
    round(new Sweeper(registry), EPOCH - 50)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(1)
  })

  it('removes empty torrents, those with completed downloads only on request', () => {
    const registry = aRegistry()
    const sweeper = new Sweeper(registry)
    announce(registry, { nowSeconds: OLD })
    announce(registry, { nowSeconds: OLD, event: AnnounceEvent.Completed, left: 0n })
    announce(registry, { infoHash: twentyBytes(2), nowSeconds: OLD })
    round(sweeper)
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 1, ipv4Peers: 0, seeders: 0, leechers: 0 })
    round(sweeper, CUTOFF, true)
    expect(swarmTotals(registry.memory).torrents).toBe(0)
    expect([sweeper.peersRemoved, sweeper.torrentsRemoved, registry.heap.usedBytes()]).toEqual([2, 2, 0])
  })

  it('counts a twin when its other entry has expired', () => {
    const registry = aRegistry()
    announce(registry, { key: 5, nowSeconds: OLD })
    announce(registry, { key: 5, nowSeconds: FRESH, endpoint: address6(1) })
    round(new Sweeper(registry))
    expect(swarmTotals(registry.memory)).toMatchObject({ ipv4Peers: 0, ipv6Peers: 1, leechers: 1 })
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('continues in the middle of a list that is longer than a slice', () => {
    const registry = aRegistry()
    const sweeper = new Sweeper(registry)
    for (let n = 0; n < 3_000; n++) {
      const nowSeconds = n % 3 === 0 ? OLD : FRESH
      announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1), left: BigInt(n % 2), nowSeconds })
    }
    let max = 0
    let before = 0
    for (let isLast = false; !isLast; before = sweeper.peersRemoved) {
      isLast = sweeper.slice(CUTOFF, false)
      max = Math.max(max, sweeper.peersRemoved - before)
    }
    expect(sweeper.peersRemoved).toBe(1_000)
    expect(max).toBeGreaterThan(10)
    expect(max).toBeLessThan(60)
    expect(swarmTotals(registry.memory)).toMatchObject({ ipv4Peers: 2_000, seeders: 1_000, leechers: 1_000 })
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('ends, however little there is to do', () => {
    const registry = aRegistry()
    const sweeper = new Sweeper(registry)
    const slices = round(sweeper)
    expect(slices).toBeGreaterThanOrEqual(registry.memory.plan.shards)
    expect(round(sweeper)).toBe(slices)
  })
})

describe('between two slices', () => {
  it('swarms may change freely: three rounds later everything old is gone', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const registry = aRegistry(seed)
      const sweeper = new Sweeper(registry)
      const random = new SeededRandom(seed)
      const play = (steps: number, nowSeconds: number): void => {
        for (let step = 0; step < steps; step++) {
          const n = random.below(2_000)
          const isOld = nowSeconds === OLD
          announce(registry, {
            infoHash: twentyBytes(n % 3),
            endpoint: random.oneIn(3) ? address6(n) : address(n),
            peerId: twentyBytes(n + 1),
            left: BigInt(random.below(2)),
            event: random.oneIn(3) && !isOld ? AnnounceEvent.Stopped : AnnounceEvent.None,
            nowSeconds,
          })
        }
      }
      play(4_000, OLD)
      for (let rounds = 0; rounds < 3; rounds++) while (!sweeper.slice(CUTOFF, true)) play(5, FRESH)
      expect(memoryProblems(registry.memory)).toEqual([])
      const { ipv4Peers, ipv6Peers } = swarmTotals(registry.memory)
      round(sweeper)
      expect(swarmTotals(registry.memory)).toMatchObject({ ipv4Peers, ipv6Peers })
      expect(ipv4Peers).toBeGreaterThan(0)
    }
  })

  it('a torrent in which a slice stopped may vanish, and the next one is swept from its beginning', () => {
    const registry = aRegistry()
    const sweeper = new Sweeper(registry)
    const [first, second] = infoHashesInOrder(registry, 2)
    announce(registry, { infoHash: first, nowSeconds: FRESH })
    for (let n = 0; n < 600; n++) {
      announce(registry, { infoHash: first, endpoint: address6(n), peerId: twentyBytes(n + 1), nowSeconds: OLD })
    }
    for (let n = 0; n < 300; n++) {
      announce(registry, { infoHash: second, endpoint: address(n), peerId: twentyBytes(n + 1), nowSeconds: OLD })
    }
    while (sweeper.peersRemoved === 0) expect(sweeper.slice(CUTOFF, false)).toBe(false)
    expect(sweeper.peersRemoved).toBeLessThan(600)
    announce(registry, { infoHash: first, event: AnnounceEvent.Stopped })
    for (let n = 0; n < 600; n++) {
      const leaver = {
        infoHash: first,
        endpoint: address6(n),
        peerId: twentyBytes(n + 1),
        event: AnnounceEvent.Stopped,
      }
      announce(registry, leaver)
    }
    expect(swarmTotals(registry.memory).torrents).toBe(1)
    round(sweeper)
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 0, ipv4Peers: 0 })
  })
})

// Completed downloads of earlier runs, in torrents that may not have been announced yet: how they are added, kept and
// evicted.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { SwarmCounts } from '../../../src/domain/scrape.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import { Verdict } from '../../../src/domain/verdict.ts'
import { type Announcing, anAnnounce, aReply, fillRequest, hashWords, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): Verdict {
  return registry.announce(fillRequest(request, anAnnounce({ numwant: 0, ...changes })), reply)
}

function remember(registry: SwarmRegistry, infoHash: string, completed: number): boolean {
  return registry.remember(hashWords(infoHash), 0, completed)
}

function completedOf(registry: SwarmRegistry, infoHash: string): number {
  const counts = new SwarmCounts()
  registry.scrape(hashWords(infoHash), 0, counts)
  return counts.completed
}

function sweep(registry: SwarmRegistry, dropsEmpty: boolean): void {
  const sweeper = new Sweeper(registry)
  while (!sweeper.slice(EPOCH + 1_000_000, dropsEmpty));
}

/** Remembers counts of up to `max` torrents, as many as find room; returns how many did. */
function rememberMany(registry: SwarmRegistry, max: number, first = 1_000_000): number {
  let remembered = 0
  for (let n = 0; n < max; n++) if (remember(registry, twentyBytes(first + n), 1)) remembered++
  return remembered
}

/** Adds torrents of one peer, until the first one is rejected or evicts something; returns how many. */
function fill(registry: SwarmRegistry): number {
  for (let n = 0; ; n++) {
    const verdict = announce(registry, { infoHash: twentyBytes(3_000_000 + n) })
    if (verdict === Verdict.Full || registry.evictions > 0) return n
  }
}

describe('a remembered count', () => {
  it('is scraped before the first announce, and counts on after it', () => {
    const registry = aRegistry()
    const infoHash = twentyBytes(1)
    expect(remember(registry, infoHash, 41)).toBe(true)
    expect(completedOf(registry, infoHash)).toBe(41)
    announce(registry, { infoHash })
    announce(registry, { infoHash, event: AnnounceEvent.Completed, left: 0n })
    expect([reply.completed, completedOf(registry, infoHash)]).toEqual([42, 42])
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 1, ipv4Peers: 1, completed: 1 })
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('is added to what a live swarm has counted already', () => {
    const registry = aRegistry()
    announce(registry, {})
    announce(registry, { event: AnnounceEvent.Completed, left: 0n })
    remember(registry, twentyBytes(1), 10)
    expect(completedOf(registry, twentyBytes(1))).toBe(11)
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 1, seeders: 1 })
  })

  it('is limited so that further counting does not overflow', () => {
    const registry = aRegistry()
    remember(registry, twentyBytes(1), 2 ** 53 - 1)
    expect(completedOf(registry, twentyBytes(1))).toBe(2 ** 30)
  })

  it('survives clean-ups that keep counted torrents, and the last peer of its swarm', () => {
    const registry = aRegistry()
    remember(registry, twentyBytes(1), 5)
    announce(registry, {})
    announce(registry, { event: AnnounceEvent.Stopped })
    announce(registry, { infoHash: twentyBytes(2) })
    sweep(registry, false)
    expect(completedOf(registry, twentyBytes(1))).toBe(5)
    expect(swarmTotals(registry.memory).torrents).toBe(1)
    sweep(registry, true)
    expect(registry.heap.usedBytes()).toBe(0)
  })

  it('leaves half of the memory to live swarms', () => {
    const registry = aRegistry()
    const remembered = rememberMany(registry, 300_000)
    expect(remembered).toBeLessThan(300_000)
    expect(swarmTotals(registry.memory).torrents).toBe(remembered)
    expect(registry.heap.usedShare()).toBeGreaterThan(0.49)
    expect(registry.heap.usedShare()).toBeLessThan(0.52)
    expect(remember(registry, twentyBytes(1_000_000), 4)).toBe(true)
    expect(completedOf(registry, twentyBytes(1_000_000))).toBe(5)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('torrents without peers', () => {
  it('are evicted for new swarms before any swarm is', () => {
    const registry = aRegistry()
    rememberMany(registry, 300_000)
    fill(registry)
    const before = swarmTotals(registry.memory)
    let rejected = 0
    for (let n = 0; n < 2_000; n++) {
      if (announce(registry, { infoHash: twentyBytes(5_000_000 + n) }) === Verdict.Full) rejected++
    }
    const after = swarmTotals(registry.memory)
    expect(rejected).toBeLessThan(200)
    expect(after.torrents).toBeLessThanOrEqual(before.torrents + 2_000)
    expect(after.ipv4Peers).toBeGreaterThanOrEqual(before.ipv4Peers)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('are dropped by clean-ups when three quarters of the memory are used', () => {
    const registry = aRegistry()
    const remembered = rememberMany(registry, 300_000)
    sweep(registry, false)
    expect(swarmTotals(registry.memory).torrents).toBe(remembered)
    fill(registry)
    expect(registry.heap.usedShare()).toBeGreaterThan(0.75)
    const sweeper = new Sweeper(registry)
    // No peer is old: only the counts are removed.
    while (!sweeper.slice(EPOCH, false));
    expect(sweeper.peersRemoved).toBe(0)
    expect(sweeper.torrentsRemoved).toBeGreaterThan(1_000)
    expect(registry.heap.usedShare()).toBeLessThanOrEqual(0.76)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

// Swarms of many thousand peers: tables beyond a slab, the maximum that a list can hold, and many peers under one peer
// id.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import { type Announcing, anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): void {
  registry.announce(fillRequest(request, anAnnounce({ numwant: 0, ...changes })), reply)
}

function address(n: number, port = 6881) {
  return anEndpoint([20, n >> 16, (n >> 8) & 0xff, n & 0xff], port)
}

function address6(n: number) {
  return anEndpoint([0x20, 1, ...new Array(12).fill(0), n >> 8, n & 0xff], 6881)
}

function sweep(registry: SwarmRegistry, cutoffSeconds: number): void {
  const sweeper = new Sweeper(registry)
  while (!sweeper.slice(cutoffSeconds, true));
}

describe('a large swarm', () => {
  it('grows to tens of thousands and shrinks again, and stays consistent', () => {
    const registry = aRegistry()
    for (let n = 0; n < 20_000; n++) {
      announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1), nowSeconds: EPOCH + 1 + n })
      if (n < 5_000)
        announce(registry, { endpoint: address6(n), peerId: twentyBytes(n + 1), nowSeconds: EPOCH + 1 + n })
    }
    expect(memoryProblems(registry.memory)).toEqual([])
    for (const gone of [5_000, 12_000, 18_000, 19_900, 19_990]) {
      sweep(registry, EPOCH + gone)
      expect(memoryProblems(registry.memory)).toEqual([])
      expect(swarmTotals(registry.memory)).toMatchObject({
        ipv4Peers: 20_000 - gone,
        leechers: 20_000 - gone,
        ipv6Peers: 0,
      })
    }
    sweep(registry, EPOCH + 20_000)
    expect(swarmTotals(registry.memory).torrents).toBe(0)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('recognizes clients that change their port, however full its tables are', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const registry = aRegistry(seed)
      for (let n = 0; n < 1_530; n++) announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1) })
      for (let n = 0; n < 1_530; n++) announce(registry, { endpoint: address(n, 7000), peerId: twentyBytes(n + 1) })
      expect(swarmTotals(registry.memory).ipv4Peers).toBe(1_530)
      expect(memoryProblems(registry.memory)).toEqual([])
    }
  })

  it('stops at what a list can hold, whatever the limit, and continues to serve', () => {
    const registry = aRegistry(1, 1_000_000)
    for (let n = 0; n < 66_000; n++) announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1) })
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(65_534)
    for (let n = 0; n < 66_000; n += 11)
      announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1), left: 0n })
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(65_534)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('many peers under one peer id', () => {
  // The memory check rejects entries far from their home slot, so a search is never long.
  it('are indexed no further than a search would go', () => {
    const registry = aRegistry()
    for (let n = 0; n < 3_000; n++) announce(registry, { endpoint: address(n), peerId: twentyBytes(7) })
    expect(memoryProblems(registry.memory)).toEqual([])
    for (let n = 0; n < 3_000; n += 2) announce(registry, { endpoint: address(n), event: AnnounceEvent.Stopped })
    expect(memoryProblems(registry.memory)).toEqual([])
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(1_500)
    sweep(registry, EPOCH + 1_000)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(0)
    expect(registry.heap.usedBytes()).toBe(0)
  })
})

// What an address and its network may hold of the whole memory, and that the counters of it stay true (protocol rule
// SEC-20).

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { type AddressRules, DEFAULT_ADDRESS_RULES } from '../../../src/domain/swarm/address-rules.ts'
import { HOLDING_SHIFT, Holding } from '../../../src/domain/swarm/layout.ts'
import type { SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import { Verdict } from '../../../src/domain/verdict.ts'
import { type Announcing, anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { aRegistry, EPOCH, NO_LIMITS } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()
const HERE = [66, 1, 1, 1]
const NEIGHBOUR = [66, 1, 1, 2]
const ELSEWHERE = [66, 1, 2, 1]
const HERE6 = [0x20, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
const SAME_64 = [0x20, 1, 0, 1, 0, 1, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2]
const NEIGHBOUR6 = [0x20, 1, 0, 1, 0, 1, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1]
const ELSEWHERE6 = [0x20, 1, 0, 1, 0, 2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]

function limited(rules: Partial<AddressRules>): SwarmRegistry {
  return aRegistry(1, 20_000, 16 * 2 ** 20, undefined, { ...NO_LIMITS, ...rules })
}

/** Announces from an address to torrent number `torrent`. */
function announce(
  registry: SwarmRegistry,
  address: readonly number[],
  torrent: number,
  changes: Partial<Announcing> = {},
): Verdict {
  const endpoint = anEndpoint(address, 6881)
  return registry.announce(
    fillRequest(request, anAnnounce({ infoHash: twentyBytes(torrent), endpoint, ...changes })),
    reply,
  )
}

function sweepAll(registry: SwarmRegistry): void {
  const sweeper = new Sweeper(registry)
  while (!sweeper.slice(EPOCH + 1_000_000, true));
}

/** Sums of the counters of all addresses, and of all networks. */
function held({ words, plan }: SwarmMemory): Record<'addresses' | 'networks', [peers: number, torrents: number]> {
  const addresses: [number, number] = [0, 0]
  const networks: [number, number] = [0, 0]
  const networksAt = plan.holdingsAt + (1 << (plan.addressesLog2 + HOLDING_SHIFT))
  for (const kind of [Holding.Peers, Holding.Torrents]) {
    for (let at = plan.holdingsAt; at < networksAt; at += 1 << HOLDING_SHIFT) addresses[kind] += words[at + kind]
    for (let i = 0; i < 1 << plan.networksLog2; i++)
      networks[kind] += words[networksAt + (kind << plan.networksLog2) + i]
  }
  return { addresses, networks }
}

const { Served, Full } = Verdict

describe.each([
  ['IPv4', HERE, HERE, NEIGHBOUR, ELSEWHERE],
  ['IPv6', HERE6, SAME_64, NEIGHBOUR6, ELSEWHERE6],
])('a source of %s', (_, here, sameAddress, neighbour, elsewhere) => {
  it('makes as many torrents as an address may, and goes on announcing them', () => {
    const registry = limited({ maxTorrentsPerAddress: 3 })
    expect([1, 2, 3, 4].map((torrent) => announce(registry, here, torrent))).toEqual([Served, Served, Served, Full])
    expect([reply.ipv4.count, reply.seeders, reply.leechers, registry.refusals]).toEqual([0, 0, 0, 1])
    expect(announce(registry, sameAddress, 4)).toBe(Full)
    expect(announce(registry, neighbour, 5)).toBe(Served)
    expect([1, 2, 3, 5].map((torrent) => announce(registry, here, torrent))).toEqual([Served, Served, Served, Served])
    expect(swarmTotals(registry.memory).torrents).toBe(4)
    // One of them ends.
    announce(registry, here, 2, { event: AnnounceEvent.Stopped })
    expect([6, 7].map((torrent) => announce(registry, here, torrent))).toEqual([Served, Full])
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('has the torrents of its network counted with its own', () => {
    const registry = limited({ maxTorrentsPerNetwork: 3 })
    expect([1, 2].map((torrent) => announce(registry, here, torrent))).toEqual([Served, Served])
    expect([3, 4].map((torrent) => announce(registry, neighbour, torrent))).toEqual([Served, Full])
    expect(announce(registry, here, 4)).toBe(Full)
    expect(announce(registry, elsewhere, 4)).toBe(Served)
  })

  it.each([
    ['an address', { maxTotalPeersPerAddress: 3 }, here],
    ['a network', { maxTotalPeersPerNetwork: 3 }, neighbour],
  ])('that has the peers of %s is served in other torrents, but not stored', (_level, rules, second) => {
    const registry = limited(rules)
    for (let torrent = 1; torrent <= 5; torrent++) announce(registry, elsewhere.with(0, 0x21 + torrent), torrent)
    for (let torrent = 1; torrent <= 3; torrent++) announce(registry, torrent === 1 ? here : second, torrent)
    expect(registry.swarm.refused).toBe(0)
    const before = swarmTotals(registry.memory)
    expect(announce(registry, second, 4)).toBe(Served)
    expect([reply.ipv4.count + reply.ipv6.count, reply.leechers, registry.swarm.refused]).toEqual([1, 1, 1])
    expect(swarmTotals(registry.memory)).toEqual(before)
    // A known peer stays, also with another port.
    expect(announce(registry, second, 3)).toBe(Served)
    announce(registry, second, 3, { endpoint: anEndpoint(second, 7000) })
    expect([reply.leechers, registry.swarm.refused]).toEqual([2, 1])
    announce(registry, second, 3, { endpoint: anEndpoint(second, 7000), event: AnnounceEvent.Stopped })
    announce(registry, second, 4)
    expect([reply.leechers, registry.swarm.refused]).toEqual([2, 1])
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('that has the peers of an address makes no torrent either, and leaves none behind', () => {
    const registry = limited({ maxTotalPeersPerAddress: 1 })
    announce(registry, here, 1)
    expect(announce(registry, here, 2)).toBe(Full)
    expect([registry.refusals, registry.evictions, swarmTotals(registry.memory).torrents]).toEqual([1, 0, 1])
  })

  it('makes torrents at its rate, after a burst', () => {
    const registry = limited({ newTorrentRate: 2, newTorrentBurst: 4, prefixMultiple: 2 })
    let torrent = 0
    const made = (address: readonly number[], nowSeconds: number): number => {
      let count = 0
      while (announce(registry, address, ++torrent, { nowSeconds }) === Served) count++
      return count
    }
    expect(made(here, EPOCH + 100)).toBe(4)
    expect(made(here, EPOCH + 101)).toBe(2)
    // The network has twice the burst: 8 and 4 more for the second, of which 6 are used.
    expect(made(neighbour, EPOCH + 101)).toBe(4)
    expect(made(neighbour.with(-1, 77).with(7 % neighbour.length, 77), EPOCH + 101)).toBe(2)
    expect(made(elsewhere, EPOCH + 101)).toBe(4)
    expect(made(here, EPOCH + 201)).toBe(4)
    expect(announce(registry, here, 1)).toBe(Served)
  })
})

describe('a private address', () => {
  it('is spared, unless limits apply to it', () => {
    for (const appliesToPrivate of [false, true]) {
      const registry = limited({ maxTorrentsPerAddress: 2, maxTotalPeersPerAddress: 3, appliesToPrivate })
      const verdicts = [1, 2, 3, 4].map((torrent) => announce(registry, [10, 0, 0, 1], torrent))
      expect(verdicts).toEqual(appliesToPrivate ? [Served, Served, Full, Full] : [Served, Served, Served, Served])
      expect(held(registry.memory).addresses).toEqual(appliesToPrivate ? [2, 2] : [0, 0])
    }
  })
})

describe('the default limits', () => {
  it('refuse the 20,001st torrent of an address softly, and none of an address in another /24 (BH-96)', () => {
    const registry = limited(DEFAULT_ADDRESS_RULES)
    const verdicts = { [Served]: 0, [Full]: 0 } as Record<number, number>
    for (let n = 1; n <= 20_001; n++) {
      verdicts[announce(registry, HERE, n, { nowSeconds: EPOCH + 100 + Math.ceil(n / 20), numwant: 0 })]++
    }
    expect(verdicts).toEqual({ [Served]: 20_000, [Full]: 1 })
    expect(announce(registry, ELSEWHERE, 30_000)).toBe(Served)
    expect(announce(registry, HERE, 1)).toBe(Served)
    expect(swarmTotals(registry.memory).torrents).toBe(20_001)
  })

  it('store 5000 torrents that a seedbox announces at once', () => {
    const registry = limited(DEFAULT_ADDRESS_RULES)
    for (let n = 1; n <= 5_000; n++) expect(announce(registry, HERE, n, { numwant: 0 })).toBe(Served)
  })
})

describe('the counters', () => {
  it('are zero once everything is gone: stopped, displaced, replaced, evicted, expired', () => {
    const registry = limited({ maxPeersPerAddress: 2 })
    for (let n = 0; n < 500; n++) {
      const address = [66, n & 3, n & 7, n & 15]
      announce(registry, address, n % 40, { endpoint: anEndpoint(address, 7000 + n), peerId: twentyBytes(n + 1) })
      if (n % 3 === 0) announce(registry, HERE6, n % 50, { peerId: twentyBytes(n + 1), key: n })
      if (n % 5 === 0) announce(registry, address, n % 40, { event: AnnounceEvent.Stopped })
    }
    expect(registry.swarm.replaced).toBeGreaterThan(0)
    const { torrents, ipv4Peers, ipv6Peers } = swarmTotals(registry.memory)
    expect(held(registry.memory)).toEqual({
      addresses: [ipv4Peers + ipv6Peers, torrents],
      networks: [ipv4Peers + ipv6Peers, torrents],
    })
    expect(memoryProblems(registry.memory)).toEqual([])
    sweepAll(registry)
    expect(held(registry.memory)).toEqual({ addresses: [0, 0], networks: [0, 0] })
  })

  it('do not change when a known peer announces again', () => {
    const registry = limited({})
    announce(registry, HERE, 1)
    const { words, plan } = registry.memory
    const before = words.slice(plan.holdingsAt, plan.arenaAt)
    announce(registry, HERE, 1, { left: 0n, event: AnnounceEvent.Completed })
    expect(words.slice(plan.holdingsAt, plan.arenaAt)).toEqual(before)
  })

  it('count a torrent for its maker until it ends, whoever has joined', () => {
    const registry = limited({ maxTorrentsPerAddress: 1 })
    announce(registry, HERE, 1)
    announce(registry, ELSEWHERE, 1)
    announce(registry, HERE, 1, { event: AnnounceEvent.Stopped })
    expect(announce(registry, HERE, 2)).toBe(Full)
    expect(announce(registry, ELSEWHERE, 2)).toBe(Served)
    announce(registry, ELSEWHERE, 1, { event: AnnounceEvent.Stopped })
    expect(announce(registry, HERE, 3)).toBe(Served)
  })

  it('are the same for all threads', () => {
    const registry = limited({ maxTorrentsPerAddress: 2 })
    const other = new SwarmRegistry(registry.memory, 20_000, 5)
    announce(registry, HERE, 1)
    announce(other, HERE, 2)
    expect([announce(registry, HERE, 3), announce(other, HERE, 3)]).toEqual([Full, Full])
    announce(other, HERE, 1, { event: AnnounceEvent.Stopped })
    expect(announce(registry, HERE, 3)).toBe(Served)
  })
})

// The smallest budget under floods: what is evicted, what stays, and what is available again afterwards (protocol rule
// SEC-20).

import { describe, expect, it } from '@jest/globals'
import { AnnounceRequest } from '../../../src/domain/announce.ts'
import { SwarmCounts } from '../../../src/domain/scrape.ts'
import { readSwarm } from '../../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import { Verdict } from '../../../src/domain/verdict.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  type Endpoint,
  fillRequest,
  hashWords,
  hex,
  twentyBytes,
} from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { SeededRandom } from '../../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): Verdict {
  return registry.announce(fillRequest(request, anAnnounce(changes)), reply)
}

function address(n: number) {
  return anEndpoint([20, n >> 16, (n >> 8) & 0xff, n & 0xff], 6881)
}

const host6 = anEndpoint([0x20, 1, ...new Array(14).fill(0)], 6881)
function address6(n: number) {
  return anEndpoint([0x20, 1, ...new Array(11).fill(0), n >> 16, (n >> 8) & 0xff, n & 0xff], 6881)
}

/**
 * Announces new torrents with `peersEach` peers each, from 256 networks or a network each; returns how many announces
 * were rejected.
 */
function flood(registry: SwarmRegistry, torrents: number, peersEach = 1, isFromEverywhere = false): number {
  const random = new SeededRandom(5)
  let rejected = 0
  fillRequest(request, anAnnounce({ endpoint: address(1) }))
  for (let n = 0; n < torrents; n++) {
    for (let i = 0; i < 5; i++) request.words[i] = random.word()
    request.endpoint[1] = n
    if (isFromEverywhere) request.endpoint[0] = 0x1414 + (n >> 8)
    request.nowSeconds = EPOCH + 100 + (n >> 10)
    for (let peer = 0; peer < peersEach; peer++) {
      request.endpoint[2] = 7000 + peer
      request.words[5] = peer + 1
      if (registry.announce(request, reply) === Verdict.Full) rejected++
    }
  }
  return rejected
}

/** Announces peers of one torrent; all are served, whether or not there is room for them. */
function establish(registry: SwarmRegistry, count: number, at: (n: number) => Endpoint = address): void {
  let rejected = 0
  for (let n = 0; n < count; n++) {
    if (announce(registry, { endpoint: at(n), peerId: twentyBytes(n + 1), numwant: 0 }) !== Verdict.Served) rejected++
  }
  expect(rejected).toBe(0)
}

function established(registry: SwarmRegistry): string[] {
  return (readSwarm(registry, Buffer.from(twentyBytes(1), 'hex'))?.peers ?? [])
    .map(({ endpoint }) => hex(endpoint))
    .toSorted()
}

function sweepAll(registry: SwarmRegistry): void {
  const sweeper = new Sweeper(registry)
  while (!sweeper.slice(EPOCH + 1_000_000, true));
}

describe('a flood of torrents', () => {
  it('takes no peer from a swarm of a hundred, and leaves it room to grow', () => {
    const registry = aRegistry()
    establish(registry, 100)
    const before = established(registry)
    const rejected = flood(registry, 120_000)
    expect(registry.evictions).toBeGreaterThan(0)
    expect(established(registry)).toEqual(before)
    expect(memoryProblems(registry.memory)).toEqual([])
    const { torrents, ipv4Peers } = swarmTotals(registry.memory)
    expect(torrents).toBe(1 + 120_000 - rejected - registry.evictions)
    expect(ipv4Peers).toBe(torrents + 99)
    establish(registry, 2_000)
    expect(established(registry)).toHaveLength(2_000)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('from everywhere is rejected without a trace once every swarm has two peers', () => {
    const registry = aRegistry()
    expect(flood(registry, 90_000, 2, true)).toBeGreaterThan(0)
    const before = swarmTotals(registry.memory)
    const used = registry.heap.usedBytes()
    const infoHash = 'ab'.repeat(20)
    reply.ipv4.count = 9
    reply.seeders = 9
    expect(announce(registry, { infoHash })).toBe(Verdict.Full)
    expect([reply.ipv4.count, reply.ipv6.count, reply.seeders, reply.leechers, reply.completed]).toEqual([
      0, 0, 0, 0, 0,
    ])
    expect(swarmTotals(registry.memory)).toEqual(before)
    expect(registry.heap.usedBytes()).toBe(used)
    const counts = new SwarmCounts()
    registry.scrape(hashWords(infoHash), 0, counts)
    expect(counts).toEqual(new SwarmCounts())
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('over one family evicts none of the other, whose memory would not help', () => {
    const registry = aRegistry()
    flood(registry, 120_000)
    const before = swarmTotals(registry.memory)
    const evictions = registry.evictions
    let rejected = 0
    for (let n = 0; n < 5_000; n++) {
      if (announce(registry, { infoHash: twentyBytes(900_000 + n), endpoint: address6(n) }) === Verdict.Full) rejected++
    }
    const after = swarmTotals(registry.memory)
    expect(before.ipv4Peers - after.ipv4Peers).toBeLessThanOrEqual(after.ipv6Peers)
    expect(after.ipv6Peers).toBe(5_000 - rejected)
    expect(registry.evictions - evictions).toBe(before.ipv4Peers - after.ipv4Peers)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('leaves all memory available afterwards, for swarms of any size', () => {
    const registry = aRegistry()
    flood(registry, 110_000)
    sweepAll(registry)
    expect(registry.heap.usedBytes()).toBe(0)
    establish(registry, 20_000)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(20_000)
    sweepAll(registry)
    expect(registry.heap.usedBytes()).toBe(0)
    flood(registry, 110_000)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('a swarm that outgrows memory', () => {
  it('continues to serve peers that find no room', () => {
    const registry = aRegistry(1, 65_000)
    fillRequest(request, anAnnounce({ endpoint: host6, numwant: 1 }))
    registry.announce(request, reply)
    flood(registry, 110_000)
    let wrong = 0
    fillRequest(request, anAnnounce({ endpoint: host6, numwant: 1 }))
    for (let n = 1; n < 40_000; n++) {
      request.endpoint[7] = n
      request.words[5] = n + 1
      if (registry.announce(request, reply) !== Verdict.Served || reply.ipv6.count !== 1) wrong++
    }
    expect(wrong).toBe(0)
    const { torrents, ipv4Peers, ipv6Peers, leechers } = swarmTotals(registry.memory)
    expect(ipv6Peers).toBeGreaterThan(10_000)
    expect(ipv6Peers).toBeLessThan(40_000)
    expect([ipv4Peers, leechers]).toEqual([torrents - 1, ipv4Peers + ipv6Peers])
    expect(memoryProblems(registry.memory)).toEqual([])
    sweepAll(registry)
    expect([registry.heap.usedBytes(), ...memoryProblems(registry.memory)]).toEqual([0])
    // Slabs with another former use become tables of large swarms.
    establish(registry, 30_000)
    establish(registry, 30_000, address6)
    expect(swarmTotals(registry.memory)).toMatchObject({ ipv4Peers: 30_000, ipv6Peers: 30_000 })
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('the limit of a peer list', () => {
  const near = (n: number) => anEndpoint([20, 0, 0, n], 6881)

  it('admits any new peer, at the cost of the network that has most', () => {
    const registry = aRegistry(1, 40)
    for (let n = 0; n < 40; n++) announce(registry, { endpoint: near(n), peerId: twentyBytes(n + 1) })
    const outsider = anEndpoint([20, 0, 1, 1], 6881)
    expect(announce(registry, { endpoint: outsider, peerId: twentyBytes(99), numwant: 10 })).toBe(Verdict.Served)
    expect([reply.ipv4.count, reply.leechers]).toEqual([10, 40])
    announce(registry, { endpoint: near(200), peerId: twentyBytes(98) })
    expect(established(registry)).toContain(outsider.name)
    expect(established(registry)).toContain(near(200).name)
    expect(established(registry)).toHaveLength(40)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('treats a /48 as one network among IPv6 peers', () => {
    const site = (third: number, n: number) => anEndpoint([0x20, 1, 0, 1, 0, third, ...new Array(9).fill(n), n], 6881)
    const registry = aRegistry(1, 40)
    for (let n = 0; n < 40; n++) announce(registry, { endpoint: site(1, n), peerId: twentyBytes(n + 1) })
    announce(registry, { endpoint: site(2, 99), peerId: twentyBytes(99) })
    announce(registry, { endpoint: site(1, 100), peerId: twentyBytes(100) })
    expect(established(registry)).toContain(site(2, 99).name)
    expect(established(registry)).toContain(site(1, 100).name)
    expect(established(registry)).toHaveLength(40)
  })

  it('does not affect peers that are already in the list', () => {
    const registry = aRegistry(1, 40)
    for (let n = 0; n < 40; n++) announce(registry, { endpoint: address(n << 8), peerId: twentyBytes(n + 1) })
    announce(registry, { endpoint: anEndpoint([20, 0, 3, 0], 7000), peerId: twentyBytes(4), left: 0n })
    expect(established(registry)).toHaveLength(40)
    expect([reply.seeders, reply.leechers]).toEqual([1, 39])
  })
})

// A full swarm (protocol rule SEC-20): newcomers from elsewhere are stored at the cost of the largest holder.

import { describe, expect, it } from '@jest/globals'
import { AnnounceRequest } from '../../../src/domain/announce.ts'
import { readSwarm } from '../../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  type Endpoint,
  fillRequest,
  hex,
  twentyBytes,
} from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { SeededRandom } from '../../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'

const MAX_PEERS = 20_000
const request = new AnnounceRequest()
const reply = aReply()
let now = EPOCH

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): void {
  now++
  registry.announce(
    fillRequest(request, anAnnounce({ peerId: twentyBytes(now), nowSeconds: now, numwant: 0, ...changes })),
    reply,
  )
}

function stored(registry: SwarmRegistry): Set<string> {
  const swarm = readSwarm(registry, Buffer.from(twentyBytes(1), 'hex'))
  return new Set((swarm?.peers ?? []).map(({ endpoint }) => hex(endpoint)))
}

const random = new SeededRandom(7)
/** Endpoints of one network that differ in host and port. */
function ofNetwork24(): Endpoint {
  return anEndpoint([66, 1, 1, random.below(256)], 1024 + random.below(60_000))
}
function ofNetwork48(): Endpoint {
  return anEndpoint(
    [0x20, 1, 0, 1, 0, 66, random.below(256), random.below(256), ...new Array(8).fill(1)],
    1 + random.below(60_000),
  )
}
function ofRegion16(): Endpoint {
  return anEndpoint([66, 1, random.below(256), random.below(256)], 1024 + random.below(60_000))
}
function ofRegion32(): Endpoint {
  return anEndpoint(
    [0x20, 1, 0, 1, random.below(256), random.below(256), ...new Array(10).fill(1)],
    1 + random.below(60_000),
  )
}

function lone(n: number): Endpoint {
  return anEndpoint([70 + (n % 90), n, 3, 4], 6881)
}
function lone6(n: number): Endpoint {
  return anEndpoint([0x2a, n, n, 0, 0, 5, ...new Array(10).fill(n)], 6881)
}

describe.each([
  ['a /24', ofNetwork24, lone],
  ['a /48', ofNetwork48, lone6],
  ['a /16', ofRegion16, lone],
  ['a /32', ofRegion32, lone6],
])('a swarm full of peers of %s', (_, attacker, honest) => {
  it('keeps its real seeders, and stores newcomers of other networks', () => {
    for (let seed = 1; seed <= 2; seed++) {
      const registry = aRegistry(seed, MAX_PEERS, 32 * 2 ** 20)
      const seeders = Array.from({ length: 30 }, (_, n) => honest(n))
      for (const endpoint of seeders) announce(registry, { endpoint, left: 0n })
      while (reply.leechers < MAX_PEERS - 30) announce(registry, { endpoint: attacker() })
      const newcomers = Array.from({ length: 100 }, (_, n) => honest(100 + n))
      for (const endpoint of newcomers) {
        announce(registry, { endpoint })
        for (let n = 0; n < 20; n++) announce(registry, { endpoint: attacker() })
      }
      const names = stored(registry)
      expect(names.size).toBe(MAX_PEERS)
      expect(seeders.filter(({ name }) => !names.has(name))).toEqual([])
      expect(newcomers.filter(({ name }) => !names.has(name))).toEqual([])
      expect(reply.seeders).toBe(30)
      expect(memoryProblems(registry.memory)).toEqual([])
    }
  })
})

describe('a full swarm', () => {
  it('displaces no peer of a network of its own while another network has two', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const registry = aRegistry(seed, 16)
      for (let n = 0; n < 14; n++) announce(registry, { endpoint: lone(n) })
      for (let n = 0; n < 2; n++) announce(registry, { endpoint: anEndpoint([66, 1, 1, n], 6881) })
      announce(registry, { endpoint: lone(100) })
      const names = stored(registry)
      expect([...Array(14).keys(), 100].filter((n) => !names.has(lone(n).name))).toEqual([])
      // Of the two the older one went.
      expect(names.has(anEndpoint([66, 1, 1, 1], 6881).name)).toBe(true)
    }
  })

  it('displaces the oldest of a sample where every network has one', () => {
    const registry = aRegistry(1, 16)
    for (let n = 0; n < 16; n++) announce(registry, { endpoint: lone(n) })
    for (let n = 100; n < 110; n++) announce(registry, { endpoint: lone(n) })
    const names = stored(registry)
    expect([...Array(26).keys()].map((n) => (n < 16 ? n : n + 84)).filter((n) => !names.has(lone(n).name))).toEqual([
      ...Array(10).keys(),
    ])
    expect(registry.swarm.displaced).toBe(10)
  })

  it.each([1, 2, 15, 17, 40])('of at most %i peers always has room for one more', (maxPeers) => {
    const registry = aRegistry(1, maxPeers)
    for (let n = 0; n < 200; n++) {
      const endpoint = lone(n)
      announce(registry, { endpoint, key: n, left: n % 3 === 0 ? 0n : 1n })
      expect(stored(registry).has(endpoint.name)).toBe(true)
      expect(stored(registry).size).toBe(Math.min(n + 1, maxPeers))
    }
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

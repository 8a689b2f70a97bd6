// Memory that somebody has filled with made-up torrents (protocol rule SEC-20): what the largest holder made gives way,
// newcomers of other networks are stored, and real swarms keep their peers.

import { describe, expect, it } from '@jest/globals'
import { AnnounceRequest } from '../../../src/domain/announce.ts'
import { readSwarm } from '../../../src/domain/swarm/swarm-reader.ts'
import { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
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
  twentyBytes,
} from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { SeededRandom } from '../../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): Verdict {
  return registry.announce(fillRequest(request, anAnnounce({ numwant: 0, ...changes })), reply)
}

/** Address of the n-th honest client: each in a network of its own. */
function lone(n: number): Endpoint {
  return anEndpoint([70 + (n % 90), n >> 8, n & 0xff, 4], 6881)
}
function lone6(n: number): Endpoint {
  return anEndpoint([0x2a, n & 0xff, n >> 8, 0, 0, 5, ...new Array(10).fill(n & 0xff)], 6881)
}

function peersOf(registry: SwarmRegistry, torrent: number): number {
  return readSwarm(registry, Buffer.from(twentyBytes(torrent), 'hex'))?.peers.length ?? 0
}

interface Flood {
  readonly peersEach: number
  /** The last two bytes of an address of 66.1.0.0/16. */
  readonly host: (random: SeededRandom) => number
}
function oneAddress(): number {
  return 0x0101
}
function anAddressOf16(random: SeededRandom): number {
  return random.below(65_536)
}

class Attacker {
  readonly #random = new SeededRandom(9)
  readonly #flood: Flood

  constructor(flood: Flood) {
    this.#flood = flood
  }

  /** Makes torrents until `count` peers were announced; returns how many torrents were refused. */
  announce(registry: SwarmRegistry, count: number): number {
    let refused = 0
    fillRequest(request, anAnnounce({ endpoint: anEndpoint([66, 1, 1, 1], 6881), numwant: 0 }))
    for (let n = 0; n < count; n += this.#flood.peersEach) {
      for (let i = 0; i < 5; i++) request.words[i] = this.#random.word()
      for (let peer = 0; peer < this.#flood.peersEach; peer++) {
        request.endpoint[1] = this.#flood.host(this.#random)
        request.endpoint[2] = 7000 + peer
        request.words[5] = peer + 1
        if (registry.announce(request, reply) === Verdict.Full && peer === 0) refused++
      }
    }
    return refused
  }
}

describe.each<[string, Flood]>([
  ['one-peer torrents of one address', { peersEach: 1, host: oneAddress }],
  ['one-peer torrents of a /16', { peersEach: 1, host: anAddressOf16 }],
  ['two-peer torrents of one address', { peersEach: 2, host: oneAddress }],
  ['two-peer torrents of a /16', { peersEach: 2, host: anAddressOf16 }],
  ['sixteen-peer torrents of a /16', { peersEach: 16, host: anAddressOf16 }],
])('memory full of %s', (_, flood) => {
  it('stores every honest newcomer, and keeps what honest clients have', () => {
    const registry = aRegistry(3)
    const attacker = new Attacker(flood)
    for (let n = 0; n < 30; n++) announce(registry, { endpoint: lone(n), infoHash: twentyBytes(1), left: 0n })
    for (let n = 0; n < 100; n++) {
      for (const endpoint of [lone(100 + n), lone(300 + n)])
        announce(registry, { endpoint, infoHash: twentyBytes(2 + n) })
    }
    attacker.announce(registry, flood.peersEach > 2 ? 260_000 : 220_000)
    expect(registry.evictions).toBeGreaterThan(1000)
    const newcomers = { stored: 0, refused: 0 }
    for (let n = 0; n < 300; n++) {
      const verdict = announce(registry, { endpoint: lone(1000 + n), infoHash: twentyBytes(1000 + n) })
      newcomers[verdict === Verdict.Served ? 'stored' : 'refused']++
      attacker.announce(registry, 100)
    }
    expect(newcomers).toEqual({ stored: 300, refused: 0 })
    expect(peersOf(registry, 1)).toBe(30)
    expect(Array.from({ length: 100 }, (__, n) => peersOf(registry, 2 + n)).filter((peers) => peers !== 2)).toEqual([])
    // Of the smallest memory's counters of networks, one in 64 is shared with one of the attacker's networks.
    const left = Array.from({ length: 300 }, (__, n) => peersOf(registry, 1000 + n)).filter((peers) => peers === 1)
    expect(left.length).toBeGreaterThanOrEqual(295)
    expect(memoryProblems(registry.memory)).toEqual([])
    const sweeper = new Sweeper(registry)
    while (!sweeper.slice(EPOCH + 1_000_000, true));
    expect([registry.heap.usedBytes(), ...memoryProblems(registry.memory)]).toEqual([0])
  })
})

describe('memory full of two-peer torrents', () => {
  it('of one address makes room for newcomers of the other family, too', () => {
    const registry = aRegistry(3)
    new Attacker({ peersEach: 2, host: oneAddress }).announce(registry, 220_000)
    for (let n = 0; n < 300; n++) {
      expect(announce(registry, { endpoint: lone6(n), infoHash: twentyBytes(1000 + n) })).toBe(Verdict.Served)
      announce(registry, { endpoint: lone6(1000 + n), infoHash: twentyBytes(1000 + n), peerId: twentyBytes(9) })
      expect(reply.leechers).toBe(2)
    }
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('evicts no swarm with a single peer of a small network', () => {
    const registry = aRegistry(3)
    const attacker = new Attacker({ peersEach: 2, host: oneAddress })
    attacker.announce(registry, 20_000)
    // The attacker made these torrents, and a client found them.
    for (let n = 0; n < 200; n++) {
      const infoHash = twentyBytes(1000 + n)
      for (const port of [1000, 2000]) {
        announce(registry, { endpoint: anEndpoint([66, 1, 1, 1], port), infoHash, peerId: twentyBytes(port) })
      }
      announce(registry, { endpoint: lone(n), infoHash })
    }
    attacker.announce(registry, 200_000)
    expect(registry.evictions).toBeGreaterThan(1000)
    expect(Array.from({ length: 200 }, (_, n) => peersOf(registry, 1000 + n)).filter((peers) => peers !== 3)).toEqual(
      [],
    )
  })

  it('is kept true by two threads at once', () => {
    const registry = aRegistry(3)
    const other = new SwarmRegistry(registry.memory, 20_000, 77)
    const flood = { peersEach: 2, host: anAddressOf16 }
    const attackers = [new Attacker(flood), new Attacker({ ...flood, host: (random) => random.below(512) })] as const
    for (let n = 0; n < 100; n++) {
      attackers[0].announce(registry, 1300)
      attackers[1].announce(other, 1300)
    }
    expect(registry.evictions).toBeGreaterThan(100)
    expect(other.evictions).toBeGreaterThan(100)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('memory full of torrents of many networks', () => {
  /** Every torrent has a network of its own. */
  function fill(registry: SwarmRegistry): void {
    for (let n = 1000; registry.evictions === 0; n++)
      announce(registry, { endpoint: lone(n), infoHash: twentyBytes(n) })
  }

  it('does not give way to a network that holds more than its fair share', () => {
    const registry = aRegistry(3)
    const attacker = new Attacker({ peersEach: 1, host: oneAddress })
    attacker.announce(registry, 100)
    fill(registry)
    const before = swarmTotals(registry.memory).torrents
    const refused = attacker.announce(registry, 1000)
    // Where one of its own is near, that gives way.
    expect(refused).toBeGreaterThan(900)
    expect(swarmTotals(registry.memory).torrents).toBe(before)
    expect(announce(registry, { endpoint: lone(1_000_000), infoHash: twentyBytes(1_000_000) })).toBe(Verdict.Served)
  })

  it('gives way to a network within its fair share: the swarm that announced least recently goes', () => {
    const registry = aRegistry(3)
    for (let n = 0; n < 1000; n++)
      announce(registry, { endpoint: lone(n), infoHash: twentyBytes(n), nowSeconds: EPOCH + 1 })
    fill(registry)
    for (let n = 0; n < 2000; n++) {
      announce(registry, { endpoint: lone(2_000_000 + n), infoHash: twentyBytes(2_000_000 + n) })
    }
    expect(peersOf(registry, 2_001_999)).toBe(1)
    const old = Array.from({ length: 1000 }, (_, n) => peersOf(registry, n)).filter((peers) => peers === 1).length
    // Twenty of them would have gone by chance.
    expect(old).toBeLessThan(960)
  })
})

// The share of one address in a swarm (protocol rule SEC-20): an IPv4 address or an IPv6 /64 has 16 entries, and its
// own oldest gives way to a further one.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest, Scope } from '../../../src/domain/announce.ts'
import { DEFAULT_ADDRESS_RULES } from '../../../src/domain/swarm/address-rules.ts'
import { readSwarm } from '../../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
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
import { allOf, load, saved } from '../../model/snapshots.ts'
import { aRegistry, EPOCH, NO_LIMITS } from '../../model/world.ts'

const SHARE = DEFAULT_ADDRESS_RULES.maxPeersPerAddress
const request = new AnnounceRequest()
const reply = aReply()
let now = EPOCH

function limited(rules = DEFAULT_ADDRESS_RULES, maxPeers = 20_000): SwarmRegistry {
  return aRegistry(1, maxPeers, 32 * 2 ** 20, undefined, rules)
}

/** Each announce is a second later than the one before, and of another client unless it says otherwise. */
function announce(registry: SwarmRegistry, endpoint: Endpoint, changes: Partial<Announcing> = {}): void {
  now++
  const announcing = anAnnounce({ endpoint, peerId: twentyBytes(now), nowSeconds: now, numwant: 0, ...changes })
  registry.announce(fillRequest(request, announcing), reply)
}

function crowd(registry: SwarmRegistry, count: number): void {
  for (let n = 0; n < count; n++) announce(registry, anEndpoint([30, n >> 16, (n >> 8) & 0xff, n & 0xff], 6881))
}

function here(port: number): Endpoint {
  return anEndpoint([20, 1, 1, 1], 7000 + port)
}
/** The interface part of the address varies within one /64. */
function here6(n: number): Endpoint {
  return anEndpoint([0x20, 1, 0, 7, 0, 7, 0, 7, n, ...new Array(6).fill(n), 1], 7000)
}

function stored(registry: SwarmRegistry): string[] {
  const swarm = readSwarm(registry, Buffer.from(twentyBytes(1), 'hex'))
  return (swarm?.peers ?? []).map(({ endpoint }) => hex(endpoint))
}

describe.each([
  ['an IPv4 address', here],
  ['an IPv6 /64', here6],
])('%s', (_, own) => {
  it.each([0, 3, 500, 20_000])('replaces its own oldest entry beside %i other peers', (others) => {
    const registry = limited(DEFAULT_ADDRESS_RULES, 30_000)
    crowd(registry, others)
    for (let n = 0; n < SHARE; n++) announce(registry, own(n), { peerId: twentyBytes(900_000 + n) })
    // The first one is the oldest no longer.
    announce(registry, own(0), { peerId: twentyBytes(900_000) })
    expect(stored(registry)).toHaveLength(others + SHARE)
    for (let n = SHARE; n < SHARE + 3; n++) announce(registry, own(n))
    const names = stored(registry)
    expect(names).toHaveLength(others + SHARE)
    for (const gone of [1, 2, 3]) expect(names).not.toContain(own(gone).name)
    for (const left of [0, 4, 15, 16, 17, 18]) expect(names).toContain(own(left).name)
    expect(registry.swarm.replaced).toBe(3)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('has any number of entries where there is no limit', () => {
    const registry = limited(NO_LIMITS)
    for (let n = 0; n < 200; n++) announce(registry, own(n))
    expect(stored(registry)).toHaveLength(200)
  })

  it('has its share of every torrent', () => {
    const registry = limited()
    for (let n = 0; n < 40; n++) announce(registry, own(n), { infoHash: twentyBytes(n % 2) })
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 2, leechers: 2 * SHARE })
  })
})

describe('the share of an address', () => {
  it('is not that of its neighbours', () => {
    const registry = limited()
    for (let n = 0; n < 64; n++) {
      announce(registry, anEndpoint([20, 1, 1, n & 3], 7000 + n))
      announce(registry, anEndpoint([0x20, 1, 0, 7, 0, 7, 0, n & 3, ...new Array(8).fill(n)], 7000))
    }
    expect(stored(registry)).toHaveLength(128)
  })

  it('holds for thousands of addresses that all have more', () => {
    const registry = limited(DEFAULT_ADDRESS_RULES, 60_000)
    for (let round = 0; round < 20; round++) {
      for (let n = 0; n < 1250; n++) announce(registry, anEndpoint([20, 2, n >> 8, n & 0xff], 7000 + round))
    }
    const names = stored(registry)
    expect(names).toHaveLength(1250 * SHARE)
    for (const round of [0, 3]) expect(names).not.toContain(anEndpoint([20, 2, 1, 1], 7000 + round).name)
    for (const round of [4, 19]) expect(names).toContain(anEndpoint([20, 2, 1, 1], 7000 + round).name)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('includes clients that move in from another address', () => {
    const registry = limited()
    for (let n = 0; n < SHARE; n++) announce(registry, here(n))
    const client = { key: 5, peerId: twentyBytes(5), left: 0n }
    announce(registry, anEndpoint([20, 9, 9, 9], 7000), client)
    announce(registry, here(100), client)
    expect(stored(registry)).toHaveLength(SHARE)
    expect(stored(registry)).not.toContain(here(0).name)
    // Moving within the address takes no other entry.
    announce(registry, here(101), client)
    expect(stored(registry)).toHaveLength(SHARE)
    expect(stored(registry)).toContain(here(1).name)
    expect([reply.seeders, reply.leechers]).toEqual([1, SHARE - 1])
  })

  it('counts the twin of an entry that gives way', () => {
    const registry = limited()
    const twin = { key: 5, peerId: twentyBytes(5), left: 0n }
    announce(registry, here(0), twin)
    announce(registry, here6(1), twin)
    expect([reply.seeders, reply.leechers]).toEqual([1, 0])
    for (let n = 1; n <= SHARE; n++) announce(registry, here(n))
    expect(stored(registry)).not.toContain(here(0).name)
    expect([reply.seeders, reply.leechers]).toEqual([1, SHARE])
    announce(registry, here6(1), { ...twin, event: AnnounceEvent.Stopped })
    expect([reply.seeders, reply.leechers]).toEqual([0, SHARE])
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('is not limited for private and loopback addresses, unless the limits apply to them', () => {
    const addresses = [
      [127, 0, 0, 1],
      [10, 1, 1, 1],
      [100, 64, 1, 1],
      [...new Array(15).fill(0), 1],
    ]
    for (const appliesToPrivate of [false, true]) {
      for (const scope of [Scope.Private, Scope.Global]) {
        const registry = limited({ ...NO_LIMITS, maxPeersPerAddress: SHARE, appliesToPrivate })
        for (const address of addresses) {
          for (let n = 0; n < 300; n++) announce(registry, anEndpoint(address, 7000 + n, { scope }))
        }
        expect(stored(registry)).toHaveLength(4 * (appliesToPrivate ? SHARE : 300))
        expect(memoryProblems(registry.memory)).toEqual([])
      }
    }
  })

  it('holds for swarms that are restored: the latest announces win, from whichever side they come', () => {
    const unlimited = limited(NO_LIMITS)
    for (let n = 0; n < 40; n++) announce(unlimited, here(n))
    const restored = limited()
    load(restored, saved(unlimited), allOf(unlimited))
    const latest = Array.from({ length: SHARE }, (_, n) => here(24 + n).name)
    expect(stored(restored).toSorted()).toEqual(latest.toSorted())

    const busy = limited()
    for (let n = 0; n < 10; n++) announce(busy, here(100 + n))
    const loader = load(busy, saved(unlimited), allOf(unlimited))
    const names = stored(busy)
    expect(names).toHaveLength(SHARE)
    for (let n = 0; n < 10; n++) expect(names).toContain(here(100 + n).name)
    for (let n = 34; n < 40; n++) expect(names).toContain(here(n).name)
    expect(loader.peers + loader.outdated).toBe(40)
    expect([...memoryProblems(restored.memory), ...memoryProblems(busy.memory)]).toEqual([])
  })
})

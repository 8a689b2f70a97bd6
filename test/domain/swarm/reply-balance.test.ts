// The share of one network in a reply (protocol rule SEC-16): at most half, when the swarm has others.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest, Family, Scope } from '../../../src/domain/announce.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  type Endpoint,
  endpointsIn,
  fillRequest,
  peerIdsIn,
} from '../../model/announcing.ts'
import { aRegistry, NO_LIMITS } from '../../model/world.ts'

const WANTED = 50
const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, endpoint: Endpoint, changes: Partial<Announcing> = {}): string[] {
  const announcing = anAnnounce({ endpoint, peerId: idOf(endpoint), numwant: 0, ...changes })
  registry.announce(fillRequest(request, announcing), reply)
  return endpointsIn(endpoint.family === Family.IPv4 ? reply.ipv4 : reply.ipv6, endpoint.family)
}

/** The end of the endpoint, which is different for all of them. */
function idOf({ name }: Endpoint): string {
  return name.padEnd(40, '1').slice(0, 40)
}

function crowd(n: number, kind?: Partial<Endpoint>): Endpoint {
  return anEndpoint([66, 1, 1, n & 0xff], 7000 + n, kind)
}
function crowd6(n: number): Endpoint {
  return anEndpoint([0x20, 1, 0, 1, 0, 66, n >> 8, n & 0xff, ...new Array(8).fill(9)], 7000)
}
function other(n: number, kind?: Partial<Endpoint>): Endpoint {
  return anEndpoint([70, n >> 8, n & 0xff, 9], 6881, kind)
}
function other6(n: number): Endpoint {
  return anEndpoint([0x2a, 1, 0, n >> 8, n & 0xff, 1, ...new Array(10).fill(9)], 6881)
}

function fill(registry: SwarmRegistry, count: number, endpoint: (n: number) => Endpoint, seeders = 0): void {
  for (let n = 0; n < count; n++) announce(registry, endpoint(n), { left: n < seeders ? 0n : 1n })
}

function ofCrowd(names: readonly string[]): number {
  return names.filter((name) => /^420101|^200100010042/.test(name)).length
}

describe.each([
  ['a /24', crowd, other],
  ['a /48', crowd6, other6],
])('a reply beside a crowd of %s', (_, many, few) => {
  it.each([
    [0, 0],
    [500, 50],
    [500, 0],
    [0, 50],
    [250, 25],
  ])('is at most half of it, where %i of 500 and %i of 50 others are seeders', (seedersOfCrowd, otherSeeders) => {
    for (let seed = 1; seed <= 10; seed++) {
      const registry = aRegistry(seed)
      fill(registry, 500, many, seedersOfCrowd)
      fill(registry, 50, few, otherSeeders)
      for (let ask = 0; ask < 100; ask++) {
        const asker = ask % 2 === 0 ? many(ask) : few(1000)
        const names = announce(registry, asker, { numwant: WANTED, wantsPeerIds: true })
        expect(names).toHaveLength(WANTED)
        expect(ofCrowd(names)).toBeLessThanOrEqual(WANTED / 2)
        expect(new Set(names).size).toBe(WANTED)
        expect(names).not.toContain(asker.name)
        const room = asker.family === Family.IPv4 ? reply.ipv4 : reply.ipv6
        expect(peerIdsIn(room)).toEqual(names.map((name) => idOf({ ...asker, name })))
      }
    }
  })

  it('has all others where they are few, and is as long as wanted', () => {
    const registry = aRegistry(3)
    fill(registry, 400, many)
    fill(registry, 7, few)
    const names = announce(registry, few(1000), { numwant: WANTED })
    expect([names.length, ofCrowd(names)]).toEqual([WANTED, WANTED - 7])
    announce(registry, few(1000), { event: AnnounceEvent.Stopped })
    for (let n = 0; n < 7; n++) announce(registry, few(n), { event: AnnounceEvent.Stopped })
    expect(announce(registry, many(0), { numwant: WANTED })).toHaveLength(WANTED)
  })

  it('looks at a few hundred peers of a large swarm at most', () => {
    const registry = aRegistry(4)
    fill(registry, 6000, many)
    fill(registry, 600, few)
    let others = 0
    for (let ask = 0; ask < 50; ask++) {
      const names = announce(registry, few(1000), { numwant: 200 })
      expect(new Set(names).size).toBe(200)
      others += 200 - ofCrowd(names)
    }
    // 200 taken and 512 looked at, of which one in eleven is not of the crowd.
    expect(others / 50).toBeGreaterThan(50)
    expect(others / 50).toBeLessThan(80)
  })
})

describe('a reply', () => {
  it('gives seeders downloaders only, in exchange too', () => {
    const registry = aRegistry(5)
    fill(registry, 300, crowd)
    fill(registry, 100, other, 50)
    for (let ask = 0; ask < 50; ask++) {
      const names = announce(registry, other(0), { numwant: WANTED, left: 0n })
      expect(ofCrowd(names)).toBe(WANTED / 2)
      for (let n = 0; n < 50; n++) expect(names).not.toContain(other(n).name)
    }
  })

  it.each([1, 2, 3, 7, 51])('of %i peers has at most half of one network, rounded up', (numwant) => {
    const registry = aRegistry(6)
    fill(registry, 300, crowd)
    fill(registry, 60, other)
    for (let ask = 0; ask < 100; ask++) {
      const names = announce(registry, other(1000), { numwant })
      expect(names).toHaveLength(numwant)
      expect(ofCrowd(names)).toBeLessThanOrEqual(Math.ceil(numwant / 2))
    }
  })

  it('is not balanced among private addresses, unless limits apply to them', () => {
    const near = (n: number, scope: number) => anEndpoint([10, 1, 1, n & 0xff], 7000 + n, { scope })
    for (const scope of [Scope.Private, Scope.Global]) {
      for (const appliesToPrivate of [false, true]) {
        const registry = aRegistry(7, 20_000, 16 * 2 ** 20, undefined, { ...NO_LIMITS, appliesToPrivate })
        fill(registry, 450, (n) => near(n, scope))
        fill(registry, 50, (n) => anEndpoint([10, 2, n, 1], 6881, { scope }))
        let others = 0
        for (let ask = 0; ask < 40; ask++) {
          const names = announce(registry, anEndpoint([10, 3, 1, 1], 6881, { scope }), { numwant: WANTED })
          others += names.filter((name) => name.startsWith('0a02')).length
        }
        if (appliesToPrivate) expect(others / 40).toBe(25)
        else expect(others / 40).toBeLessThan(10)
      }
    }
  })
})

// The registry's rules one by one, each in the smallest swarm that shows it.

import { describe, expect, it } from '@jest/globals'
import {
  AnnounceEvent,
  type AnnounceReply,
  AnnounceRequest,
  Family,
  MAX_SCOPE,
  Scope,
} from '../../../src/domain/announce.ts'
import { SwarmCounts } from '../../../src/domain/scrape.ts'
import { readSwarm } from '../../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Verdict } from '../../../src/domain/verdict.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  endpointsIn,
  fillRequest,
  hashWords,
  twentyBytes,
} from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { aRegistry } from '../../model/world.ts'

function host(n: number, port = 6881, kind = {}) {
  return anEndpoint([20, 0, n >> 8, n & 0xff], port, kind)
}

function host6(n: number, port = 6881, kind = {}) {
  return anEndpoint([0x20, 1, ...new Array(13).fill(0), n], port, kind)
}

const request = new AnnounceRequest()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): AnnounceReply {
  const reply = aReply()
  expect(registry.announce(fillRequest(request, anAnnounce(changes)), reply)).toBe(Verdict.Served)
  return reply
}

function addresses(reply: AnnounceReply): string[] {
  return [...endpointsIn(reply.ipv4, Family.IPv4), ...endpointsIn(reply.ipv6, Family.IPv6)].toSorted()
}

function scrape(registry: SwarmRegistry): SwarmCounts {
  const counts = new SwarmCounts()
  registry.scrape(hashWords(twentyBytes(1)), 0, counts)
  return counts
}

function stored(registry: SwarmRegistry) {
  return readSwarm(registry, Buffer.from(twentyBytes(1), 'hex'))?.peers ?? []
}

describe('the choice of peers', () => {
  const SEEDER = { peerId: twentyBytes(1), endpoint: host(1), left: 0n }
  const LEECHER = { peerId: twentyBytes(2), endpoint: host(2) }
  const PARTIAL = { peerId: twentyBytes(3), endpoint: host(3), event: AnnounceEvent.Paused }

  function threeKinds(): SwarmRegistry {
    const registry = aRegistry()
    for (const peer of [SEEDER, LEECHER, PARTIAL]) announce(registry, peer)
    return registry
  }

  it('hands all peers to a leecher', () => {
    const reply = announce(threeKinds(), { peerId: twentyBytes(9), endpoint: host(9) })
    expect(addresses(reply)).toEqual([host(1).name, host(2).name, host(3).name])
  })

  it('hands downloaders only to seeders and partial seeds', () => {
    const registry = threeKinds()
    expect(addresses(announce(registry, SEEDER))).toEqual([host(2).name])
    expect(addresses(announce(registry, PARTIAL))).toEqual([host(2).name])
  })

  it('hands seeders to a leecher that is never handed out itself', () => {
    const cannotAccept = { peerId: twentyBytes(9), endpoint: host(9, 1, { isHidden: true }) }
    const registry = threeKinds()
    expect(addresses(announce(registry, cannotAccept))).toEqual([host(1).name, host(2).name, host(3).name])
    expect(addresses(announce(registry, LEECHER))).toEqual([host(1).name, host(3).name])
    expect(scrape(registry)).toEqual({ seeders: 1, leechers: 3, downloaders: 2, completed: 0 })
  })

  it('never hands a private peer to a global one', () => {
    const registry = threeKinds()
    const isPrivate = { scope: Scope.Private }
    announce(registry, { peerId: twentyBytes(4), endpoint: anEndpoint([10, 0, 0, 1], 6881, isPrivate) })
    expect(addresses(announce(registry, LEECHER))).toEqual([host(1).name, host(3).name])
    const neighbour = { peerId: twentyBytes(5), endpoint: anEndpoint([10, 0, 0, 2], 6881, isPrivate), numwant: 1 }
    expect(addresses(announce(registry, neighbour))).toEqual(['0a0000011ae1'])
  })

  describe('by class of address', () => {
    const CLASSES = [
      { name: 'global', scope: Scope.Global, sees: ['global'] },
      { name: 'private', scope: Scope.Private, sees: ['global', 'private'] },
      { name: 'an overlay', scope: Scope.Overlay, sees: ['global', 'an overlay'] },
      { name: 'the first range', scope: Scope.FirstRange, sees: ['the first range'] },
      { name: 'the last range', scope: MAX_SCOPE, sees: ['the last range'] },
    ]
    const member = (scope: number, n: number, isIPv6: boolean) => {
      const address = isIPv6 ? [0x20 + scope, ...new Array(14).fill(0), n] : [20 + scope, 0, 0, n]
      return anEndpoint(address, 6881, { scope })
    }

    it.each(CLASSES)('$name sees $sees', ({ scope, sees }) => {
      for (const isIPv6 of [false, true]) {
        const registry = aRegistry()
        CLASSES.forEach((each, i) => {
          announce(registry, { peerId: twentyBytes(10 + i), endpoint: member(each.scope, 1, isIPv6) })
        })
        const seen = CLASSES.filter(({ name }) => sees.includes(name)).map((each) => member(each.scope, 1, isIPv6).name)
        for (const asksFromIPv6 of [false, true]) {
          const endpoint = member(scope, 2, asksFromIPv6)
          const reply = announce(registry, { peerId: twentyBytes(9), endpoint, wantsBothFamilies: true })
          expect(addresses(reply)).toEqual(seen.toSorted())
          announce(registry, { peerId: twentyBytes(9), endpoint, event: AnnounceEvent.Stopped })
        }
        expect(scrape(registry).leechers).toBe(CLASSES.length)
        expect(
          stored(registry)
            .map((peer) => peer.scope)
            .toSorted(),
        ).toEqual([0, 1, 15, 2, 3])
        expect(memoryProblems(registry.memory)).toEqual([])
      }
    })
  })

  it('gives the other family half of a reply, and all of it when there are no other peers', () => {
    const registry = aRegistry()
    for (let n = 1; n <= 20; n++) announce(registry, { peerId: twentyBytes(n), endpoint: host6(n) })
    const requester = { peerId: twentyBytes(99), endpoint: host(99), wantsBothFamilies: true, numwant: 11 }
    expect(announce(registry, requester).ipv6.count).toBe(11)
    announce(registry, { peerId: twentyBytes(50), endpoint: host(50) })
    const reply = announce(registry, requester)
    expect([reply.ipv4.count, reply.ipv6.count]).toEqual([1, 5])
    expect(announce(registry, { ...requester, wantsBothFamilies: false }).ipv6.count).toBe(0)
  })
})

describe('an announce that was prefetched and never applied', () => {
  it('does not direct the next one in its record to its own torrent', () => {
    const registry = aRegistry()
    const requests = [1, 2].map((n) => fillRequest(new AnnounceRequest(), anAnnounce({ infoHash: twentyBytes(n) })))
    registry.prefetch(requests, requests.length)
    expect(requests.every((request) => request.prefetchedTorrentSlot !== 0)).toBe(true)
    const [reused] = requests
    expect(registry.announce(fillRequest(reused, anAnnounce({ infoHash: twentyBytes(3) })), aReply())).toBe(0)
    expect(readSwarm(registry, Buffer.from(twentyBytes(3), 'hex'))?.peers).toHaveLength(1)
    expect(swarmTotals(registry.memory).torrents).toBe(1)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('identity', () => {
  it('replaces the client of an endpoint, whose history goes with it', () => {
    const registry = aRegistry()
    announce(registry, { peerId: twentyBytes(1), event: AnnounceEvent.Started })
    announce(registry, { peerId: twentyBytes(2), event: AnnounceEvent.Completed, left: 0n })
    expect(stored(registry)).toHaveLength(1)
    expect(scrape(registry).completed).toBe(0)
  })

  it('keeps the history of a client that moves to another port', () => {
    const registry = aRegistry()
    announce(registry, { endpoint: host(1, 7000) })
    const reply = announce(registry, { endpoint: host(1, 7001), event: AnnounceEvent.Completed, left: 0n })
    expect([reply.seeders, reply.leechers, reply.completed]).toEqual([1, 0, 1])
    expect(stored(registry)).toHaveLength(1)
  })

  it('moves a client to another address only if its key proves its identity', () => {
    const registry = aRegistry()
    announce(registry, { endpoint: host(1), key: 5 })
    announce(registry, { endpoint: host(2), key: 6 })
    expect(stored(registry)).toHaveLength(2)
    announce(registry, { endpoint: host(3), key: 5 })
    expect(stored(registry)).toHaveLength(2)
  })

  it.each([
    { why: 'two keys are two clients', first: 5, second: 6, entries: 2 },
    { why: 'two keys that differ in one bit are two clients', first: 1, second: 1 | (1 << 31), entries: 2 },
    { why: 'one key is one client', first: 5, second: 5, entries: 1 },
    { why: 'a client that sends its key from now on is the same', first: 0, second: 6, entries: 1 },
    { why: 'a client that no longer sends its key is the same', first: 5, second: 0, entries: 1 },
    { why: 'without keys the address decides', first: 0, second: 0, entries: 1 },
  ])('with equal peer id and address, $why', ({ first, second, entries }) => {
    for (const peers of [0, 600]) {
      const registry = aRegistry()
      // Long lists are searched differently.
      for (let i = 0; i < peers; i++) announce(registry, { peerId: twentyBytes(100 + i), endpoint: host(100 + i) })
      announce(registry, { endpoint: host(1, 7000), key: first })
      const reply = announce(registry, { endpoint: host(1, 7001), key: second })
      expect(stored(registry)).toHaveLength(peers + entries)
      expect(reply.leechers).toBe(peers + entries)
      if (peers === 0) expect(reply.ipv4.count).toBe(entries - 1)
      expect(memoryProblems(registry.memory)).toEqual([])
    }
  })

  it('treats an endpoint as one client, whichever key it sends', () => {
    const registry = aRegistry()
    announce(registry, { key: 5 })
    const reply = announce(registry, { key: 6, event: AnnounceEvent.Completed, left: 0n })
    expect([reply.seeders, reply.leechers, reply.completed]).toEqual([1, 0, 1])
    expect(stored(registry)).toHaveLength(1)
  })

  it('treats an all-zero peer id as anonymous', () => {
    const registry = aRegistry()
    for (const port of [7000, 7001]) announce(registry, { peerId: twentyBytes(0), endpoint: host(1, port), key: 5 })
    expect(stored(registry)).toHaveLength(2)
  })

  it('lists a client of both families twice and counts it once', () => {
    const registry = aRegistry()
    announce(registry, { endpoint: host(1), key: 5 })
    const reply = announce(registry, { endpoint: host6(1), key: 5, wantsBothFamilies: true })
    expect([reply.leechers, reply.ipv4.count]).toEqual([1, 0])
    announce(registry, { endpoint: host(1), key: 5, event: AnnounceEvent.Stopped })
    expect(scrape(registry).leechers).toBe(1)
    announce(registry, { endpoint: host6(1), key: 5, event: AnnounceEvent.Stopped })
    expect(scrape(registry).leechers).toBe(0)
  })

  it('counts a twin again once its other entry has taken another key', () => {
    const registry = aRegistry()
    announce(registry, { endpoint: host(1), key: 5 })
    announce(registry, { endpoint: host6(1), key: 5 })
    announce(registry, { endpoint: host(1), key: 6 })
    expect(announce(registry, { endpoint: host6(1), key: 5 }).leechers).toBe(2)
  })

  it('counts each of two entries of one family when their twin has left', () => {
    const registry = aRegistry()
    const inside = anEndpoint([0xfd, ...new Array(15).fill(0)], 6881, { scope: Scope.Private })
    announce(registry, { endpoint: host(1), key: 5 })
    announce(registry, { endpoint: host6(1), key: 5 })
    announce(registry, { endpoint: inside, key: 5 })
    announce(registry, { endpoint: host(1), key: 5, event: AnnounceEvent.Stopped })
    announce(registry, { endpoint: inside, key: 5 })
    announce(registry, { endpoint: host6(1), key: 5, event: AnnounceEvent.Stopped })
    expect(scrape(registry).leechers).toBe(1)
  })
})

describe('events', () => {
  it('counts a download once, and only from a leecher that has nothing left', () => {
    const registry = aRegistry()
    const completed = { event: AnnounceEvent.Completed, left: 0n }
    expect(announce(registry, completed).completed).toBe(0)
    expect(announce(registry, { left: 1n }).completed).toBe(0)
    expect(announce(registry, { ...completed, left: 1n }).completed).toBe(0)
    expect(announce(registry, completed).completed).toBe(1)
    expect(announce(registry, { left: 1n }).completed).toBe(1)
    expect(announce(registry, completed).completed).toBe(1)
  })

  it('forgets an empty swarm, unless it has been completed', () => {
    const registry = aRegistry()
    announce(registry, {})
    expect(announce(registry, { event: AnnounceEvent.Stopped }).ipv4.count).toBe(0)
    expect(swarmTotals(registry.memory).torrents).toBe(0)
    announce(registry, {})
    announce(registry, { event: AnnounceEvent.Completed, left: 0n })
    expect(announce(registry, { event: AnnounceEvent.Stopped })).toMatchObject({ seeders: 0, completed: 1 })
    expect(scrape(registry)).toEqual({ seeders: 0, leechers: 0, downloaders: 0, completed: 1 })
  })

  it('creates no swarm for a `stopped` or a scrape', () => {
    const registry = aRegistry()
    announce(registry, { event: AnnounceEvent.Stopped })
    scrape(registry)
    expect(swarmTotals(registry.memory).torrents).toBe(0)
    expect(registry.heap.usedBytes()).toBe(0)
  })

  it('removes all entries of a client at its address when it leaves and names no port', () => {
    const registry = aRegistry()
    announce(registry, { peerId: twentyBytes(1), endpoint: host(1), key: 5 })
    announce(registry, { peerId: twentyBytes(2), endpoint: host(1, 7000), key: 5 })
    announce(registry, { peerId: twentyBytes(1), endpoint: host(2, 0), key: 5, event: AnnounceEvent.Stopped })
    expect(stored(registry)).toHaveLength(2)
    announce(registry, { peerId: twentyBytes(1), endpoint: host(1, 0), key: 9, event: AnnounceEvent.Stopped })
    expect(stored(registry)).toHaveLength(2)
    announce(registry, { peerId: twentyBytes(1), endpoint: host(1, 0), key: 5, event: AnnounceEvent.Stopped })
    expect(stored(registry)).toHaveLength(1)
    announce(registry, { peerId: twentyBytes(2), endpoint: host(1, 0), key: 0, event: AnnounceEvent.Stopped })
    expect(stored(registry)).toHaveLength(0)
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

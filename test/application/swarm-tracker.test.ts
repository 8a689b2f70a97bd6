import { describe, expect, it } from '@jest/globals'
import { SwarmTracker } from '../../src/application/swarm-tracker.ts'
import { Credentials } from '../../src/domain/access-key.ts'
import { AnnounceEvent, AnnounceRequest, Family, Warning } from '../../src/domain/announce.ts'
import { PeerPolicy } from '../../src/domain/peer-policy.ts'
import { Counter } from '../../src/domain/ports/outbound/counters.ts'
import { SwarmCounts } from '../../src/domain/scrape.ts'
import { Dice } from '../../src/domain/swarm/dice.ts'
import { readSwarm } from '../../src/domain/swarm/swarm-reader.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { Verdict } from '../../src/domain/verdict.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  endpointsIn,
  fillRequest,
  hashWords,
  twentyBytes,
} from '../model/announcing.ts'
import { Chance } from '../model/chance.ts'
import { memoryProblems } from '../model/check-memory.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

const request = new AnnounceRequest()
const DEFAULT_INTERVALS = { intervalSeconds: 1800, minIntervalSeconds: 900, jitter: 0.2 }

function aTracker(intervals = DEFAULT_INTERVALS) {
  const registry = aRegistry()
  const clock = new StoppedClock(EPOCH + 500)
  const counters = new PlainCounters()
  const tracker = new SwarmTracker(registry, new PeerPolicy('scope', [22]), intervals, {
    clock,
    counters,
    dice: new Dice(7),
  })
  const reply = aReply()
  const announce = (changes: Partial<Announcing> = {}) =>
    tracker.announce(fillRequest(request, anAnnounce(changes)), reply)
  return { registry, clock, counters, tracker, reply, announce }
}

/** Spends the memory on swarms of two peers, which never give way. */
function spend({ tracker, reply }: ReturnType<typeof aTracker>): void {
  const chance = new Chance(1)
  fillRequest(request, anAnnounce())
  for (let isFull = false; !isFull; ) {
    for (let i = 0; i < 5; i++) request.words[i] = chance.word()
    for (let peer = 0; peer < 2; peer++) {
      request.words[5] = peer + 1
      request.endpoint[2] = 7000 + peer
      isFull = tracker.announce(request, reply) === Verdict.Full
    }
  }
}

describe('the tracker', () => {
  it('serves an announce with peers and counts, stamped with its clock', () => {
    const { announce, reply, registry, counters } = aTracker()
    expect(announce({ left: 0n, nowSeconds: 5 })).toBe(Verdict.Served)
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 5], 6881), peerId: twentyBytes(8) })).toBe(Verdict.Served)
    expect(endpointsIn(reply.ipv4, Family.IPv4)).toEqual(['010203041ae1'])
    expect(reply).toMatchObject({
      seeders: 1,
      leechers: 1,
      completed: 0,
      warning: Warning.None,
      minIntervalSeconds: 900,
    })
    const swarm = readSwarm(registry, Buffer.from(twentyBytes(1), 'hex'))
    expect(swarm?.peers.map(({ lastAnnounce }) => lastAnnounce)).toEqual([EPOCH + 500, EPOCH + 500])
    expect(counters.total(Counter.announces_served)).toBe(2)
  })

  it('spreads intervals evenly over 1800 to 2159 s', () => {
    const { announce, reply } = aTracker()
    const counts = new Map<number, number>()
    const announces = 36_000
    let sum = 0
    for (let n = 0; n < announces; n++) {
      announce({ numwant: 0 })
      counts.set(reply.intervalSeconds, (counts.get(reply.intervalSeconds) ?? 0) + 1)
      sum += reply.intervalSeconds
    }
    expect([Math.min(...counts.keys()), Math.max(...counts.keys()), counts.size]).toEqual([1800, 2159, 360])
    expect(Math.abs(sum / announces - 1979.5)).toBeLessThan(3)
  })

  it('says the same interval every time when it has no jitter', () => {
    const { announce, reply } = aTracker({ ...DEFAULT_INTERVALS, jitter: 0 })
    const intervals = Array.from({ length: 100 }, () => {
      announce({ numwant: 0 })
      return reply.intervalSeconds
    })
    expect(new Set(intervals)).toEqual(new Set([1800]))
  })

  it('refuses port 0, unless its peer leaves', () => {
    const { announce, reply, registry } = aTracker()
    announce()
    reply.intervalSeconds = 42
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 4], 0) })).toBe(Verdict.InvalidPort)
    expect(reply.intervalSeconds).toBe(42)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(1)
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 4], 0), event: AnnounceEvent.Stopped })).toBe(Verdict.Served)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(0)
  })

  it('refuses addresses that no peer can have, and stores nothing', () => {
    const { announce, reply, registry } = aTracker()
    reply.intervalSeconds = 42
    expect(announce({ endpoint: anEndpoint([224, 0, 0, 1], 6881) })).toBe(Verdict.UnusableAddress)
    expect(announce({ endpoint: anEndpoint(new Array(16).fill(0), 6881) })).toBe(Verdict.UnusableAddress)
    expect(reply.intervalSeconds).toBe(42)
    expect(swarmTotals(registry.memory).torrents).toBe(0)
  })

  it('warns of a denied port, counts its peer and tells nobody of it', () => {
    const { announce, reply } = aTracker()
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 9], 22), peerId: twentyBytes(9) })).toBe(Verdict.Served)
    expect(reply.warning).toBe(Warning.DeniedPort)
    announce()
    expect(reply).toMatchObject({ warning: Warning.None, leechers: 2, ipv4: { count: 0 } })
  })

  it('tells private peers of each other, and nobody else of them', () => {
    const { announce, reply } = aTracker()
    announce({ endpoint: anEndpoint([192, 168, 0, 1], 6881), peerId: twentyBytes(1) })
    announce({ endpoint: anEndpoint([127, 0, 0, 1], 6881), peerId: twentyBytes(2) })
    expect(endpointsIn(reply.ipv4, Family.IPv4)).toEqual(['c0a800011ae1'])
    announce()
    expect(reply).toMatchObject({ leechers: 3, ipv4: { count: 0 } })
  })

  it('files every announce under its own torrent, also after one that was looked ahead for and refused', () => {
    const { announce, tracker, reply, registry } = aTracker()
    const refused = [anEndpoint([1, 2, 3, 4], 0), anEndpoint([224, 0, 0, 1], 6881)]
    const requests = refused.map((endpoint) => fillRequest(new AnnounceRequest(), anAnnounce({ endpoint })))
    tracker.lookAhead(requests, requests.length)
    expect(requests.map((one) => tracker.announce(one, reply))).toEqual([Verdict.InvalidPort, Verdict.UnusableAddress])
    requests.forEach((one, i) => {
      tracker.announce(fillRequest(one, anAnnounce({ infoHash: twentyBytes(50 + i) })), reply)
    })
    expect(memoryProblems(registry.memory)).toEqual([])
    announce({ infoHash: twentyBytes(50), endpoint: anEndpoint([1, 2, 3, 5], 6881), peerId: twentyBytes(8) })
    expect(reply.leechers).toBe(2)
  })

  it('scrapes what was announced, and zeros for what was not', () => {
    const { announce, tracker } = aTracker()
    announce({ left: 0n })
    const counts = new SwarmCounts()
    tracker.scrape(hashWords(twentyBytes(1)), 0, new Credentials(), counts)
    expect(counts).toEqual({ seeders: 1, completed: 0, leechers: 0, downloaders: 0 })
    tracker.scrape(hashWords(twentyBytes(2)), 0, new Credentials(), counts)
    expect(counts).toEqual(new SwarmCounts())
  })
})

describe('a tracker whose memory is spent', () => {
  it('asks newcomers to come back after twice the time', () => {
    const spent = aTracker()
    spend(spent)
    const refused = spent.counters.total(Counter.announces_refused_for_memory)
    const intervals = new Set<number>()
    for (let n = 0; n < 200; n++) {
      spent.reply.ipv4.count = 5
      expect(spent.announce({ infoHash: 'ee'.repeat(20) })).toBe(Verdict.Full)
      expect(spent.reply).toMatchObject({
        seeders: 0,
        leechers: 0,
        completed: 0,
        ipv4: { count: 0 },
        ipv6: { count: 0 },
      })
      intervals.add(spent.reply.intervalSeconds)
    }
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(3600)
    expect(Math.max(...intervals)).toBeLessThanOrEqual(4318)
    expect(spent.counters.total(Counter.announces_refused_for_memory)).toBe(refused + 200)
  })

  it.each([
    [6000, 10_800],
    [20_000, 20_000],
  ])('asks for no more than three hours, nor for less than ever: %d s becomes %d s', (intervalSeconds, expected) => {
    const spent = aTracker({ intervalSeconds, minIntervalSeconds: intervalSeconds / 2, jitter: 0 })
    spend(spent)
    expect(spent.announce({ infoHash: 'ee'.repeat(20) })).toBe(Verdict.Full)
    expect(spent.reply.intervalSeconds).toBe(expected)
  })
})

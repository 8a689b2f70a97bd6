import { describe, expect, it } from '@jest/globals'
import { SwarmTracker } from '../../src/application/swarm-tracker.ts'
import { type AccessModes, Admission } from '../../src/domain/access/admission.ts'
import { KeyTable } from '../../src/domain/access/key-table.ts'
import { Mark, TorrentMarks } from '../../src/domain/access/torrent-marks.ts'
import { Credentials } from '../../src/domain/access-key.ts'
import { AnnounceEvent, AnnounceRequest, Family, Warning } from '../../src/domain/announce.ts'
import { AnnouncePace } from '../../src/domain/pacing/announce-pace.ts'
import { createPaceMemory, type Pace, writePace } from '../../src/domain/pacing/pace-memory.ts'
import { PeerPolicy } from '../../src/domain/peer-policy.ts'
import { TrackerCounter } from '../../src/domain/ports/outbound/counters.ts'
import { FactKind } from '../../src/domain/ports/outbound/facts.ts'
import { SwarmCounts } from '../../src/domain/scrape.ts'
import { DEFAULT_ADDRESS_RULES } from '../../src/domain/swarm/address-rules.ts'
import { Random } from '../../src/domain/swarm/random.ts'
import { readSwarm } from '../../src/domain/swarm/swarm-reader.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { Verdict } from '../../src/domain/verdict.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { RememberingFacts } from '../fakes/remembering-facts.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { anAccessMemory, entryWords } from '../model/access.ts'
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
import { memoryProblems } from '../model/check-memory.ts'
import { SeededRandom } from '../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

const request = new AnnounceRequest()
const DEFAULT_INTERVALS = { intervalSeconds: 1800, minIntervalSeconds: 900, jitter: 0.2 }

const OPEN: AccessModes = { isPrivate: false, isListed: false, checksExpiration: true }

function aTracker(intervals = DEFAULT_INTERVALS, modes = OPEN, registry = aRegistry()) {
  const access = anAccessMemory()
  const marks = new TorrentMarks(access)
  const keys = new KeyTable(access)
  const facts = new RememberingFacts()
  const clock = new StoppedClock(EPOCH + 500)
  const counters = new PlainCounters()
  const dependencies = { clock, wallClock: clock, counters, facts, random: new Random(7) }
  const admission = new Admission(marks, keys, modes)
  const paceMemory = createPaceMemory()
  const pace = new AnnouncePace(intervals, paceMemory)
  const tracker = new SwarmTracker(registry, admission, new PeerPolicy('scope', [22]), pace, dependencies)
  const reply = aReply()
  const announce = (changes: Partial<Announcing> = {}) =>
    tracker.announce(fillRequest(request, anAnnounce(changes)), reply)
  const paceWords = new Int32Array(paceMemory)
  return { registry, marks, keys, facts, clock, counters, tracker, paceWords, reply, announce }
}

/** Fills the memory with swarms of two peers from many networks, which are never evicted. */
function spend({ tracker, reply }: ReturnType<typeof aTracker>): void {
  const random = new SeededRandom(1)
  fillRequest(request, anAnnounce())
  for (let n = 0, isFull = false; !isFull; n++) {
    for (let i = 0; i < 5; i++) request.words[i] = random.word()
    request.endpoint[0] = 0x14 | ((n & 0xff) << 8)
    request.endpoint[1] = (n >> 8) & 0xff
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
    expect(counters.total(TrackerCounter.announces_served)).toBe(2)
  })

  it('puts off a new torrent of an address that has its share, and serves its peers elsewhere without storing them', () => {
    const rules = { ...DEFAULT_ADDRESS_RULES, maxTorrentsPerAddress: 1, maxTotalPeersPerAddress: 2 }
    const { announce, reply, counters } = aTracker(
      DEFAULT_INTERVALS,
      OPEN,
      aRegistry(1, 20, 16 * 2 ** 20, undefined, rules),
    )
    const other = anEndpoint([2, 2, 3, 4], 6881)
    announce({})
    const interval = reply.intervalSeconds
    for (const n of [2, 3]) announce({ endpoint: anEndpoint([2, n, 3, 4], 6881), infoHash: twentyBytes(n) })
    expect(announce({ infoHash: twentyBytes(4) })).toBe(Verdict.Full)
    expect(reply.intervalSeconds).toBeGreaterThan(1.5 * interval)
    expect(announce({ infoHash: twentyBytes(2) })).toBe(Verdict.Served)
    expect(announce({ infoHash: twentyBytes(3) })).toBe(Verdict.Served)
    expect([reply.ipv4.count, reply.leechers]).toEqual([1, 1])
    expect(announce({ endpoint: other, infoHash: twentyBytes(2) })).toBe(Verdict.Served)
    expect([
      counters.total(TrackerCounter.announces_refused_for_share),
      counters.total(TrackerCounter.announces_refused_for_memory),
      counters.total(TrackerCounter.peers_refused),
    ]).toEqual([1, 0, 1])
  })

  it('counts the peers that give way to others, by limit', () => {
    const limited = aRegistry(1, 20, 16 * 2 ** 20, undefined, DEFAULT_ADDRESS_RULES)
    const { announce, counters } = aTracker(DEFAULT_INTERVALS, OPEN, limited)
    for (let n = 0; n < 18; n++) announce({ endpoint: anEndpoint([1, 2, 3, 4], 7000 + n), peerId: twentyBytes(n + 1) })
    for (let n = 0; n < 7; n++) announce({ endpoint: anEndpoint([2, n, 3, 4], 7000), peerId: twentyBytes(n + 100) })
    expect(counters.total(TrackerCounter.peers_replaced)).toBe(2)
    expect(counters.total(TrackerCounter.peers_displaced)).toBe(3)
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

  it('returns the same interval every time when it has no jitter', () => {
    const { announce, reply } = aTracker({ ...DEFAULT_INTERVALS, jitter: 0 })
    const intervals = Array.from({ length: 100 }, () => {
      announce({ numwant: 0 })
      return reply.intervalSeconds
    })
    expect(new Set(intervals)).toEqual(new Set([1800]))
  })

  it('rejects port 0, unless the peer is leaving', () => {
    const { announce, reply, registry } = aTracker()
    announce()
    reply.intervalSeconds = 42
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 4], 0) })).toBe(Verdict.InvalidPort)
    expect(reply.intervalSeconds).toBe(42)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(1)
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 4], 0), event: AnnounceEvent.Stopped })).toBe(Verdict.Served)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(0)
  })

  it('rejects addresses that no peer can have, and stores nothing', () => {
    const { announce, reply, registry } = aTracker()
    reply.intervalSeconds = 42
    expect(announce({ endpoint: anEndpoint([224, 0, 0, 1], 6881) })).toBe(Verdict.UnusableAddress)
    expect(announce({ endpoint: anEndpoint(new Array(16).fill(0), 6881) })).toBe(Verdict.UnusableAddress)
    expect(reply.intervalSeconds).toBe(42)
    expect(swarmTotals(registry.memory).torrents).toBe(0)
  })

  it('warns of a denied port, counts its peer and never hands it out', () => {
    const { announce, reply } = aTracker()
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 9], 22), peerId: twentyBytes(9) })).toBe(Verdict.Served)
    expect(reply.warning).toBe(Warning.DeniedPort)
    announce()
    expect(reply).toMatchObject({ warning: Warning.None, leechers: 2, ipv4: { count: 0 } })
  })

  it('hands out private peers to each other, and to no other peer', () => {
    const { announce, reply } = aTracker()
    announce({ endpoint: anEndpoint([192, 168, 0, 1], 6881), peerId: twentyBytes(1) })
    announce({ endpoint: anEndpoint([127, 0, 0, 1], 6881), peerId: twentyBytes(2) })
    expect(endpointsIn(reply.ipv4, Family.IPv4)).toEqual(['c0a800011ae1'])
    announce()
    expect(reply).toMatchObject({ leechers: 3, ipv4: { count: 0 } })
  })

  it('files every announce under its own torrent, also after one that was prefetched and rejected', () => {
    const { announce, tracker, reply, registry } = aTracker()
    const rejected = [anEndpoint([1, 2, 3, 4], 0), anEndpoint([224, 0, 0, 1], 6881)]
    const requests = rejected.map((endpoint) => fillRequest(new AnnounceRequest(), anAnnounce({ endpoint })))
    tracker.prefetch(requests, requests.length)
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

describe('a tracker with restricted access', () => {
  const ONE = hashWords(twentyBytes(1))
  const KEY = entryWords(1, 8)
  const closed = (modes: Partial<AccessModes>) => aTracker(DEFAULT_INTERVALS, { ...OPEN, ...modes })
  const show = (key: Int32Array | undefined): void => {
    request.credentials.isPresent = key !== undefined
    if (key !== undefined) request.credentials.words.set(key)
  }
  const scrape = ({ tracker }: ReturnType<typeof aTracker>, credentials = new Credentials()): SwarmCounts => {
    const counts = Object.assign(new SwarmCounts(), { seeders: 9, completed: 9, leechers: 9, downloaders: 9 })
    tracker.scrape(ONE, 0, credentials, counts)
    return counts
  }

  it('serves a torrent on the whitelist as soon as it is added', () => {
    const listed = closed({ isListed: true })
    listed.reply.intervalSeconds = 42
    expect(listed.announce()).toBe(Verdict.Unregistered)
    expect(listed.reply.intervalSeconds).toBe(42)
    expect(swarmTotals(listed.registry.memory).torrents).toBe(0)
    listed.marks.mark(ONE, 0, Mark.Listed)
    expect(listed.announce()).toBe(Verdict.Served)
    expect(scrape(listed).leechers).toBe(1)
    expect(listed.counters.total(TrackerCounter.announces_refused_unregistered)).toBe(1)
  })

  it('serves no blocked torrent, in any mode, and does not reveal its swarm', () => {
    const open = aTracker()
    open.announce()
    open.marks.mark(ONE, 0, Mark.Blocked)
    expect(open.announce()).toBe(Verdict.Unregistered)
    expect(scrape(open)).toEqual(new SwarmCounts())
    open.marks.unmark(ONE, 0, Mark.Blocked)
    expect(scrape(open).leechers).toBe(1)
  })

  it('requires a key before anything else, when it is private', () => {
    const secret = closed({ isPrivate: true, isListed: true })
    secret.keys.put(KEY, undefined)
    show(undefined)
    expect(secret.announce()).toBe(Verdict.KeyRequired)
    show(entryWords(2, 8))
    expect(secret.announce()).toBe(Verdict.KeyRequired)
    show(KEY)
    expect(secret.announce()).toBe(Verdict.Unregistered)
    secret.marks.mark(ONE, 0, Mark.Listed)
    expect(secret.announce()).toBe(Verdict.Served)
    expect(scrape(secret)).toEqual(new SwarmCounts())
    expect(scrape(secret, request.credentials).leechers).toBe(1)
    expect(secret.counters.total(TrackerCounter.announces_refused_without_key)).toBe(2)
    expect(secret.counters.total(TrackerCounter.announces_refused_unregistered)).toBe(1)
    show(undefined)
  })

  it('expires keys by the date and ages peers by steady time', () => {
    const secret = closed({ isPrivate: true })
    secret.keys.put(KEY, secret.clock.seconds)
    show(KEY)
    secret.clock.stepSeconds = 86_400
    expect(secret.announce()).toBe(Verdict.KeyRequired)
    expect(scrape(secret, request.credentials)).toEqual(new SwarmCounts())
    secret.clock.stepSeconds = -3600
    expect(secret.announce()).toBe(Verdict.Served)
    expect(scrape(secret, request.credentials).leechers).toBe(1)
    const swarm = readSwarm(secret.registry, Buffer.from(twentyBytes(1), 'hex'))
    expect(swarm?.peers.map(({ lastAnnounce }) => lastAnnounce)).toEqual([EPOCH + 500])
    show(undefined)
  })

  it('uses its clock to expire keys', () => {
    const secret = closed({ isPrivate: true })
    secret.keys.put(KEY, secret.clock.seconds)
    secret.keys.put(entryWords(2, 8), secret.clock.seconds - 1)
    const forever = closed({ isPrivate: true, checksExpiration: false })
    forever.keys.put(entryWords(2, 8), 0)
    show(entryWords(2, 8))
    expect([secret.announce(), forever.announce()]).toEqual([Verdict.KeyRequired, Verdict.Served])
    show(KEY)
    expect(secret.announce()).toBe(Verdict.Served)
    secret.clock.seconds++
    expect(secret.announce()).toBe(Verdict.KeyRequired)
    show(undefined)
  })

  it('files every announce under its own torrent, also after one that was prefetched and rejected', () => {
    const listed = closed({ isListed: true })
    for (const n of [50, 51]) listed.marks.mark(hashWords(twentyBytes(n)), 0, Mark.Listed)
    const changes = [{}, { infoHash: twentyBytes(2) }, { endpoint: anEndpoint([1, 2, 3, 4], 0) }]
    const requests = changes.map((change) => fillRequest(new AnnounceRequest(), anAnnounce(change)))
    listed.tracker.prefetch(requests, requests.length)
    const refusals = requests.map((one) => listed.tracker.announce(one, listed.reply))
    expect(refusals).toEqual([Verdict.Unregistered, Verdict.Unregistered, Verdict.InvalidPort])
    const slots = requests.flatMap((request) => [
      request.prefetchedTorrentSlot,
      request.prefetchedMarksSlot,
      request.prefetchedKeySlot,
    ])
    expect(slots.every((slot) => slot === 0)).toBe(true)
    const served = requests.map((one) =>
      listed.tracker.announce(fillRequest(one, anAnnounce({ infoHash: twentyBytes(50) })), listed.reply),
    )
    expect(served).toEqual([Verdict.Served, Verdict.Served, Verdict.Served])
    expect(memoryProblems(listed.registry.memory)).toEqual([])
  })
})

describe('a completed download', () => {
  it('is noted and counted, once', () => {
    const { announce, facts, counters } = aTracker()
    announce()
    announce({ left: 0n, event: AnnounceEvent.Completed })
    announce({ left: 0n, event: AnnounceEvent.Completed })
    announce({ left: 0n })
    announce({ left: 0n, event: AnnounceEvent.Stopped })
    expect(facts.noted).toEqual([{ kind: FactKind.TorrentCompleted, infoHash: twentyBytes(1) }])
    expect(counters.total(TrackerCounter.downloads_completed)).toBe(1)
  })

  it('is not counted when a client arrives with everything', () => {
    const { announce, facts } = aTracker()
    announce({ left: 0n, event: AnnounceEvent.Completed })
    expect(facts.noted).toEqual([])
  })
})

describe('a tracker whose memory is full', () => {
  it('asks new clients to announce again after twice the interval', () => {
    const spent = aTracker()
    spend(spent)
    const rejected = spent.counters.total(TrackerCounter.announces_refused_for_memory)
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
    expect(spent.counters.total(TrackerCounter.announces_refused_for_memory)).toBe(rejected + 200)
  })

  it.each([
    [6000, 10_800],
    [20_000, 20_000],
  ])('asks for at most three hours, and for no less than usual: %d s becomes %d s', (intervalSeconds, expected) => {
    const spent = aTracker({ intervalSeconds, minIntervalSeconds: intervalSeconds / 2, jitter: 0 })
    spend(spent)
    expect(spent.announce({ infoHash: 'ee'.repeat(20) })).toBe(Verdict.Full)
    expect(spent.reply.intervalSeconds).toBe(expected)
  })
})

describe('a full tracker with a long interval', () => {
  it('spreads the three hours that it asks for', () => {
    const spent = aTracker({ intervalSeconds: 9000, minIntervalSeconds: 4500, jitter: 0.2 })
    spend(spent)
    const intervals = Array.from({ length: 200 }, () => {
      expect(spent.announce({ infoHash: 'ee'.repeat(20) })).toBe(Verdict.Full)
      return spent.reply.intervalSeconds
    })
    expect(Math.max(...intervals)).toBeLessThanOrEqual(10_800)
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(9000)
    expect(new Set(intervals).size).toBeGreaterThan(100)
  })
})

describe('a tracker whose pace is adjusted', () => {
  const paced = (pace: Partial<Pace>) => {
    const tracker = aTracker()
    for (let n = 0; n < 40; n++) {
      tracker.announce({ endpoint: anEndpoint([1, 2, 3, 4], 7000 + n), peerId: twentyBytes(100 + n), left: 0n })
    }
    writePace(tracker.paceWords, { intervalSeconds: 1800, peerShare: 1, shedShare: 0, ...pace })
    return tracker
  }

  it('hands out that interval, with jitter, from the next announce on', () => {
    const { announce, reply } = paced({ intervalSeconds: 9000 })
    const intervals = Array.from({ length: 500 }, () => {
      announce()
      expect(reply.minIntervalSeconds).toBe(4500)
      return reply.intervalSeconds
    })
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(9000)
    expect(Math.max(...intervals)).toBeLessThan(10_800)
    expect(new Set(intervals).size).toBeGreaterThan(300)
  })

  it.each([
    [1, 20, 20],
    [0.5, 20, 10],
    [0.01, 20, 1],
    [0.5, 1, 1],
    [0.5, 0, 0],
  ])('gives a share of %f of the %d peers that a client wants', (peerShare, numwant, expected) => {
    const { announce, reply } = paced({ peerShare })
    expect(announce({ numwant })).toBe(Verdict.Served)
    expect(reply.ipv4.count).toBe(expected)
  })

  it('answers a share of the announces without peers, and stores nothing for them', () => {
    const { announce, reply, registry, counters } = paced({ intervalSeconds: 9000, shedShare: 0.75 })
    const before = swarmTotals(registry.memory).ipv4Peers
    let shed = 0
    for (let n = 0; n < 2000; n++) {
      const endpoint = anEndpoint([5, 6, n >> 8, n & 0xff], 6881)
      if (announce({ endpoint, peerId: twentyBytes(1000 + n), event: AnnounceEvent.Started }) === Verdict.Served)
        continue
      shed++
      expect(reply).toMatchObject({ seeders: 0, leechers: 0, completed: 0, ipv4: { count: 0 }, ipv6: { count: 0 } })
      expect(reply.intervalSeconds).toBeGreaterThanOrEqual(9000)
      expect(reply.intervalSeconds).toBeLessThan(10_800)
    }
    expect(Math.abs(shed - 1500)).toBeLessThan(60)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(before + 2000 - shed)
    expect(counters.total(TrackerCounter.announces_shed)).toBe(shed)
    expect(counters.total(TrackerCounter.announces_refused_for_memory)).toBe(0)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('always applies what completes a download or leaves', () => {
    const { announce, registry, facts } = paced({ shedShare: 1 })
    const leecher = { endpoint: anEndpoint([5, 6, 7, 8], 6881), peerId: twentyBytes(9) }
    expect(announce(leecher)).toBe(Verdict.Full)
    expect(announce({ ...leecher, left: 0n, event: AnnounceEvent.Completed })).toBe(Verdict.Served)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(41)
    expect(announce({ ...leecher, event: AnnounceEvent.Stopped })).toBe(Verdict.Served)
    expect(swarmTotals(registry.memory).ipv4Peers).toBe(40)
    expect(facts.noted).toEqual([])
  })

  it('does not use for the next announce what was prefetched for one that it sheds', () => {
    const { tracker, reply, paceWords, registry } = paced({ shedShare: 1 })
    const shed = fillRequest(new AnnounceRequest(), anAnnounce({ infoHash: twentyBytes(55) }))
    tracker.prefetch([shed], 1)
    expect(tracker.announce(shed, reply)).toBe(Verdict.Full)
    writePace(paceWords, { intervalSeconds: 1800, peerShare: 1, shedShare: 0 })
    expect(tracker.announce(fillRequest(shed, anAnnounce({ infoHash: twentyBytes(56) })), reply)).toBe(Verdict.Served)
    expect(readSwarm(registry, Buffer.from(twentyBytes(56), 'hex'))?.peers).toHaveLength(1)
    expect(readSwarm(registry, Buffer.from(twentyBytes(55), 'hex'))).toBeUndefined()
  })

  it('rejects invalid announces as ever', () => {
    const { announce } = paced({ shedShare: 1 })
    expect(announce({ endpoint: anEndpoint([1, 2, 3, 4], 0) })).toBe(Verdict.InvalidPort)
  })
})

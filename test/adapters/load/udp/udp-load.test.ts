import { describe, expect, it } from '@jest/globals'
import { fillReport } from '../../../../src/adapters/load/fill-report.ts'
import {
  createLoadMemory,
  type LoadCounts,
  LoadPhase,
  rowOf,
  sumCounts,
  sumLatencies,
} from '../../../../src/adapters/load/load-memory.ts'
import type { LoadPlan } from '../../../../src/adapters/load/load-plan.ts'
import { LoadTally } from '../../../../src/adapters/load/load-tally.ts'
import { histogramOf } from '../../../../src/adapters/load/percentiles.ts'
import { populate } from '../../../../src/adapters/load/population.ts'
import { DatagramBatch } from '../../../../src/adapters/load/udp/datagram-batch.ts'
import { UdpLoad } from '../../../../src/adapters/load/udp/udp-load.ts'
import { aLoadPlan } from '../a-plan.ts'
import { TrackerInMemory } from './a-tracker-in-memory.ts'

const STEP = 50

class Rig {
  readonly plan: LoadPlan
  readonly tracker: TrackerInMemory
  readonly load: UdpLoad
  readonly population
  readonly failures: string[] = []
  readonly #memory = createLoadMemory(1)

  constructor(changes: Partial<LoadPlan> = {}) {
    this.plan = aLoadPlan(changes)
    const population = populate(this.plan.population)
    if (population === undefined) throw new Error('no population')
    const batch = new DatagramBatch()
    this.population = population
    this.tracker = new TrackerInMemory(this.plan.sockets, batch)
    this.load = new UdpLoad({
      plan: this.plan,
      thread: 0,
      population,
      batch,
      tally: new LoadTally(rowOf(this.#memory, 0)),
      sockets: this.tracker,
      clock: () => this.tracker.now,
      onFailure: (text) => this.failures.push(text),
    })
  }

  get counts(): LoadCounts {
    return sumCounts(this.#memory)
  }

  percentile(percentile: number): number {
    return histogramOf(sumLatencies(this.#memory), ['announce']).getValueAtPercentile(percentile)
  }

  /** Runs a phase until it is done, or for so many microseconds. */
  run(phase: LoadPhase, microseconds = 60_000_000): this {
    this.load.enter(phase)
    const end = this.tracker.now + microseconds
    while (this.tracker.now < end && !this.load.isDone) {
      this.load.turn()
      this.tracker.now += STEP
    }
    return this
  }
}

describe('a UDP load in a closed loop', () => {
  it('connects every socket, then keeps its window full and no fuller', () => {
    const rig = new Rig().run(LoadPhase.Connect)
    expect(rig.tracker.requests).toHaveLength(2)
    rig.tracker.delay = () => undefined
    rig.run(LoadPhase.Load, 1000)
    expect(rig.tracker.requests).toHaveLength(2 + 2 * 4)
    for (const request of rig.tracker.requests.slice(2)) {
      expect([request.getInt32(0), request.getInt32(4)]).toEqual([0x1234, 0x5678])
    }
  })

  it('counts only requests that were due while it was measured', () => {
    const rig = new Rig().run(LoadPhase.Connect).run(LoadPhase.Load, 10_000).run(LoadPhase.Measure, 20_000)
    const before = rig.tracker.requests.length
    rig.run(LoadPhase.Drain)
    const { announces, announceReplies, peersReceived, bytesSent } = rig.counts
    expect(rig.tracker.requests).toHaveLength(before)
    expect(announces).toBeGreaterThan(100)
    expect(announces).toBeLessThan(before / 1.3)
    expect(announceReplies).toBe(announces)
    expect(peersReceived).toBe(2 * announces)
    expect(bytesSent).toBe(98 * announces)
  })

  it('counts a request as lost when no reply comes in time, and goes on', () => {
    const rig = new Rig().run(LoadPhase.Connect)
    let number = 0
    rig.tracker.delay = () => (number++ % 10 === 0 ? undefined : 100)
    rig.run(LoadPhase.Measure, 5_000_000).run(LoadPhase.Drain)
    const { announces, announceReplies } = rig.counts
    expect(announces - announceReplies).toBeGreaterThan(20)
    expect(announces - announceReplies).toBeLessThan(announces / 5)
  })

  it('reports the first refusal, and asks for another connection id once on each socket', () => {
    const rig = new Rig().run(LoadPhase.Connect)
    rig.tracker.refusal = 'connection id is wrong'
    rig.tracker.now += 2_000_000
    rig.run(LoadPhase.Measure, 5000).run(LoadPhase.Drain)
    expect(rig.failures).toEqual(['connection id is wrong'])
    expect(rig.counts.failures).toBe(rig.counts.announces)
    expect(rig.counts.connects).toBe(2)
  })

  it('keeps its mix if the tracker refuses some requests', () => {
    const rig = new Rig().run(LoadPhase.Connect)
    let number = 0
    rig.tracker.refusal = 'not on the list'
    rig.tracker.refuses = () => number++ % 10 === 0
    rig.tracker.delay = () => 1000
    rig.run(LoadPhase.Measure, 3_000_000).run(LoadPhase.Drain)
    expect(rig.counts.failures).toBeGreaterThan(1000)
    // Each socket may ask for a new id once a second.
    expect(rig.counts.connects).toBeLessThanOrEqual(2 * 3)
  })

  it('takes no reply that comes after its time-out, whenever that is noticed', () => {
    const rig = new Rig().run(LoadPhase.Connect)
    rig.tracker.delay = () => 1_000_100
    rig.run(LoadPhase.Measure, 1000)
    // The thread had no time to look for what is lost before the replies came.
    rig.tracker.now += 2_000_000
    rig.run(LoadPhase.Drain)
    expect(rig.counts).toMatchObject({ announces: 8, announceReplies: 0, late: 8 })
  })

  it('does not count what the kernel does not take', () => {
    const rig = new Rig().run(LoadPhase.Connect)
    rig.tracker.room = 3
    rig.tracker.delay = () => undefined
    rig.run(LoadPhase.Measure, STEP)
    expect(rig.counts).toMatchObject({ announces: 6, unsent: 2, bytesSent: 6 * 98 })
    rig.tracker.room = Number.POSITIVE_INFINITY
    rig.run(LoadPhase.Drain)
    expect(rig.load.isDone).toBe(true)
  })

  it('follows the weights of its mix', () => {
    const rig = new Rig({ mix: { announce: 74, connect: 23, scrape: 3 } }).run(LoadPhase.Connect)
    rig.run(LoadPhase.Measure, 500_000).run(LoadPhase.Drain)
    const { announces, connects, scrapes } = rig.counts
    const all = announces + connects + scrapes
    expect(all).toBeGreaterThan(10_000)
    expect(Math.abs(announces / all - 0.74)).toBeLessThan(0.01)
    expect(Math.abs(connects / all - 0.23)).toBeLessThan(0.01)
    expect(rig.counts.scrapeReplies).toBe(scrapes)
    expect(rig.counts.malformed).toBe(0)
  })

  it('lets peers start as seeders by their share', () => {
    const rig = new Rig({ hasLifecycle: true, seeders: 1 }).run(LoadPhase.Connect)
    rig.run(LoadPhase.Measure, 10_000).run(LoadPhase.Drain)
    const announces = rig.tracker.requests.filter((request) => request.getInt32(8) === 1)
    expect(announces.length).toBeGreaterThan(100)
    expect(announces.every((request) => request.getBigUint64(64) === 0n)).toBe(true)
  })

  it('lets peers live: none completes or stops that has not started', () => {
    const rig = new Rig({ hasLifecycle: true, seeders: 0, fills: true }).run(LoadPhase.Connect).run(LoadPhase.Fill)
    const begun = rig.tracker.requests.length
    rig.run(LoadPhase.Measure, 300_000).run(LoadPhase.Drain)
    const { started, completed, stopped } = rig.counts
    const active = new Map<string, boolean>()
    for (const [index, request] of rig.tracker.requests.entries()) {
      if (request.getInt32(8) !== 1) continue
      const peer = Buffer.from(request.buffer, 36, 20).toString('latin1')
      const event = request.getInt32(80)
      if (index >= begun) expect(active.get(peer) ?? false).toBe(event !== 2)
      active.set(peer, event !== 3)
    }
    for (const count of [started, completed, stopped]) expect(count).toBeGreaterThan(100)
  })
})

describe('the fill of a UDP load', () => {
  it('announces every peer exactly once', () => {
    const rig = new Rig({ fills: true }).run(LoadPhase.Connect).run(LoadPhase.Fill)
    expect(rig.tracker.announced.size).toBe(200)
    expect([...rig.tracker.announced.values()].every((times) => times === 1)).toBe(true)
    expect(fillReport(rig.population, rig.counts, 1)).toMatchObject({
      confirmed: 200,
      counted: 200,
      repeated: 0,
      isComplete: true,
    })
  })

  it('stores every peer once although requests and replies get lost', () => {
    const rig = new Rig({ fills: true }).run(LoadPhase.Connect)
    let number = 0
    rig.tracker.delay = () => (number++ % 6 === 0 ? undefined : 100)
    rig.tracker.losesReply = () => number % 6 === 3
    rig.run(LoadPhase.Fill)
    const report = fillReport(rig.population, rig.counts, 1)
    expect(report).toMatchObject({ confirmed: 200, counted: 200, isComplete: true })
    expect(report.repeated).toBeGreaterThan(50)
  })

  it('notices peers that are not counted by the tracker, and refusals', () => {
    const refused = new Rig({ fills: true }).run(LoadPhase.Connect)
    refused.tracker.refusal = 'not on the list'
    refused.run(LoadPhase.Fill)
    expect(fillReport(refused.population, refused.counts, 1)).toMatchObject({
      confirmed: 0,
      refused: 200,
      isComplete: false,
    })
    const rig = new Rig({ fills: true }).run(LoadPhase.Connect).run(LoadPhase.Fill)
    const { countedIn, torrentOf } = rig.population
    const other = torrentOf.find((torrent) => torrent !== torrentOf[0]) ?? 0
    countedIn[2 * torrentOf[0]]--
    expect(fillReport(rig.population, rig.counts, 1)).toMatchObject({ counted: 199, isComplete: false })
    // The sum is right, and both torrents are wrong.
    countedIn[2 * other]++
    expect(fillReport(rig.population, rig.counts, 1)).toMatchObject({
      counted: 200,
      missing: 1,
      surplus: 1,
      isComplete: false,
    })
  })

  it.each([
    ['together', [7, 8], true],
    ['apart', [3, 5], true],
    ['and forgets one of a family', [3, 4], false],
  ] as const)('is complete if a tracker counts the families %s', (_, counted, isComplete) => {
    const population = populate({ torrents: 1, peers: 8, seed: 1, isEven: true })
    if (population === undefined) throw new Error('no population')
    population.countedIn.set(counted)
    const counts = { ...sumCounts(createLoadMemory(1)), filled: 8 }
    expect(fillReport(population, counts, 1).isComplete).toBe(isComplete)
  })
})

describe('a UDP load in an open loop', () => {
  it('sends what is due, and nothing else', () => {
    const rig = new Rig({ requestsPerSecond: 1000 }).run(LoadPhase.Connect).run(LoadPhase.Load, 500_000)
    rig.run(LoadPhase.Measure, 2_000_000).run(LoadPhase.Drain)
    expect(Math.abs(rig.counts.announces - 2000)).toBeLessThanOrEqual(1)
    expect(rig.counts.announceReplies).toBe(rig.counts.announces)
    expect(rig.percentile(99.9)).toBeLessThanOrEqual(100 + 2 * STEP)
  })

  it('begins with the measurement if nothing warms up', () => {
    const rig = new Rig({ requestsPerSecond: 1000, fills: true })
    rig.tracker.now = 10_000_000
    rig.run(LoadPhase.Connect).run(LoadPhase.Fill)
    const before = rig.tracker.requests.length
    rig.run(LoadPhase.Measure, 1_000_000).run(LoadPhase.Drain)
    expect(Math.abs(rig.tracker.requests.length - before - 1000)).toBeLessThanOrEqual(1)
    expect(Math.abs(rig.counts.announces - 1000)).toBeLessThanOrEqual(1)
  })

  it('charges a stall of the tracker to every request that was due meanwhile', () => {
    const rig = new Rig({ requestsPerSecond: 1000, sockets: 4 }).run(LoadPhase.Connect).run(LoadPhase.Load, 1000)
    const from = rig.tracker.now
    // Half a second of two in which nothing is answered.
    const stallFrom = from + 500_000
    const stallTo = from + 1_000_000
    rig.tracker.delay = (_, at) => (at >= stallFrom && at < stallTo ? stallTo - at : 100)
    rig.run(LoadPhase.Measure, 2_000_000).run(LoadPhase.Drain)
    expect(rig.counts.announceReplies).toBe(rig.counts.announces)
    // A quarter of all requests has waited, evenly from nothing to half a second.
    expect(rig.percentile(70)).toBeLessThan(1000)
    for (const [percentile, right] of [
      [80, 100_000],
      [90, 300_000],
      [95, 400_000],
    ]) {
      expect(Math.abs(rig.percentile(percentile) - right)).toBeLessThan(0.02 * 500_000)
    }
  })

  it('counts from the moment at which a request was due when the tool itself was late', () => {
    const rig = new Rig({ requestsPerSecond: 1000 }).run(LoadPhase.Connect).run(LoadPhase.Load, 1000)
    rig.load.enter(LoadPhase.Measure)
    rig.tracker.now += 200_000
    rig.run(LoadPhase.Drain)
    expect(Math.abs(rig.counts.announces - 200)).toBeLessThanOrEqual(1)
    expect(Math.abs(rig.percentile(50) - 100_000)).toBeLessThan(5000)
  })

  it('gives up what it cannot send in time, and does not call it lost', () => {
    const rig = new Rig({ requestsPerSecond: 1000 }).run(LoadPhase.Connect).run(LoadPhase.Load, 1000)
    rig.load.enter(LoadPhase.Measure)
    // The time-out is a second.
    rig.tracker.now += 3_000_000
    rig.run(LoadPhase.Drain)
    expect(Math.abs(rig.counts.announces - 1000)).toBeLessThanOrEqual(1)
    expect(rig.counts.unsent + rig.counts.announces).toBeGreaterThanOrEqual(3000)
    expect(rig.counts.unsent + rig.counts.announces).toBeLessThanOrEqual(3001)
    expect(rig.counts.announceReplies).toBeGreaterThan(800)
  })

  it('counts every request without a reply as lost', () => {
    const rig = new Rig({ requestsPerSecond: 1000 }).run(LoadPhase.Connect)
    rig.tracker.delay = () => undefined
    rig.run(LoadPhase.Load, 1000).run(LoadPhase.Measure, 1_000_000).run(LoadPhase.Drain)
    expect(rig.counts.announces).toBeGreaterThan(900)
    expect(rig.counts.announceReplies).toBe(0)
    expect(rig.load.isDone).toBe(true)
  })
})

describe('a hostile UDP load', () => {
  const nothing = aLoadPlan().hostile

  it('needs no connection id for what nobody answers', () => {
    const rig = new Rig({ hostile: { ...nothing, garbage: 0.5, 'forged-ids': 0.5 } })
    rig.tracker.delay = () => undefined
    rig.run(LoadPhase.Measure, 100_000)
    const lengths = rig.tracker.requests.map(({ byteLength }) => byteLength)
    const forged = lengths.filter((length) => length === 98).length
    expect(Math.abs(forged / lengths.length - 0.5)).toBeLessThan(0.05)
    expect(rig.counts).toMatchObject({ announces: 0, hostileSent: lengths.length })
  })

  it('sends strangers and connects by their shares', () => {
    const hostile = { ...nothing, connects: 0.2, 'random-hashes': 0.3, 'one-address': 0.1 }
    const rig = new Rig({ hostile, sockets: 1 }).run(LoadPhase.Connect).run(LoadPhase.Measure, 500_000)
    rig.run(LoadPhase.Drain)
    const { connects, announces, hostileSent } = rig.counts
    expect(Math.abs(connects / (connects + announces) - 0.2)).toBeLessThan(0.02)
    expect(Math.abs(hostileSent / (connects + announces) - 0.4)).toBeLessThan(0.02)
  })
})

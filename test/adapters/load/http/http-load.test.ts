// The load of one thread over HTTP, on real connections to a server that the test scripts, by a clock that only the
// test moves.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { libcObstacle } from '../../../../src/adapters/linux/libc.ts'
import { openHttpConnections } from '../../../../src/adapters/load/http/http-connections.ts'
import { HttpLoad } from '../../../../src/adapters/load/http/http-load.ts'
import { HttpRequests } from '../../../../src/adapters/load/http/http-requests.ts'
import { SlowHeads } from '../../../../src/adapters/load/http/slow-heads.ts'
import {
  createLoadMemory,
  type LoadCounts,
  LoadPhase,
  rowOf,
  sumCounts,
} from '../../../../src/adapters/load/load-memory.ts'
import type { LoadPlan } from '../../../../src/adapters/load/load-plan.ts'
import { LoadTally } from '../../../../src/adapters/load/load-tally.ts'
import { populate } from '../../../../src/adapters/load/population.ts'
import { routeOf } from '../../../../src/adapters/load/socket-route.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { aLoadPlan } from '../a-plan.ts'
import { CLOSE, httpReply, type Script, ScriptedServer } from './a-scripted-server.ts'

const STEP = 1000
const PEERS = httpReply('d8:completei1e10:incompletei0e8:intervali1800e5:peers6:abcdefe')

class Rig {
  readonly server: ScriptedServer
  readonly port: number
  readonly load: HttpLoad
  readonly failures: string[] = []
  now = 10_000_000
  readonly #memory = createLoadMemory(1)

  private constructor(server: ScriptedServer, port: number, load: (rig: Rig, tally: LoadTally) => HttpLoad) {
    this.server = server
    this.port = port
    this.load = load(this, new LoadTally(rowOf(this.#memory, 0)))
  }

  static async open(script: Script, changes: Partial<LoadPlan> = {}): Promise<Rig> {
    const server = new ScriptedServer(script)
    const target = { address: '127.0.0.1', port: await server.listen(), family: Family.IPv4 }
    const plan = aLoadPlan({ transport: 'http', path: '/announce', sockets: 4, targets: [target], ...changes })
    const population = populate(plan.population)
    if (population === undefined) throw new Error('no population')
    const routes = Array.from({ length: plan.sockets }, (_, socket) => routeOf(plan, socket))
    const connections = await openHttpConnections(routes)
    const none = await openHttpConnections([])
    return new Rig(server, target.port, (rig, tally) => {
      return new HttpLoad({
        plan,
        connections,
        requests: new HttpRequests({ plan, thread: 0, population, tally, memory: connections.requests }),
        slowHeads: new SlowHeads(none, tally),
        tally,
        clock: () => rig.now,
        onFailure: (text) => rig.failures.push(text),
      })
    })
  }

  get counts(): LoadCounts {
    return sumCounts(this.#memory)
  }

  /** Runs a phase until it is done, or for so many microseconds. */
  async run(phase: LoadPhase, microseconds = 60_000_000): Promise<this> {
    this.load.enter(phase)
    const end = this.now + microseconds
    while (this.now < end && !this.load.isDone) await this.turn()
    return this
  }

  async turn(): Promise<void> {
    this.load.turn()
    await nextTurn()
    this.now += STEP
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.load.close()
    await this.server.close()
  }
}

const onLinux = (await libcObstacle()) === undefined ? describe : describe.skip

onLinux('an HTTP load', () => {
  it('sends what is due from the measurement on, if nothing warms up', async () => {
    await using rig = await Rig.open(() => PEERS, { requestsPerSecond: 100, fills: true })
    await rig.run(LoadPhase.Connect)
    await rig.run(LoadPhase.Fill)
    expect(rig.server.requests).toHaveLength(200)
    await rig.run(LoadPhase.Measure, 1_000_000)
    await rig.run(LoadPhase.Drain)
    expect(Math.abs(rig.server.requests.length - 200 - 100)).toBeLessThanOrEqual(1)
    expect(rig.counts.announceReplies).toBe(rig.counts.announces)
  })

  it('still has each connection once after the tracker was away', async () => {
    await using rig = await Rig.open(() => PEERS, { requestsPerSecond: 20_000, sockets: 8 })
    await rig.server.close()
    await rig.run(LoadPhase.Measure, 100_000)
    expect(rig.counts.broken).toBeGreaterThan(100)
    rig.server.script = () => undefined
    await rig.server.listen(rig.port)
    for (let turn = 0; turn < 200 && rig.server.requests.length < 8; turn++) await rig.turn()
    expect(rig.server.requests).toHaveLength(8)
    expect(rig.server.connections).toBe(8)
  })

  it('asks again on a new connection if the tracker has closed a kept one', async () => {
    await using rig = await Rig.open(() => PEERS)
    await rig.run(LoadPhase.Measure, 50_000)
    const { opened } = rig.counts
    rig.server.script = () => CLOSE
    const asked = rig.server.requests.length
    while (rig.server.requests.length < asked + 8) await rig.turn()
    rig.server.script = () => PEERS
    await rig.run(LoadPhase.Drain)
    expect(rig.counts.opened).toBeGreaterThan(opened)
    expect(rig.counts.announceReplies + rig.counts.broken).toBe(rig.counts.announces)
  })

  it('counts the time-out from the moment at which a request was due', async () => {
    await using rig = await Rig.open(() => undefined, { requestsPerSecond: 100, sockets: 1 })
    await rig.run(LoadPhase.Measure, 900_000)
    expect(rig.counts.announces).toBe(1)
    // The time-out is a second. From then on one request after the other is, or soon becomes, too old.
    for (const end = rig.now + 600_000; rig.now < end; ) await rig.turn()
    expect(rig.counts.announces).toBeGreaterThan(20)
    await rig.run(LoadPhase.Drain)
    const { announceReplies, announces, unsent } = rig.counts
    expect(announceReplies).toBe(0)
    expect(Math.abs(announces + unsent - 150)).toBeLessThanOrEqual(2)
  })

  it('takes no reply that comes after its time-out, whenever that is noticed', async () => {
    await using rig = await Rig.open(() => undefined, { sockets: 1 })
    rig.load.enter(LoadPhase.Measure)
    while (rig.server.requests.length === 0) await rig.turn()
    rig.server.say(PEERS)
    rig.now += 2_000_000
    rig.load.enter(LoadPhase.Drain)
    rig.load.turn()
    expect(rig.counts).toMatchObject({ announces: 1, announceReplies: 0, late: 1 })
  })

  it('fills the tracker although connections break', async () => {
    let number = 0
    await using rig = await Rig.open(() => (number++ % 3 === 0 ? CLOSE : PEERS), { fills: true })
    await rig.run(LoadPhase.Fill)
    expect(rig.load.isDone).toBe(true)
    expect(rig.counts.filled).toBe(200)
    expect(new Set(rig.server.requests.map((request) => /port=\d+/.exec(request)?.[0])).size).toBeGreaterThan(50)
  })

  it.each([
    [{ connect: 0, announce: 1, scrape: 0 }, 'x'.repeat(100), { malformed: 1 }],
    [{ connect: 0, announce: 1, scrape: 0 }, 'd5:filesdee', { malformed: 1 }],
    [{ connect: 0, announce: 0, scrape: 1 }, '<html>not found</html>', { malformed: 1 }],
    [{ connect: 0, announce: 0, scrape: 1 }, 'd14:failure reason9:no scrapee', { failures: 1 }],
    [{ connect: 0, announce: 0, scrape: 1 }, 'd5:filesdee', { scrapeReplies: 1 }],
  ])('judges by the mix %j the reply %s', async (mix, body, counts) => {
    await using rig = await Rig.open(() => httpReply(body), { mix, sockets: 1 })
    rig.load.enter(LoadPhase.Measure)
    while (rig.server.requests.length === 0) await rig.turn()
    await rig.run(LoadPhase.Drain)
    const nothing = { malformed: 0, failures: 0, announceReplies: 0, scrapeReplies: 0 }
    expect(rig.counts).toMatchObject({ ...nothing, ...counts })
  })

  it('lets only the first connection crowd a swarm, and counts only that as hostile', async () => {
    const hostile = { ...aLoadPlan().hostile, 'one-address': 1 }
    await using rig = await Rig.open(() => PEERS, { hostile })
    await rig.run(LoadPhase.Measure, 300_000)
    await rig.run(LoadPhase.Drain)
    const { announces, hostileSent } = rig.counts
    expect(announces).toBeGreaterThan(100)
    expect(Math.abs(hostileSent / announces - 0.25)).toBeLessThan(0.1)
  })
})

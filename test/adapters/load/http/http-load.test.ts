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
})

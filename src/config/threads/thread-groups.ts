// All threads that answer torrent clients, by kind: claims their ports before any starts, and stops all together.

import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import { claimPorts, type PortClaim } from './listening.ts'
import { type ThreadDependencies, ThreadGroup } from './thread-group.ts'
import type { Address } from './thread-options.ts'
import type { ThreadPlan } from './thread-plan.ts'
import { TRANSPORTS, type Transport } from './transport.ts'

function isChosenBySystem({ address, port }: Address): boolean {
  return port === 0 && socketPathOf(address) === undefined
}

export class ThreadGroups {
  readonly #groups: readonly ThreadGroup[]
  readonly #stopFlag: Int32Array
  readonly #addresses = new Map<PortClaim, Address>()

  constructor(plans: readonly ThreadPlan[], dependencies: ThreadDependencies) {
    this.#groups = plans.map((plan) => new ThreadGroup(plan, dependencies))
    this.#stopFlag = new Int32Array(dependencies.memory.stopFlag)
  }

  /**
   * Claims the ports of all groups, so that no thread starts unless every listener is available. In a take-over only
   * ports that the system chooses are claimed: on a port of the other process, a socket that nothing reads would
   * receive datagrams. `others` are TCP ports that the main thread needs, claimed together with these.
   */
  async claim(takesOver: boolean, others: readonly PortClaim[] = []): Promise<void> {
    for (const transport of TRANSPORTS) await this.#claim(transport, takesOver, transport === 'tcp' ? others : [])
  }

  /** To be called once the ports are claimed. */
  async start(): Promise<void> {
    for (const group of this.#groups) {
      await group.start(group.claims.map((claim) => this.#addresses.get(claim) ?? claim.address))
    }
  }

  /** Listeners that have been started, with their real ports, for the health API. */
  get services(): readonly Service[] {
    return this.#groups.flatMap(({ services }) => services)
  }

  /** Listeners with a certificate reload it. */
  reload(): void {
    for (const group of this.#groups) group.send({ kind: 'reload' })
  }

  /** The process that had the ports before has exited. */
  succeed(): void {
    for (const group of this.#groups) group.send({ kind: 'succeed' })
  }

  async stop(deadlineMs: number): Promise<void> {
    Atomics.store(this.#stopFlag, 0, 1)
    Atomics.notify(this.#stopFlag, 0)
    await Promise.all(this.#groups.map((group) => group.stop(deadlineMs)))
  }

  async #claim(transport: Transport, takesOver: boolean, others: readonly PortClaim[]): Promise<void> {
    const groups = this.#groups.filter((group) => group.transport === transport)
    for (const group of groups) group.reportStarting()
    const free = groups.flatMap(({ claims }) => claims).filter(({ address }) => !takesOver || isChosenBySystem(address))
    const addresses = await claimPorts(transport, [...free, ...others])
    for (const [index, claim] of free.entries()) this.#addresses.set(claim, addresses[index])
  }
}

// All threads of one kind: starts them one after another on the same ports, and sends them commands.

import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import type { TracedRequest } from '../../domain/ports/outbound/request-tap.ts'
import type { Logger } from '../process/logger.ts'
import type { Settings } from '../settings/settings.ts'
import type { SharedMemory } from '../wiring/shared-memory.ts'
import { listenerUrl, type PortClaim, startLines } from './listening.ts'
import { Thread } from './thread.ts'
import type { Address, ThreadCommand } from './thread-options.ts'
import type { ThreadPlan } from './thread-plan.ts'

/** What threads of any kind are started with. */
export interface ThreadDependencies {
  readonly settings: Settings
  readonly memory: SharedMemory
  readonly logger: Logger
  /** A request of a traced client, and the number of the trace. */
  readonly onTraced: (trace: number, request: TracedRequest) => void
  /** A thread ended unexpectedly. It may have held a lock: the process cannot continue. */
  readonly onDeath: (reason: Error) => void
}

/** Ports are shared where possible, even by a single thread, so that another process can take over. */
const SHARES_PORTS = process.platform === 'linux'

export class ThreadGroup {
  /** Its listeners, as configured. */
  readonly claims: readonly PortClaim[]
  readonly #plan: ThreadPlan
  readonly #dependencies: ThreadDependencies
  readonly #threads: Thread[] = []
  #services: readonly Service[] = []

  constructor(plan: ThreadPlan, dependencies: ThreadDependencies) {
    const { kind } = plan
    this.#plan = plan
    this.#dependencies = dependencies
    this.claims = dependencies.settings[kind.listeners].map((listener) => ({
      scheme: kind.schemeOf(listener),
      address: { address: listener.host, port: listener.port },
      ipv6Only: listener.ipv6Only,
    }))
  }

  get transport(): ThreadPlan['kind']['transport'] {
    return this.#plan.kind.transport
  }

  /** Its listeners once all its threads listen, with their real ports. */
  get services(): readonly Service[] {
    return this.#services
  }

  reportStarting(): void {
    for (const { scheme, address } of this.claims) this.#report(`Starting on: ${listenerUrl(scheme, address)}`)
  }

  /**
   * `addresses` are those of the claims, with their real ports. Rejects with the message of a thread that cannot start.
   */
  async start(addresses: readonly Address[]): Promise<void> {
    const { kind, count, firstNumber, firstCompanion, firstListener } = this.#plan
    if (count === 0) return
    const { settings, memory, logger, onTraced, onDeath } = this.#dependencies
    const listeners = settings[kind.listeners]
    const shared = {
      settings,
      memory,
      addresses,
      firstListener,
      sharesPorts: count > 1 || SHARES_PORTS,
      groupSize: count,
      secret: kind.openSecret?.(settings),
    }
    for (let index = 0; index < count; index++) {
      const companion = firstCompanion === undefined ? undefined : firstCompanion + index
      const options = { ...shared, thread: firstNumber + index, companion, isFirst: index === 0 }
      const thread = await Thread.start(kind, options, {
        onNote: ({ level, target, message }) => logger.log(level, target, message),
        onTraced: ({ trace, request }) => onTraced(trace, request),
        onDeath,
      })
      this.#threads.push(thread)
    }
    this.#report(`${count} ${count === 1 ? 'thread' : 'threads'}, ${this.#threads[0].detail}`)
    this.#services = this.claims.map(({ scheme }, index) => {
      const { address: host, port } = addresses[index]
      const listener = listeners[index]
      const proxyProtocol = 'proxyProtocol' in listener && listener.proxyProtocol
      return { type: kind.service, scheme, host, port, publicUrl: listener.publicUrl, proxyProtocol }
    })
    for (const service of this.#services) for (const line of startLines(service)) this.#report(line)
  }

  /** Sends to each of its threads, if the kind takes this command. */
  send(command: ThreadCommand): void {
    if (!this.#plan.kind.commands.includes(command.kind)) return
    for (const thread of this.#threads) thread.send(command)
  }

  /** Resolves when all its threads have ended. */
  async stop(deadlineMs: number): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop(deadlineMs)))
  }

  #report(message: string): void {
    this.#dependencies.logger.log('info', this.#plan.kind.target, message)
  }
}

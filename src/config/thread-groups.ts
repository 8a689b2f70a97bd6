// The UDP threads and the HTTP threads: how many, on which ports, started one after the other and stopped together.

import { claimTcp, claimUdp, listenerUrl } from './listening.ts'
import type { Logger, LogTarget } from './logger.ts'
import type { BindSettings, Settings, ThreadCount } from './settings/settings.ts'
import type { SharedMemory } from './shared-memory.ts'
import { Thread, type ThreadWatch } from './thread.ts'
import type { Address } from './thread-orders.ts'

/** Threads of each kind; none for a protocol without listeners. Automatic: half the cores for UDP, a quarter for HTTP. */
export function threadCounts(settings: Settings, cores: number): { readonly udp: number; readonly http: number } {
  const count = (wanted: ThreadCount, share: number, listeners: number): number => {
    if (listeners === 0) return 0
    return wanted === 'auto' ? Math.max(1, Math.round(cores * share)) : wanted
  }
  return {
    udp: count(settings.threads.udp, 0.5, settings.udpListeners.length),
    http: count(settings.threads.http, 0.25, settings.httpListeners.length),
  }
}

/** What sets the two groups apart. */
interface Group {
  readonly entry: 'udp-thread' | 'http-thread'
  readonly target: LogTarget
  readonly count: number
  readonly wanted: readonly Address[]
  readonly urlOf: (index: number, address: Address) => string
  readonly claim: (index: number, address: Address) => Promise<Address>
  readonly connectionIdKey: Uint8Array
}

const addressOf = ({ host, port }: BindSettings): Address => ({ address: host, port })

export class ThreadGroups {
  readonly #settings: Settings
  readonly #memory: SharedMemory
  readonly #logger: Logger
  readonly #watch: ThreadWatch
  readonly #threads: Thread[] = []
  readonly #http: Thread[] = []
  #nextNumber = 1

  constructor(settings: Settings, memory: SharedMemory, logger: Logger, died: (reason: Error) => void) {
    this.#settings = settings
    this.#memory = memory
    this.#logger = logger
    this.#watch = { note: ({ level, target, message }) => logger.log(level, target, message), died }
  }

  async startUdp(count: number, connectionIdKey: Uint8Array): Promise<void> {
    const listeners = this.#settings.udpListeners
    await this.#start({
      entry: 'udp-thread',
      target: 'UDP TRACKER',
      count,
      wanted: listeners.map(addressOf),
      urlOf: (_, address) => listenerUrl('udp', address),
      claim: (_, address) => claimUdp(address),
      connectionIdKey,
    })
  }

  async startHttp(count: number): Promise<void> {
    const listeners = this.#settings.httpListeners
    const schemeOf = (index: number): 'http' | 'https' => (listeners[index].tls === undefined ? 'http' : 'https')
    const threads = await this.#start({
      entry: 'http-thread',
      target: 'HTTP TRACKER',
      count,
      wanted: listeners.map(addressOf),
      urlOf: (index, address) => listenerUrl(schemeOf(index), address),
      claim: (index, address) => claimTcp(schemeOf(index), address, listeners[index].ipv6Only),
      connectionIdKey: new Uint8Array(0),
    })
    this.#http.push(...threads)
  }

  /** HTTPS listeners read their certificates again. */
  reload(): void {
    for (const thread of this.#http) thread.tell({ kind: 'reload' })
  }

  async stop(deadlineMs: number): Promise<void> {
    const flag = new Int32Array(this.#memory.stopFlag)
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
    await Promise.all(this.#threads.map((thread) => thread.stop(deadlineMs)))
  }

  /** Claims all ports first, so that either every listener can be had or no thread starts. */
  async #start(group: Group): Promise<readonly Thread[]> {
    const started: Thread[] = []
    const addresses: Address[] = []
    for (const [index, wanted] of group.wanted.entries()) {
      this.#logger.log('info', group.target, `Starting on: ${group.urlOf(index, wanted)}`)
      addresses.push(await group.claim(index, wanted))
    }
    for (let i = 0; i < group.count; i++) {
      const orders = {
        settings: this.#settings,
        memory: this.#memory,
        thread: this.#nextNumber++,
        isFirst: i === 0,
        addresses,
        sharesPorts: group.count > 1,
        connectionIdKey: group.connectionIdKey,
      }
      const thread = await Thread.start(group.entry, orders, this.#watch)
      started.push(thread)
      this.#threads.push(thread)
    }
    const [{ detail }] = started
    this.#logger.log('info', group.target, `${group.count} ${group.count === 1 ? 'thread' : 'threads'}, ${detail}`)
    for (const [index, address] of addresses.entries()) {
      this.#logger.log('info', group.target, `Started on: ${group.urlOf(index, address)}`)
    }
    return started
  }
}

// The UDP threads and the HTTP threads: how many, on which ports, started one after the other and stopped together.

import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import type { Logger, LogTarget } from '../process/logger.ts'
import type { BindSettings, HttpListenerSettings, Settings, ThreadCount } from '../settings/settings.ts'
import type { SharedMemory } from '../wiring/shared-memory.ts'
import { claimTcp, claimUdp, listenerUrl } from './listening.ts'
import { Thread, type ThreadWatch } from './thread.ts'
import type { Address } from './thread-options.ts'

export interface ThreadCounts {
  readonly udp: number
  readonly http: number
}

/** Threads of each kind; none for a protocol without listeners. Automatic: half the cores for UDP, a quarter for HTTP. */
export function threadCounts(settings: Settings, cores: number): ThreadCounts {
  const count = (wanted: ThreadCount, share: number, listeners: number): number => {
    if (listeners === 0) return 0
    return wanted === 'auto' ? Math.max(1, Math.round(cores * share)) : wanted
  }
  return {
    udp: count(settings.threads.udp, 0.5, settings.udpListeners.length),
    http: count(settings.threads.http, 0.25, settings.httpListeners.length),
  }
}

/** By the numbers of the threads. */
export function threadNames({ udp, http }: { readonly udp: number; readonly http: number }): readonly string[] {
  const named = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`)
  return ['main', ...named('udp', udp), ...named('http', http)]
}

/** What sets the two groups apart. */
interface Group {
  readonly entry: 'udp-thread' | 'http-thread'
  readonly target: LogTarget
  readonly count: number
  readonly urls: readonly string[]
  readonly addresses: readonly Address[]
  readonly connectionIdKey: Uint8Array
}

const addressOf = ({ host, port }: BindSettings): Address => ({ address: host, port })
const schemeOf = ({ tls }: HttpListenerSettings): 'http' | 'https' => (tls === undefined ? 'http' : 'https')

/** Where a port can be shared it is, even by a single thread: another process may want to take over. */
const SHARES_PORTS = process.platform === 'linux'

/** The addresses with their real ports; of those to be taken over, only ports that the system shall choose are claimed. */
async function claimed(
  wanted: readonly Address[],
  takesOver: boolean,
  claim: (wanted: readonly Address[]) => Promise<readonly Address[]>,
): Promise<readonly Address[]> {
  const free = wanted.filter(({ port }) => !takesOver || port === 0)
  const found = await claim(free)
  return wanted.map((address) => (free.includes(address) ? found[free.indexOf(address)] : address))
}

export class ThreadGroups {
  readonly #settings: Settings
  readonly #memory: SharedMemory
  readonly #logger: Logger
  readonly #watch: ThreadWatch
  readonly #threads: Thread[] = []
  readonly #http: Thread[] = []
  readonly #services: Service[] = []
  #udpAddresses: readonly Address[] = []
  #httpAddresses: readonly Address[] = []
  #nextNumber = 1

  constructor(settings: Settings, memory: SharedMemory, logger: Logger, onDeath: (reason: Error) => void) {
    this.#settings = settings
    this.#memory = memory
    this.#logger = logger
    this.#watch = { onNote: ({ level, target, message }) => logger.log(level, target, message), onDeath }
  }

  /**
   * Claims the ports of both groups, so that either every listener can be had or no thread starts. Who takes over ports from
   * another process does not: a socket that nobody serves would get datagrams.
   */
  async claim(takesOver: boolean): Promise<void> {
    const { udpListeners, httpListeners } = this.#settings
    for (const listener of udpListeners) {
      this.#logger.log('info', 'UDP TRACKER', `Starting on: ${listenerUrl('udp', addressOf(listener))}`)
    }
    this.#udpAddresses = await claimed(udpListeners.map(addressOf), takesOver, claimUdp)
    for (const listener of httpListeners) {
      const url = listenerUrl(schemeOf(listener), addressOf(listener))
      this.#logger.log('info', 'HTTP TRACKER', `Starting on: ${url}`)
    }
    const claims = httpListeners.map((listener) => ({
      scheme: schemeOf(listener),
      address: addressOf(listener),
      ipv6Only: listener.ipv6Only,
    }))
    const claimChosen = (wanted: readonly Address[]) =>
      claimTcp(claims.filter(({ address }) => wanted.includes(address)))
    this.#httpAddresses = await claimed(
      claims.map(({ address }) => address),
      takesOver,
      claimChosen,
    )
  }

  async startUdp(count: number, connectionIdKey: Uint8Array): Promise<void> {
    const addresses = this.#udpAddresses
    const urls = addresses.map((address) => listenerUrl('udp', address))
    await this.#start({ entry: 'udp-thread', target: 'UDP TRACKER', count, urls, addresses, connectionIdKey })
    for (const { address: host, port } of addresses) {
      this.#services.push({ type: 'udp_tracker', scheme: 'udp', host, port })
    }
  }

  async startHttp(count: number): Promise<void> {
    const { httpListeners } = this.#settings
    const addresses = this.#httpAddresses
    const urls = addresses.map((address, index) => listenerUrl(schemeOf(httpListeners[index]), address))
    const connectionIdKey = new Uint8Array(0)
    this.#http.push(
      ...(await this.#start({ entry: 'http-thread', target: 'HTTP TRACKER', count, urls, addresses, connectionIdKey })),
    )
    for (const [index, { address: host, port }] of addresses.entries()) {
      this.#services.push({ type: 'http_tracker', scheme: schemeOf(httpListeners[index]), host, port })
    }
  }

  /** Those that have been started, with their real ports, for who asks how they are. */
  get services(): readonly Service[] {
    return this.#services
  }

  /** HTTPS listeners read their certificates again. */
  reload(): void {
    for (const thread of this.#http) thread.send({ kind: 'reload' })
  }

  /** The process that had the ports before is gone. */
  succeed(): void {
    for (const thread of this.#http) thread.send({ kind: 'succeed' })
  }

  async stop(deadlineMs: number): Promise<void> {
    const flag = new Int32Array(this.#memory.stopFlag)
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
    await Promise.all(this.#threads.map((thread) => thread.stop(deadlineMs)))
  }

  async #start({ entry, target, count, urls, addresses, connectionIdKey }: Group): Promise<readonly Thread[]> {
    const started: Thread[] = []
    for (let i = 0; i < count; i++) {
      const options = {
        settings: this.#settings,
        memory: this.#memory,
        thread: this.#nextNumber++,
        isFirst: i === 0,
        addresses,
        sharesPorts: count > 1 || SHARES_PORTS,
        siblings: count,
        connectionIdKey,
      }
      const thread = await Thread.start(entry, options, this.#watch)
      started.push(thread)
      this.#threads.push(thread)
    }
    const [{ detail }] = started
    this.#logger.log('info', target, `${count} ${count === 1 ? 'thread' : 'threads'}, ${detail}`)
    for (const url of urls) this.#logger.log('info', target, `Started on: ${url}`)
    return started
  }
}

// Takes a census of the swarms on request: peers by family and role, by program, and inactive ones. The scan pauses
// regularly, so that the main thread's event loop keeps running; another request soon after gets the same answer.

import { Family } from '../domain/announce.ts'
import type { Census } from '../domain/ports/inbound/statistics.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import { PeerCensus } from '../domain/swarm/peer-census.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'

/** How long an answer is reused: longer with more peers, so that scans take at most about a hundredth of the time. */
const VALID_FOR_SECONDS = 15
const PEERS_PER_SECOND_MORE = 40_000
/** Slices of the scan before other work gets a turn: a millisecond or two. */
const SLICES_BETWEEN_RESTS = 16
/** Programs that are named; the others are summed. */
const MAX_NAMED = 30
/** Peer id prefixes whose program is cached; a power of two. */
const REMEMBERED = 4096
const DASH = 0x2d

export interface CensusDependencies {
  /** The name of the client program that a peer id indicates. */
  readonly clientName: (peerId: Uint8Array) => string | null
  readonly clock: SteadyClock
  readonly pause: Pause
}

export class CensusTaker {
  readonly #registry: SwarmRegistry
  readonly #dependencies: CensusDependencies
  readonly #timeoutSeconds: number
  #latest: Promise<Census> | undefined
  #takenAt = 0
  #validForSeconds = VALID_FOR_SECONDS

  /** Peers that have not announced for `timeoutSeconds` are inactive. */
  constructor(registry: SwarmRegistry, dependencies: CensusDependencies, timeoutSeconds: number) {
    this.#registry = registry
    this.#dependencies = dependencies
    this.#timeoutSeconds = timeoutSeconds
  }

  take(): Promise<Census> {
    const now = this.#dependencies.clock.steadySeconds()
    if (this.#latest !== undefined && now >= this.#takenAt && now - this.#takenAt < this.#validForSeconds) {
      return this.#latest
    }
    const { ipv4Peers, ipv6Peers } = swarmTotals(this.#registry.memory)
    this.#takenAt = now
    this.#validForSeconds = VALID_FOR_SECONDS + Math.floor((ipv4Peers + ipv6Peers) / PEERS_PER_SECOND_MORE)
    this.#latest = this.#count(now)
    return this.#latest
  }

  async #count(now: number): Promise<Census> {
    const cutoff = now - this.#timeoutSeconds - this.#registry.memory.epochSeconds
    const census = new PeerCensus(this.#registry, cutoff)
    const programs = new Programs(this.#dependencies.clientName)
    for (let slices = 1; !census.slice(programs.add); slices++) {
      if (slices % SLICES_BETWEEN_RESTS === 0) await this.#dependencies.pause.rest()
    }
    const [seeders4, leechers4, seeders6, leechers6] = census.peers
    return {
      peers: [
        { family: Family.IPv4, role: 'seeder', count: seeders4 },
        { family: Family.IPv4, role: 'leecher', count: leechers4 },
        { family: Family.IPv6, role: 'seeder', count: seeders6 },
        { family: Family.IPv6, role: 'leecher', count: leechers6 },
      ],
      inactivePeers: census.inactivePeers,
      inactiveTorrents: census.inactiveTorrents,
      clients: programs.sorted(),
    }
  }
}

/** Counts peers by program. Names come from a fixed list, so their number is bounded, whatever clients send. */
class Programs {
  readonly #clientName: (peerId: Uint8Array) => string | null
  readonly #counts = new Map<string, number>()
  /** In each row three words of the id, and the name they map to. */
  readonly #known = new Int32Array(4 * REMEMBERED)
  readonly #names = new Array<string>(REMEMBERED).fill('unknown')
  readonly #words = new Int32Array(5)
  readonly #bytes = new Uint8Array(this.#words.buffer)

  constructor(clientName: (peerId: Uint8Array) => string | null) {
    this.#clientName = clientName
  }

  /** All styles name the program within the first eight to eleven bytes. */
  readonly add = (first: number, second: number, rest: number, count: number): void => {
    // After the eight bytes of the most frequent style, everything is random.
    const third = (first & 0xff) === DASH ? 0 : rest
    const mixed = first ^ Math.imul(second, 0x9e3779b1) ^ Math.imul(third, 0xc2b2ae35)
    const place = (Math.imul(mixed, 0x85ebca6b) >>> 20) & (REMEMBERED - 1)
    const at = 4 * place
    const known = this.#known
    if (known[at] !== first || known[at + 1] !== second || known[at + 2] !== third) {
      known[at] = this.#words[0] = first
      known[at + 1] = this.#words[1] = second
      known[at + 2] = this.#words[2] = third
      this.#names[place] = this.#clientName(this.#bytes) ?? 'unknown'
    }
    const name = this.#names[place]
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count)
  }

  /** The most frequent first, the rest summed. */
  sorted(): Census['clients'] {
    const rows = [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .sort((one, other) => other.count - one.count)
    const rest = rows.splice(MAX_NAMED)
    const others = rest.reduce((sum, { count }) => sum + count, 0)
    return others === 0 ? rows : [...rows, { name: 'other', count: others }]
  }
}

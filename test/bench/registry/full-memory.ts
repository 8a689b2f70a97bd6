// What an announce of a new torrent costs when memory is full of torrents that somebody has made up, compared with one
// while there is room, and with one of a known peer.

import { adviseHugePages } from '../../../src/adapters/outbound/system/huge-pages.ts'
import { AnnounceEvent, AnnounceReply, AnnounceRequest, PeerRoom } from '../../../src/domain/announce.ts'
import { createSwarmMemory, SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { Verdict } from '../../../src/domain/verdict.ts'
import { NOW_SECONDS, WorkloadRandom } from './workload.ts'

const BUDGET_BYTES = 2 ** 28
const OPERATIONS = 100_000
const NO_LIMITS = {
  maxPeersPerAddress: 16,
  appliesToPrivate: false,
  maxTorrentsPerAddress: 0,
  maxTorrentsPerNetwork: 0,
  maxTotalPeersPerAddress: 0,
  maxTotalPeersPerNetwork: 0,
  newTorrentRate: 0,
  newTorrentBurst: 1,
  prefixMultiple: 1,
}

interface Crowd {
  readonly name: string
  readonly peersEach: number
  /** Number of addresses, from 66.1.0.0 on. */
  readonly addresses: number
}

const CROWDS: readonly Crowd[] = [
  { name: 'one peer, one address', peersEach: 1, addresses: 1 },
  { name: 'one peer, a /16', peersEach: 1, addresses: 65_536 },
  { name: 'one peer, any address', peersEach: 1, addresses: 2 ** 24 },
  { name: 'two peers, one address', peersEach: 2, addresses: 1 },
  { name: 'two peers, a /16', peersEach: 2, addresses: 65_536 },
  { name: 'sixteen peers, a /16', peersEach: 16, addresses: 65_536 },
  { name: 'two peers, any address', peersEach: 2, addresses: 2 ** 24 },
]

export interface FullMemoryFigures {
  readonly crowd: string
  /** Nanoseconds of an announce: of a known peer, of a new torrent while there is room, and with none. */
  readonly known: number
  readonly roomy: number
  readonly full: number
  /** The same while the crowd itself goes on. */
  readonly fullCrowd: number
  /** Share of the new torrents of other networks that were stored. */
  readonly stored: number
}

class Announcer {
  readonly registry: SwarmRegistry
  readonly #request = new AnnounceRequest()
  readonly #reply = new AnnounceReply(new PeerRoom(new Uint16Array(1800)), new PeerRoom(new Uint16Array(1800)))
  readonly #random = new WorkloadRandom(11)

  constructor(memory: SharedArrayBuffer) {
    this.registry = new SwarmRegistry(new SwarmMemory(memory), 20_000, 7)
  }

  /** Announces a new torrent from an address; returns the verdict. */
  add(first: number, rest: number, peersEach: number): Verdict {
    const request = this.#request
    for (let i = 0; i < 5; i++) request.words[i] = this.#random.bits()
    request.event = AnnounceEvent.None
    request.numwant = 30
    request.nowSeconds = NOW_SECONDS
    request.words[13] = 1 << 20
    let verdict: Verdict = Verdict.Served
    for (let peer = 0; peer < peersEach; peer++) {
      const address = peer === 0 || rest === 0 ? rest : this.#random.below(65_536)
      request.endpoint[0] = first | ((address >>> 16) << 8)
      request.endpoint[1] = address & 0xffff
      request.endpoint[2] = 6881 + peer
      request.port = 6881 + peer
      request.words[5] = address + peer + 1
      verdict = this.registry.announce(request, this.#reply)
    }
    return verdict
  }

  ofCrowd({ peersEach, addresses }: Crowd): Verdict {
    return this.add(66, addresses === 1 ? 0 : this.#random.below(addresses), peersEach)
  }

  ofOthers(): Verdict {
    return this.add(40 + this.#random.below(20), this.#random.below(2 ** 24), 1)
  }

  /** The last announce again. */
  again(): void {
    this.registry.announce(this.#request, this.#reply)
  }
}

function nanosecondsEach(operations: number, run: () => void): number {
  const begun = performance.now()
  for (let i = 0; i < operations; i++) run()
  return ((performance.now() - begun) * 1e6) / operations
}

/** Memory as the tracker reserves it. */
async function reserve(): Promise<SharedArrayBuffer> {
  const secret = crypto.getRandomValues(new Uint8Array(8))
  const memory = createSwarmMemory(BUDGET_BYTES, secret, NOW_SECONDS - 86_400, NO_LIMITS)
  await adviseHugePages(memory)
  return memory
}

export async function measureFullMemory(): Promise<FullMemoryFigures[]> {
  const figures: FullMemoryFigures[] = []
  for (const crowd of CROWDS) figures.push(measure(crowd, new Announcer(await reserve())))
  return figures
}

function measure(crowd: Crowd, announcer: Announcer): FullMemoryFigures {
  const { registry } = announcer
  while (registry.heap.usedShare() < 0.75) announcer.ofCrowd(crowd)
  const roomy = nanosecondsEach(OPERATIONS, () => announcer.ofOthers())
  for (let refused = 0; registry.evictions < 50_000 && refused < 50_000; ) {
    if (announcer.ofCrowd(crowd) === Verdict.Full) refused++
  }
  let stored = 0
  const full = nanosecondsEach(OPERATIONS, () => {
    if (announcer.ofOthers() !== Verdict.Full) stored++
  })
  const known = nanosecondsEach(OPERATIONS, () => announcer.again())
  const fullCrowd = nanosecondsEach(OPERATIONS, () => announcer.ofCrowd(crowd)) / crowd.peersEach
  return { crowd: crowd.name, known, roomy, full, fullCrowd, stored: stored / OPERATIONS }
}

// Small worlds in which announces collide: few torrents, addresses, ports, peer ids and keys. A game plays random
// announces in one, on the registry and on the naive model at once.

import { AnnounceEvent, AnnounceRequest, MAX_SCOPE, type PeerRoom, Scope } from '../../src/domain/announce.ts'
import type { AddressRules } from '../../src/domain/swarm/address-rules.ts'
import { createSwarmMemory, SwarmMemory } from '../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { Sweeper } from '../../src/domain/swarm/sweeper.ts'
import type { TorrentWatch } from '../../src/domain/swarm/torrent-watch.ts'
import { type Announcing, anEndpoint, aReply, type Endpoint, fillRequest, twentyBytes } from './announcing.ts'
import { memoryProblems } from './check-memory.ts'
import { replyDifferences, scrapeDifferences, swarmDifferences, totalsDifferences } from './compare.ts'
import { NaiveSwarms } from './naive-swarms.ts'
import { SeededRandom } from './seeded-random.ts'

export const EPOCH = 1_000_000

export interface World {
  readonly torrents: number
  /** Addresses of each kind: IPv4 and IPv6, global and private. */
  readonly hosts: number
  /** Hosts take turns in this many networks (/24 and /48). */
  readonly networks: number
  /** Entries that one address may have; 0 for any number. Then no two announces are at the same time. */
  readonly maxPeersPerAddress: number
  readonly ports: number
  readonly peerIds: number
  /** Most clients have a key. */
  readonly hasKeys: boolean
  readonly hasPrivateHosts: boolean
  /** How many announces out of eight are `stopped`. */
  readonly stopsInEight: number
  /** Maximum numwant; only one announce out of this many wants any, because the model is slow at choosing. */
  readonly maxWanted: number
  readonly wantsOneIn: number
}

export const SMALL_WORLD: World = {
  torrents: 4,
  hosts: 3,
  networks: 1,
  maxPeersPerAddress: 0,
  ports: 4,
  peerIds: 8,
  hasKeys: true,
  hasPrivateHosts: true,
  stopsInEight: 3,
  maxWanted: 12,
  wantsOneIn: 1,
}

/** No address has a limit. */
export const NO_LIMITS: AddressRules = {
  maxPeersPerAddress: 0,
  appliesToPrivate: false,
  maxTorrentsPerAddress: 0,
  maxTorrentsPerNetwork: 0,
  maxTotalPeersPerAddress: 0,
  maxTotalPeersPerNetwork: 0,
  newTorrentRate: 0,
  newTorrentBurst: 0,
  prefixMultiple: 1,
}

/** A registry over fresh memory of the smallest size. */
export function aRegistry(
  seed = 1,
  maxPeers = 20_000,
  budgetBytes = 16 * 2 ** 20,
  watch?: TorrentWatch,
  rules = NO_LIMITS,
): SwarmRegistry {
  const random = new SeededRandom(seed)
  const secret = Uint8Array.from({ length: 8 }, () => random.below(256))
  const memory = new SwarmMemory(createSwarmMemory(budgetBytes, secret, EPOCH, rules))
  return new SwarmRegistry(memory, maxPeers, random.word(), watch)
}

export class Game {
  readonly registry: SwarmRegistry
  readonly model: NaiveSwarms
  /** Everything that differed so far. */
  readonly differences: string[] = []

  readonly #world: World
  readonly #random: SeededRandom
  readonly #sweeper: Sweeper
  readonly #endpoints: readonly Endpoint[]
  readonly #request = new AnnounceRequest()
  readonly #reply = aReply()
  #now = EPOCH + 1
  #step = 0

  constructor(world: World, seed: number) {
    this.#world = world
    this.#random = new SeededRandom(seed)
    const { maxPeersPerAddress } = world
    this.model = new NaiveSwarms(maxPeersPerAddress)
    const rules = { ...NO_LIMITS, maxPeersPerAddress }
    this.registry = aRegistry(seed, 20_000, 16 * 2 ** 20, undefined, rules)
    this.#sweeper = new Sweeper(this.registry)
    this.#endpoints = endpointsOf(world)
  }

  /** Plays `steps` random announces, and stops at the first difference. */
  play(steps: number): this {
    for (let step = 0; step < steps && this.differences.length === 0; step++) {
      this.#now += this.#random.below(3) + (this.#world.maxPeersPerAddress > 0 ? 1 : 0)
      this.announce(this.anyAnnounce())
    }
    return this
  }

  announce(announcing: Announcing): void {
    this.#apply(fillRequest(this.#request, announcing), announcing)
  }

  /** Plays `count` random announces as one batch, which the registry prefetches first. */
  playBatch(count: number): this {
    const batch = Array.from({ length: count }, () => this.anyAnnounce())
    const requests = batch.map((announcing) => fillRequest(new AnnounceRequest(), announcing))
    this.registry.prefetch(requests, count)
    batch.forEach((announcing, i) => {
      this.#apply(requests[i], announcing)
    })
    return this
  }

  #apply(request: AnnounceRequest, announcing: Announcing): void {
    this.#step++
    // Rooms begin at even and odd halfwords, and nothing around them may be touched.
    for (const room of [this.#reply.ipv4, this.#reply.ipv6]) {
      room.at = this.#step & 3
      room.halfwords.fill(UNTOUCHED)
    }
    const verdict = this.registry.announce(request, this.#reply)
    const expected = this.model.announce(announcing)
    if (verdict !== 0) this.#note([`verdict ${verdict}`])
    if (isSpilt(this.#reply.ipv4, 3) || isSpilt(this.#reply.ipv6, 9)) this.#note(['peers were written beside the room'])
    this.#note(replyDifferences(this.#reply, expected, announcing))
  }

  /** Compares everything that is stored, and checks the memory. */
  check(): this {
    for (let torrent = 0; torrent < this.#world.torrents; torrent++) {
      this.#note(swarmDifferences(this.registry, this.model, twentyBytes(torrent)))
      this.#note(scrapeDifferences(this.registry, this.model, twentyBytes(torrent)))
    }
    this.#note(totalsDifferences(this.registry, this.model))
    this.#note(memoryProblems(this.registry.memory))
    return this
  }

  /** A whole round of clean-up: removes peers not seen for `maxAgeSeconds`. */
  sweep(maxAgeSeconds: number, dropsEmpty: boolean): this {
    const cutoff = this.#now - maxAgeSeconds
    while (!this.#sweeper.slice(cutoff, dropsEmpty));
    this.model.sweep(cutoff, dropsEmpty)
    return this
  }

  #note(differences: readonly string[]): void {
    for (const difference of differences) this.differences.push(`step ${this.#step}: ${difference}`)
  }

  anyAnnounce(): Announcing {
    const random = this.#random
    const peer = random.below(this.#world.peerIds)
    const isStop = random.below(8) < this.#world.stopsInEight
    let endpoint = random.pick(this.#endpoints)
    if (isStop && random.oneIn(3)) {
      endpoint = anEndpoint([...endpoint.bytes.subarray(0, -2)], 0, {
        scope: endpoint.scope,
        isHidden: endpoint.isHidden,
      })
    }
    return {
      infoHash: twentyBytes(random.below(this.#world.torrents)),
      peerId: twentyBytes(peer),
      endpoint,
      // Each peer id is shared by two clients, at even and odd ports. Each keeps its key and network; every third has
      // no key.
      key: this.#world.hasKeys && peer % 3 !== 0 ? -peer * 77_777 - 16 * (endpoint.port & 1) - endpoint.scope : 0,
      event: isStop ? AnnounceEvent.Stopped : random.pick(LIVE_EVENTS),
      left: random.pick(LEFTS),
      uploaded: BigInt(random.below(2 ** 31)) << 32n,
      downloaded: BigInt(random.below(2 ** 31)),
      numwant: random.oneIn(this.#world.wantsOneIn) ? random.below(this.#world.maxWanted + 1) : 0,
      wantsBothFamilies: random.oneIn(2),
      wantsPeerIds: random.oneIn(3),
      nowSeconds: this.#now,
    }
  }
}

/** No peer has this port, so no peer's last halfword can equal it. */
const UNTOUCHED = 0xabcd

function isSpilt({ halfwords, at, count }: PeerRoom, stride: number): boolean {
  return halfwords.some((halfword, i) => halfword !== UNTOUCHED && (i < at || i >= at + count * stride))
}

const { None, Completed, Started, Paused } = AnnounceEvent
const LIVE_EVENTS = [None, None, Completed, Completed, Started, Paused] as const
const LEFTS = [0n, 0n, 1n, 1n << 32n, (1n << 64n) - 1n] as const

/** Every host with every port; peers at the first port are never handed out. */
function endpointsOf(world: World): Endpoint[] {
  const endpoints: Endpoint[] = []
  const { Global, Private, Overlay, FirstRange } = Scope
  const scopes = world.hasPrivateHosts ? [Global, Private, Overlay, FirstRange, MAX_SCOPE] : [Global]
  for (let host = 1; host <= world.hosts; host++) {
    for (const scope of scopes) {
      const network = host % world.networks
      const v4 = [20 + scope, host >> 8, network, host & 0xff]
      // Two neighbours share a /64.
      const v6 = [0x20 + scope, 0, 0, 0, 0, network, host >> 9, (host >> 1) & 0xff, ...new Array(7).fill(0), host & 1]
      for (let port = 1; port <= world.ports; port++) {
        const isHidden = port === 1 && world.ports > 1
        for (const address of [v4, v6])
          endpoints.push(anEndpoint(address, port === 1 ? 1 : 6880 + port, { scope, isHidden }))
      }
    }
  }
  return endpoints
}

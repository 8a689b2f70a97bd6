// The reference that the swarm registry is compared with: swarms as plain Maps and objects, written from the protocol
// rules (HTTP-11 to 37, UDP-10 to 20, SEC-13 to 22) without regard to speed or memory.

import { AnnounceEvent, Family, isClosedScope, Scope } from '../../src/domain/announce.ts'
import { type Announcing, type Endpoint, ZERO_PEER_ID } from './announcing.ts'

export interface NaivePeer {
  readonly endpoint: Endpoint
  readonly peerId: string
  readonly key: number
  readonly left: bigint
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly event: AnnounceEvent
  readonly lastAnnounce: number
  readonly hasCompleted: boolean
  /** Listed a second time, in the other family, and counted there (BEP 7). */
  isTwin: boolean
}

export interface NaiveSwarm {
  readonly peers: Map<string, NaivePeer>
  completed: number
}

export interface NaiveCounts {
  readonly seeders: number
  readonly leechers: number
  readonly partialSeeds: number
  readonly completed: number
}

/** What a reply may contain, by family: a number of peers of the requester's own scope, the rest from the others. */
export interface Portion {
  readonly scoped: ReadonlyMap<string, NaivePeer>
  readonly scopedCount: number
  readonly open: ReadonlyMap<string, NaivePeer>
  readonly openCount: number
}

export interface NaiveReply extends NaiveCounts {
  readonly portions: readonly [Portion, Portion]
}

const NONE: Portion = { scoped: new Map(), scopedCount: 0, open: new Map(), openCount: 0 }
const NOTHING: NaiveReply = { seeders: 0, leechers: 0, partialSeeds: 0, completed: 0, portions: [NONE, NONE] }

function isSeeder(peer: { left: bigint }): boolean {
  return peer.left === 0n
}

function isPartialSeed(peer: { left: bigint; event: AnnounceEvent }): boolean {
  return !isSeeder(peer) && peer.event === AnnounceEvent.Paused
}

function isDownloader(peer: { left: bigint; event: AnnounceEvent }): boolean {
  return !isSeeder(peer) && !isPartialSeed(peer)
}

export class NaiveSwarms {
  readonly swarms = new Map<string, NaiveSwarm>()
  readonly #maxPeersPerAddress: number

  /** 0 for any number of entries of one address in a swarm (SEC-20). */
  constructor(maxPeersPerAddress = 0) {
    this.#maxPeersPerAddress = maxPeersPerAddress
  }

  announce(requester: Announcing): NaiveReply {
    let swarm = this.swarms.get(requester.infoHash)
    if (requester.event === AnnounceEvent.Stopped) {
      if (swarm === undefined) return NOTHING
      this.#stop(swarm, requester)
      if (swarm.peers.size === 0 && swarm.completed === 0) this.swarms.delete(requester.infoHash)
      return { ...this.counts(requester.infoHash, swarm), portions: [NONE, NONE] }
    }
    if (swarm === undefined) {
      swarm = { peers: new Map(), completed: 0 }
      this.swarms.set(requester.infoHash, swarm)
    }
    this.#register(swarm, requester)
    return { ...this.counts(requester.infoHash, swarm), portions: this.#portions(swarm, requester) }
  }

  counts(infoHash: string, swarm = this.swarms.get(infoHash)): NaiveCounts {
    if (swarm === undefined) return NOTHING
    const counted = [...swarm.peers.values()].filter((peer) => !peer.isTwin)
    const seeders = counted.filter(isSeeder).length
    return {
      seeders,
      leechers: counted.length - seeders,
      partialSeeds: counted.filter(isPartialSeed).length,
      completed: swarm.completed,
    }
  }

  /** Removes peers last seen at or before `cutoffSeconds`, and swarms without peers. */
  sweep(cutoffSeconds: number, dropsEmpty: boolean): void {
    for (const [infoHash, swarm] of this.swarms) {
      for (const peer of [...swarm.peers.values()]) if (peer.lastAnnounce <= cutoffSeconds) remove(swarm, peer)
      if (swarm.peers.size === 0 && (dropsEmpty || swarm.completed === 0)) this.swarms.delete(infoHash)
    }
  }

  totals() {
    const swarms = [...this.swarms.keys()].map((infoHash) => this.counts(infoHash))
    const peers = [...this.swarms.values()].flatMap(({ peers }) => [...peers.values()])
    const sum = (word: keyof NaiveCounts) => swarms.reduce((total, counts) => total + counts[word], 0)
    return {
      torrents: this.swarms.size,
      ipv4Peers: peers.filter(({ endpoint }) => endpoint.family === Family.IPv4).length,
      ipv6Peers: peers.filter(({ endpoint }) => endpoint.family === Family.IPv6).length,
      seeders: sum('seeders'),
      leechers: sum('leechers'),
    }
  }

  #stop(swarm: NaiveSwarm, requester: Announcing): void {
    if (requester.endpoint.port !== 0) {
      const peer = swarm.peers.get(requester.endpoint.name)
      if (peer !== undefined) remove(swarm, peer)
    } else if (requester.peerId !== ZERO_PEER_ID) {
      for (const peer of [...swarm.peers.values()]) {
        if (isAtSameAddress(peer, requester)) remove(swarm, peer)
      }
    }
  }

  #register(swarm: NaiveSwarm, requester: Announcing): void {
    const { endpoint, peerId, key, left } = requester
    const holder = swarm.peers.get(endpoint.name)
    if (holder !== undefined && holder.peerId !== peerId) remove(swarm, holder)
    const former = swarm.peers.get(endpoint.name) ?? sameClient(swarm, requester)
    if (former !== undefined) swarm.peers.delete(former.endpoint.name)
    if (former?.endpoint.name !== endpoint.name) this.#replaceOldest(swarm, endpoint)
    const isTwin = (former?.isTwin ?? true) && otherEntries(swarm, requester).some((peer) => !peer.isTwin)
    const completesNow =
      requester.event === AnnounceEvent.Completed &&
      left === 0n &&
      former !== undefined &&
      !isSeeder(former) &&
      !former.hasCompleted
    if (completesNow && !isTwin) swarm.completed++
    swarm.peers.set(endpoint.name, {
      endpoint,
      peerId,
      key,
      left,
      uploaded: requester.uploaded,
      downloaded: requester.downloaded,
      event: requester.event,
      lastAnnounce: requester.nowSeconds,
      hasCompleted: completesNow || (former?.hasCompleted ?? false),
      isTwin,
    })
  }

  /** An address that has its share of the swarm gives up its oldest entry. */
  #replaceOldest(swarm: NaiveSwarm, endpoint: Endpoint): void {
    const own = [...swarm.peers.values()].filter((peer) => holderOf(peer.endpoint) === holderOf(endpoint))
    if (this.#maxPeersPerAddress === 0 || own.length < this.#maxPeersPerAddress) return
    remove(swarm, own.toSorted((a, b) => a.lastAnnounce - b.lastAnnounce)[0])
  }

  /** Own family first; the other gets the rest, and at most half when the own one has peers (HTTP-34). */
  #portions(swarm: NaiveSwarm, requester: Announcing): readonly [Portion, Portion] {
    const own = this.#portion(swarm, requester, requester.endpoint.family, requester.numwant)
    const ownCount = own.scopedCount + own.openCount
    const max = ownCount === 0 ? requester.numwant : Math.floor(requester.numwant / 2)
    const want = requester.wantsBothFamilies ? Math.min(requester.numwant - ownCount, max) : 0
    const other = this.#portion(
      swarm,
      requester,
      requester.endpoint.family === Family.IPv4 ? Family.IPv6 : Family.IPv4,
      want,
    )
    return requester.endpoint.family === Family.IPv4 ? [own, other] : [other, own]
  }

  #portion(swarm: NaiveSwarm, requester: Announcing, family: Family, want: number): Portion {
    if (want <= 0) return NONE
    const scoped = new Map<string, NaivePeer>()
    const open = new Map<string, NaivePeer>()
    for (const [name, peer] of swarm.peers) {
      if (peer.endpoint.family !== family || peer.endpoint.isHidden || isRequester(peer, requester)) continue
      if (!isDownloader(requester) && !isDownloader(peer)) continue
      const { scope } = requester.endpoint
      if (peer.endpoint.scope === Scope.Global) {
        if (!isClosedScope(scope)) open.set(name, peer)
      } else if (peer.endpoint.scope === scope) scoped.set(name, peer)
    }
    const scopedCount = Math.min(want, scoped.size)
    return { scoped, scopedCount, open, openCount: Math.min(want - scopedCount, open.size) }
  }
}

/** An IPv4 address or an IPv6 /64. */
function holderOf({ family, ip }: Endpoint): string {
  return family === Family.IPv4 ? ip : ip.slice(0, 16)
}

function isRequester(peer: NaivePeer, requester: Announcing): boolean {
  if (peer.endpoint.name === requester.endpoint.name) return true
  return peer.endpoint.family !== requester.endpoint.family && isSameIdentity(peer, requester)
}

/** Proof of identity: a peer id that is not all zero, and the same key. */
function isSameIdentity(peer: NaivePeer, client: { peerId: string; key: number }): boolean {
  return client.key !== 0 && client.peerId !== ZERO_PEER_ID && peer.peerId === client.peerId && peer.key === client.key
}

/** The same peer id at the same address, without two keys that tell two clients apart (BEP 7). */
function isAtSameAddress(peer: NaivePeer, client: { endpoint: Endpoint; peerId: string; key: number }): boolean {
  const isOther = peer.key !== 0 && client.key !== 0 && peer.key !== client.key
  return !isOther && peer.endpoint.ip === client.endpoint.ip && peer.peerId === client.peerId
}

/** The requester's earlier entry: at another port of its address or, proven by its key, at another address. */
function sameClient(swarm: NaiveSwarm, requester: Announcing): NaivePeer | undefined {
  const { endpoint, peerId } = requester
  if (peerId === ZERO_PEER_ID) return undefined
  return [...swarm.peers.values()].find(
    (peer) =>
      peer.endpoint.family === endpoint.family &&
      peer.endpoint.scope === endpoint.scope &&
      (isAtSameAddress(peer, requester) || isSameIdentity(peer, requester)),
  )
}

function otherEntries(swarm: NaiveSwarm, client: { endpoint: Endpoint; peerId: string; key: number }): NaivePeer[] {
  if (client.key === 0) return []
  return [...swarm.peers.values()].filter(
    (peer) => peer.endpoint.family !== client.endpoint.family && isSameIdentity(peer, client),
  )
}

/** Removes a peer; its twin, if any, is counted from now on. */
function remove(swarm: NaiveSwarm, peer: NaivePeer): void {
  swarm.peers.delete(peer.endpoint.name)
  if (peer.isTwin) return
  const heir = otherEntries(swarm, peer).find(({ isTwin }) => isTwin)
  if (heir !== undefined) heir.isTwin = false
}

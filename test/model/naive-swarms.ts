// The truth that the swarm registry is compared with: swarms as plain Maps and objects, written from the protocol rules
// (HTTP-11 to 37, UDP-10 to 20, SEC-13 to 22) and with no thought of speed or memory.

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

/** What may stand in a reply, by family: so many of the asker's own scope, the rest of the others. */
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

  announce(asker: Announcing): NaiveReply {
    let swarm = this.swarms.get(asker.infoHash)
    if (asker.event === AnnounceEvent.Stopped) {
      if (swarm === undefined) return NOTHING
      this.#stop(swarm, asker)
      if (swarm.peers.size === 0 && swarm.completed === 0) this.swarms.delete(asker.infoHash)
      return { ...this.counts(asker.infoHash, swarm), portions: [NONE, NONE] }
    }
    if (swarm === undefined) {
      swarm = { peers: new Map(), completed: 0 }
      this.swarms.set(asker.infoHash, swarm)
    }
    this.#register(swarm, asker)
    return { ...this.counts(asker.infoHash, swarm), portions: this.#portions(swarm, asker) }
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

  /** Peers last heard of at or before `cutoffSeconds` go, and swarms without peers. */
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

  #stop(swarm: NaiveSwarm, asker: Announcing): void {
    if (asker.endpoint.port !== 0) {
      const peer = swarm.peers.get(asker.endpoint.name)
      if (peer !== undefined) remove(swarm, peer)
    } else if (asker.peerId !== ZERO_PEER_ID) {
      for (const peer of [...swarm.peers.values()]) {
        if (isAtSameAddress(peer, asker)) remove(swarm, peer)
      }
    }
  }

  #register(swarm: NaiveSwarm, asker: Announcing): void {
    const { endpoint, peerId, key, left } = asker
    const holder = swarm.peers.get(endpoint.name)
    if (holder !== undefined && holder.peerId !== peerId) remove(swarm, holder)
    const former = swarm.peers.get(endpoint.name) ?? sameClient(swarm, asker)
    if (former !== undefined) swarm.peers.delete(former.endpoint.name)
    const isTwin = (former?.isTwin ?? true) && otherEntries(swarm, asker).some((peer) => !peer.isTwin)
    const completesNow =
      asker.event === AnnounceEvent.Completed &&
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
      uploaded: asker.uploaded,
      downloaded: asker.downloaded,
      event: asker.event,
      lastAnnounce: asker.nowSeconds,
      hasCompleted: completesNow || (former?.hasCompleted ?? false),
      isTwin,
    })
  }

  /** Own family first; the other gets what is left, and at most half when the own one has peers (HTTP-34). */
  #portions(swarm: NaiveSwarm, asker: Announcing): readonly [Portion, Portion] {
    const own = this.#portion(swarm, asker, asker.endpoint.family, asker.numwant)
    const ownCount = own.scopedCount + own.openCount
    const max = ownCount === 0 ? asker.numwant : Math.floor(asker.numwant / 2)
    const want = asker.wantsBothFamilies ? Math.min(asker.numwant - ownCount, max) : 0
    const other = this.#portion(swarm, asker, asker.endpoint.family === Family.IPv4 ? Family.IPv6 : Family.IPv4, want)
    return asker.endpoint.family === Family.IPv4 ? [own, other] : [other, own]
  }

  #portion(swarm: NaiveSwarm, asker: Announcing, family: Family, want: number): Portion {
    if (want <= 0) return NONE
    const scoped = new Map<string, NaivePeer>()
    const open = new Map<string, NaivePeer>()
    for (const [name, peer] of swarm.peers) {
      if (peer.endpoint.family !== family || peer.endpoint.isHidden || isAsker(peer, asker)) continue
      if (!isDownloader(asker) && !isDownloader(peer)) continue
      const { scope } = asker.endpoint
      if (peer.endpoint.scope === Scope.Global) {
        if (!isClosedScope(scope)) open.set(name, peer)
      } else if (peer.endpoint.scope === scope) scoped.set(name, peer)
    }
    const scopedCount = Math.min(want, scoped.size)
    return { scoped, scopedCount, open, openCount: Math.min(want - scopedCount, open.size) }
  }
}

function isAsker(peer: NaivePeer, asker: Announcing): boolean {
  if (peer.endpoint.name === asker.endpoint.name) return true
  return peer.endpoint.family !== asker.endpoint.family && isSameIdentity(peer, asker)
}

/** Proof of identity: a peer id that somebody has chosen, and the same key. */
function isSameIdentity(peer: NaivePeer, client: { peerId: string; key: number }): boolean {
  return client.key !== 0 && client.peerId !== ZERO_PEER_ID && peer.peerId === client.peerId && peer.key === client.key
}

/** The same peer id at the same address, without two keys that tell two clients apart (BEP 7). */
function isAtSameAddress(peer: NaivePeer, client: { endpoint: Endpoint; peerId: string; key: number }): boolean {
  const isOther = peer.key !== 0 && client.key !== 0 && peer.key !== client.key
  return !isOther && peer.endpoint.ip === client.endpoint.ip && peer.peerId === client.peerId
}

/**
 * The entry that the asker has left behind: at another port of its address or, proven by its key, at another address.
 */
function sameClient(swarm: NaiveSwarm, asker: Announcing): NaivePeer | undefined {
  const { endpoint, peerId } = asker
  if (peerId === ZERO_PEER_ID) return undefined
  return [...swarm.peers.values()].find(
    (peer) =>
      peer.endpoint.family === endpoint.family &&
      peer.endpoint.scope === endpoint.scope &&
      (isAtSameAddress(peer, asker) || isSameIdentity(peer, asker)),
  )
}

function otherEntries(swarm: NaiveSwarm, client: { endpoint: Endpoint; peerId: string; key: number }): NaivePeer[] {
  if (client.key === 0) return []
  return [...swarm.peers.values()].filter(
    (peer) => peer.endpoint.family !== client.endpoint.family && isSameIdentity(peer, client),
  )
}

/** Takes a peer out; its twin, if it has one, is counted from now on. */
function remove(swarm: NaiveSwarm, peer: NaivePeer): void {
  swarm.peers.delete(peer.endpoint.name)
  if (peer.isTwin) return
  const heir = otherEntries(swarm, peer).find(({ isTwin }) => isTwin)
  if (heir !== undefined) heir.isTwin = false
}

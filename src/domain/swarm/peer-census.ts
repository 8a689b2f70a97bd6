// A census of all swarms: scans all torrents and their peers. Of a long list it samples peers at even distances, and
// each counts for as many as it represents.

import { List, Peer, Torrent } from './layout.ts'
import { familyOf } from './list-shape.ts'
import { roleOf } from './peer-role.ts'
import { secondsOf } from './stamp.ts'
import type { SwarmRegistry } from './swarm-registry.ts'
import { SwarmScan } from './swarm-scan.ts'

/** Maximum number of peers examined per list. */
const MAX_LOOKED_AT = 64
/** In cost units of the scan. */
const PEER_COST = 2

/**
 * The peers found by one slice. Each takes five words: the first twelve bytes of its id, its kind, how many peers it
 * represents.
 */
const PEER_ENTRY = 5
/** More than a slice can yield: its cost ends it, and the last torrent has at most 32 lists. */
const MAX_ENTRIES = 4096

export class PeerCensus {
  /** By family, then role: `2 * family + role`. */
  readonly peers = new Float64Array(4)
  torrents = 0
  /** Not seen since the cutoff: peers, and torrents whose peers are all inactive. */
  inactivePeers = 0
  inactiveTorrents = 0

  readonly #registry: SwarmRegistry
  readonly #scan: SwarmScan
  readonly #cutoff: number
  readonly #entries = new Int32Array(PEER_ENTRY * MAX_ENTRIES)
  #count = 0

  /** Peers whose stamp is `cutoff` (seconds since the memory's epoch) or older are inactive. */
  constructor(registry: SwarmRegistry, cutoff: number) {
    this.#registry = registry
    this.#scan = new SwarmScan(registry.memory)
    this.#cutoff = cutoff
  }

  /**
   * Scans a few more torrents, then passes their peers to `visit`: three words of the id, in memory order, and how many
   * peers it represents. True when nothing is left.
   */
  slice(visit: (first: number, second: number, third: number, count: number) => void): boolean {
    this.#count = 0
    const isDone = this.#scan.slice(this.#look)
    const entries = this.#entries
    for (let at = 0; at < this.#count * PEER_ENTRY; at += PEER_ENTRY) {
      this.peers[entries[at + 3]] += entries[at + 4]
      visit(entries[at], entries[at + 1], entries[at + 2], entries[at + 4])
    }
    return isDone
  }

  /** Runs under the shard's lock. */
  readonly #look = (words: Int32Array, torrent: number): void => {
    let peers = 0
    let inactive = 0
    this.torrents++
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      const count = this.#registry.block.count(list)
      peers += count
      inactive += this.#lookAtList(words, list, count)
    }
    this.inactivePeers += inactive
    if (peers > 0 && inactive === peers) this.inactiveTorrents++
  }

  /** Returns how many peers of the list are inactive. */
  #lookAtList(words: Int32Array, list: number, count: number): number {
    const family = familyOf(words[list + List.Shape])
    const looks = Math.min(count, MAX_LOOKED_AT, MAX_ENTRIES - this.#count)
    let inactive = 0
    this.#scan.charge(looks * PEER_COST)
    for (let look = 0; look < looks; look++) {
      const position = Math.floor((look * count) / looks)
      const standsFor = Math.floor(((look + 1) * count) / looks) - position
      const record = this.#registry.block.recordAt(list, position)
      if (secondsOf(words[record + Peer.Stamp]) <= this.#cutoff) inactive += standsFor
      const at = this.#count++ * PEER_ENTRY
      this.#entries[at] = words[record + Peer.Id]
      this.#entries[at + 1] = words[record + Peer.Id + 1]
      this.#entries[at + 2] = words[record + Peer.Id + 2]
      this.#entries[at + 3] = 2 * family + roleOf(words, record + Peer.Left)
      this.#entries[at + 4] = standsFor
    }
    return inactive
  }
}

// A client seen in both families (BEP 7: the same peer id and key at an IPv4 and an IPv6 address) is listed twice but
// counted once: the second entry is marked as a twin, and takes over the count when the first one leaves.

import { AnnounceRequest } from '../announce.ts'
import { List, Peer, Torrent } from './layout.ts'
import { familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import type { PeerFinder } from './peer-finder.ts'
import { IS_TWIN } from './stamp.ts'
import type { SwarmMemory } from './swarm-memory.ts'

export class Twins {
  readonly #words: Int32Array
  readonly #block: PeerBlock
  readonly #finder: PeerFinder
  /** The request used to search for the client of a stored record. */
  readonly #probe = new AnnounceRequest()

  constructor(memory: SwarmMemory, block: PeerBlock, finder: PeerFinder) {
    this.#words = memory.words
    this.#block = block
    this.#finder = finder
  }

  /** True when the request's client is already counted at an address of the other family. */
  isCounted(torrent: number, request: AnnounceRequest): boolean {
    return this.#otherEntry(torrent, request, 0) !== 0
  }

  /** Record of the twin to count when the peer with `record` in `list` is removed; 0 if it has none. */
  heirOf(torrent: number, list: number, record: number): number {
    const words = this.#words
    const probe = this.#probe
    probe.family = familyOf(words[list + List.Shape])
    probe.key = words[record + Peer.Key]
    probe.words = words
    probe.peerAt = record
    return this.#otherEntry(torrent, probe, IS_TWIN)
  }

  /** Position in `list`, of the other family, of the request's own client; -1 if absent. */
  positionIn(list: number, request: AnnounceRequest): number {
    return request.key === 0 ? -1 : this.#finder.bySameClient(list, request)
  }

  /** The client's record in the other family whose twin flag equals `twinFlag`; 0 if none. */
  #otherEntry(torrent: number, request: AnnounceRequest, twinFlag: number): number {
    const words = this.#words
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      if (familyOf(words[list + List.Shape]) === request.family) continue
      const position = this.#finder.bySameClient(list, request)
      if (position < 0) continue
      const record = this.#block.recordAt(list, position)
      if ((words[record + Peer.Stamp] & IS_TWIN) === twinFlag) return record
    }
    return 0
  }
}

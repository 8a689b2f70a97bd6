// One client seen over both families (BEP 7: the same peer id and key at an IPv4 and an IPv6 address) is listed twice
// but counted once: the entry that came second is marked as a twin, and inherits when the first one leaves.

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
  /** Asks the finder for the client of a stored record. */
  readonly #probe = new AnnounceRequest()

  constructor(memory: SwarmMemory, block: PeerBlock, finder: PeerFinder) {
    this.#words = memory.words
    this.#block = block
    this.#finder = finder
  }

  /** True when the request's client is counted already, at an address of the other family. */
  isCounted(torrent: number, request: AnnounceRequest): boolean {
    return this.#otherEntry(torrent, request, 0) !== 0
  }

  /** Record of the twin that is to be counted when the peer with `record` in `list` goes; 0 when it has none. */
  heirOf(torrent: number, list: number, record: number): number {
    const words = this.#words
    const probe = this.#probe
    probe.family = familyOf(words[list + List.Shape])
    probe.key = words[record + Peer.Key]
    probe.words = words
    probe.peerAt = record
    return this.#otherEntry(torrent, probe, IS_TWIN)
  }

  /** Position in `list`, which is of the other family, of the request's own client; -1 when it is not there. */
  positionIn(list: number, request: AnnounceRequest): number {
    return request.key === 0 ? -1 : this.#finder.bySameClient(list, request)
  }

  /** The client's record in the other family whose twin flag is as `twinFlag`; 0 when it has none. */
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

// Chooses the lists a reply's peers come from: the requester's own family first, within a family its own scope. Runs
// under the lock of the torrent's shard.

import { type AnnounceReply, type AnnounceRequest, Family, isClosedScope, type PeerRoom, Scope } from '../announce.ts'
import { familyOf, kindOf, ownKindOf } from './list-shape.ts'
import type { PeerSampler } from './peer-sampler.ts'
import type { TorrentIndex } from './torrent-index.ts'
import type { Twins } from './twins.ts'

export class PeerChoice {
  readonly #index: TorrentIndex
  readonly #twins: Twins
  readonly #sample: PeerSampler
  /** The requester's position in the list of its kind; -1 when it is not stored. */
  #self = -1

  constructor(index: TorrentIndex, twins: Twins, sample: PeerSampler) {
    this.#index = index
    this.#twins = twins
    this.#sample = sample
  }

  /**
   * Fills the reply's rooms for the peer at position `self` in the torrent's list of its kind. Its own family comes
   * first; the other one, if wanted, gets the rest, and at most half when both have peers (HTTP-34).
   */
  choose(torrent: number, self: number, request: AnnounceRequest, reply: AnnounceReply): void {
    if (request.numwant <= 0) return
    this.#self = self
    const isIPv4 = request.family === Family.IPv4
    const own = isIPv4 ? reply.ipv4 : reply.ipv6
    this.#chooseFamily(torrent, request.family, request.numwant, request, own)
    if (!request.wantsBothFamilies) return
    const half = own.count === 0 ? request.numwant : request.numwant >> 1
    const left = request.numwant - own.count
    const other = isIPv4 ? reply.ipv6 : reply.ipv4
    this.#chooseFamily(torrent, isIPv4 ? Family.IPv6 : Family.IPv4, Math.min(left, half), request, other)
  }

  /** Peers of the requester's own scope first, then global ones it can reach; never those of another scope (SEC-14). */
  #chooseFamily(torrent: number, family: Family, want: number, request: AnnounceRequest, room: PeerRoom): void {
    let left = want
    const scope = request.scope
    if (scope !== Scope.Global) {
      left -= this.#chooseFrom(torrent, kindOf(family, scope), left, request, room)
      if (isClosedScope(scope)) return
    }
    if (left > 0) this.#chooseFrom(torrent, kindOf(family, Scope.Global), left, request, room)
  }

  #chooseFrom(torrent: number, kind: number, want: number, request: AnnounceRequest, room: PeerRoom): number {
    const list = this.#index.findList(torrent, kind)
    if (list === 0) return 0
    let self = -1
    if (kind === ownKindOf(request)) self = this.#self
    else if (familyOf(kind) !== request.family) self = this.#twins.positionIn(list, request)
    return this.#sample.take(list, want, self, request, room)
  }
}

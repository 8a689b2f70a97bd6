// Choosing peers for a reply: one window at a random offset in each run that the requester may receive, copied straight
// from the pages into the reply. Runs are kept in random order (peer-list.ts), so a window is a random sample without
// replacement.

import { type AnnounceRequest, endpointHalfwords, PeerRoom } from '../announce.ts'
import { Directory, endpointWords, halfwordAt, List, PAGE_PEERS, PEER_WORDS, Peer } from './layout.ts'
import { capacityOf, familyOf, isPagedShape, pageOf, placeOnPage } from './list-shape.ts'
import type { ReplyBalance } from './reply-balance.ts'
import { ReplyShares } from './reply-shares.ts'
import type { SwarmMemory } from './swarm-memory.ts'

export class PeerSampler {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #balance: ReplyBalance
  readonly #shares: ReplyShares
  /** Where the peers of the current call go. */
  #room: PeerRoom
  #withIds = false

  constructor(memory: SwarmMemory, balance: ReplyBalance) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#balance = balance
    this.#shares = new ReplyShares(memory.words)
    this.#room = new PeerRoom(new Uint16Array(0))
  }

  /**
   * Adds up to `want` peers of a list to `room`: downloaders for every requester, uploaders in proportion for
   * requesters that download; never the one at position `self` (-1: not in the list). Returns how many were added.
   */
  take(list: number, want: number, self: number, request: AnnounceRequest, room: PeerRoom): number {
    const shares = this.#shares
    const total = shares.divide(list, want, self, request)
    if (total === 0 || want <= 0) return 0
    const words = this.#words
    const uploaders = words[list + List.Uploaders]
    const end = uploaders + words[list + List.Downloaders]
    const isSelfUploader = self >= 0 && self < uploaders
    const uploadersSkip = isSelfUploader ? self : uploaders
    const downloadersSkip = self >= uploaders && self < end ? self : end
    const share = shares.wantedUploaders
    const rest = shares.wantedDownloaders
    this.#room = room
    this.#withIds = request.wantsPeerIds
    const first = room.count
    if (share > 0) this.#window(list, 0, shares.uploaders, uploadersSkip, shares.uploadersStart, share)
    if (rest > 0) this.#window(list, uploaders, shares.downloaders, downloadersSkip, shares.downloadersStart, rest)
    if (want < total && this.#balance.hasPair(list, room, first)) {
      this.#balance.uploaders.set(0, shares.uploaders, uploadersSkip, shares.uploadersStart, share)
      this.#balance.downloaders.set(uploaders, shares.downloaders, downloadersSkip, shares.downloadersStart, rest)
      this.#balance.spread(list, room, first, request.wantsPeerIds)
    }
    return share + rest
  }

  /**
   * Takes `want` of the `count` peers from position `from` on, leaving out the one at `skip` (none if `skip` is the end
   * of the run), beginning with number `start` and wrapping around.
   */
  #window(list: number, from: number, count: number, skip: number, start: number, want: number): void {
    const first = Math.min(want, count - start)
    this.#copySkipping(list, from + start, first, skip)
    if (first < want) this.#copySkipping(list, from, want - first, skip)
  }

  #copySkipping(list: number, from: number, count: number, skip: number): void {
    const before = Math.min(Math.max(skip - from, 0), count)
    if (before > 0) this.#copy(list, from, before)
    if (before < count) this.#copy(list, from + before + 1, count - before)
  }

  #copy(list: number, from: number, count: number): void {
    const words = this.#words
    const shape = words[list + List.Shape]
    const peers = words[list + List.Peers]
    const family = familyOf(shape)
    if (!isPagedShape(shape)) {
      this.#copyFromPage(peers, family, capacityOf(shape), from, count)
      return
    }
    let position = from
    let left = count
    while (left > 0) {
      const offset = placeOnPage(position)
      const here = Math.min(left, PAGE_PEERS - offset)
      const page = words[peers + Directory.First + pageOf(position)]
      this.#copyFromPage(page, family, PAGE_PEERS, offset, here)
      position += here
      left -= here
    }
  }

  #copyFromPage(page: number, family: number, capacity: number, offset: number, count: number): void {
    const room = this.#room
    const stride = endpointHalfwords(family)
    this.#copyHalfwords(halfwordAt(page) + offset * stride, room.at + room.count * stride, count * stride)
    if (this.#withIds) this.#copyIds(page + endpointWords(family, capacity) + offset * PEER_WORDS, count)
    room.count += count
  }

  /** Copies two halfwords at a time where both sides are aligned alike: in less than half the time. */
  #copyHalfwords(from: number, to: number, count: number): void {
    const source = this.#halfwords
    const target = this.#room.halfwords
    let done = 0
    if (((from ^ to) & 1) === 0) {
      if ((from & 1) === 1) target[to] = source[from]
      done = from & 1
      const words = this.#words
      const targetWords = this.#room.words
      const fromWord = (from + done) >> 1
      const toWord = (to + done) >> 1
      const pairs = (count - done) >> 1
      for (let i = 0; i < pairs; i++) targetWords[toWord + i] = words[fromWord + i]
      done += pairs << 1
    }
    for (let i = done; i < count; i++) target[to + i] = source[from + i]
  }

  #copyIds(firstRecord: number, count: number): void {
    const { ids, count: before } = this.#room
    for (let peer = 0; peer < count; peer++) {
      const record = firstRecord + peer * PEER_WORDS
      for (let i = 0; i < 5; i++) ids[(before + peer) * 5 + i] = this.#words[record + Peer.Id + i]
    }
  }
}

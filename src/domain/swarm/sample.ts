// Choosing peers for a reply: one window at a random offset in each run that the asker may have, copied straight from the pages
// into the reply. Runs are kept in random order (peer-list.ts), so a window is a random sample without replacement.

import type { PeerRoom } from '../announce.ts'
import type { Dice } from './dice.ts'
import { endpointWords, List, PAGE_PEERS, PAGE_SHIFT, Pages, PEER_WORDS, Peer } from './layout.ts'
import type { SwarmMemory } from './swarm-memory.ts'

export class Sample {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #dice: Dice

  constructor(memory: SwarmMemory, dice: Dice) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#dice = dice
  }

  /**
   * Adds up to `want` peers of a list to `room`: downloaders, and uploaders too if `withUploaders`, in proportion; never the one
   * at position `self` (-1: nobody). With `withIds` their peer ids as well. Returns how many were added.
   */
  take(list: number, want: number, withUploaders: boolean, self: number, room: PeerRoom, withIds: boolean): number {
    const words = this.#words
    const uploaders = words[list + List.Uploaders]
    const downloaders = words[list + List.Downloaders]
    const isSelfUploader = self >= 0 && self < uploaders
    const isSelfDownloader = self >= uploaders && self < uploaders + downloaders
    const fromUploaders = withUploaders ? uploaders - (isSelfUploader ? 1 : 0) : 0
    const fromDownloaders = downloaders - (isSelfDownloader ? 1 : 0)
    const total = fromUploaders + fromDownloaders
    if (total === 0 || want <= 0) return 0
    let share = fromUploaders
    let rest = fromDownloaders
    if (want < total) {
      share = ((want * fromUploaders + (total >> 1)) / total) | 0
      if (want - share > fromDownloaders) share = want - fromDownloaders
      rest = want - share
    }
    if (share > 0) this.#window(list, 0, fromUploaders, share, isSelfUploader ? self : uploaders, room, withIds)
    if (rest > 0) {
      const end = uploaders + downloaders
      this.#window(list, uploaders, fromDownloaders, rest, isSelfDownloader ? self : end, room, withIds)
    }
    return share + rest
  }

  /**
   * Takes `want` of the `count` peers that stand from position `from` on when the one at `skip` is left out (`skip` at the end of
   * the run: nobody is), beginning at a random one and going round.
   */
  #window(
    list: number,
    from: number,
    count: number,
    want: number,
    skip: number,
    room: PeerRoom,
    withIds: boolean,
  ): void {
    const start = want === count ? 0 : this.#dice.below(count)
    const first = Math.min(want, count - start)
    this.#stretch(list, from + start, first, skip, room, withIds)
    if (first < want) this.#stretch(list, from, want - first, skip, room, withIds)
  }

  #stretch(list: number, from: number, count: number, skip: number, room: PeerRoom, withIds: boolean): void {
    let before = skip - from
    if (before < 0) before = 0
    if (before > count) before = count
    if (before > 0) this.#copy(list, from, before, room, withIds)
    if (before < count) this.#copy(list, from + before + 1, count - before, room, withIds)
  }

  #copy(list: number, from: number, count: number, room: PeerRoom, withIds: boolean): void {
    const words = this.#words
    const shape = words[list + List.Shape]
    const peers = words[list + List.Peers]
    const capacity = shape >> 2
    if (capacity <= PAGE_PEERS) {
      this.#copyFromPage(peers, shape & 1, capacity, from, count, room, withIds)
      return
    }
    let position = from
    let left = count
    while (left > 0) {
      const offset = position & (PAGE_PEERS - 1)
      const here = Math.min(left, PAGE_PEERS - offset)
      const page = words[peers + Pages.First + (position >> PAGE_SHIFT)]
      this.#copyFromPage(page, shape & 1, PAGE_PEERS, offset, here, room, withIds)
      position += here
      left -= here
    }
  }

  #copyFromPage(
    page: number,
    family: number,
    capacity: number,
    offset: number,
    count: number,
    room: PeerRoom,
    withIds: boolean,
  ): void {
    const stride = family === 0 ? 3 : 9
    const source = this.#halfwords
    const target = room.halfwords
    const from = (page << 1) + offset * stride
    const to = room.at + room.count * stride
    for (let i = count * stride - 1; i >= 0; i--) target[to + i] = source[from + i]
    if (withIds) {
      const words = this.#words
      for (let peer = 0; peer < count; peer++) {
        const record = page + endpointWords(family, capacity) + (offset + peer) * PEER_WORDS
        for (let i = 0; i < 5; i++) room.ids[(room.count + peer) * 5 + i] = words[record + Peer.Id + i]
      }
    }
    room.count += count
  }
}

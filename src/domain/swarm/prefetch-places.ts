// The part of a prefetch that concerns the places of a list: where the announcing peer's entry is and, when it is about
// to change sides, the two entries that change places with it (peer-list.ts). Nothing that is read here is trusted: see
// prefetch.ts.

import { type AnnounceRequest, endpointHalfwords, type Family } from '../announce.ts'
import { Directory, endpointWords, halfwordAt, List, PAGE_PEERS, PEER_WORDS } from './layout.ts'
import { capacityOf, familyOf, pageOf, placeOnPage } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { uploadsOnly } from './peer-role.ts'
import type { PrefetchQueue } from './prefetch-queue.ts'
import { sidesBorder, sidesTarget } from './sides.ts'
import type { UnlockedMemory } from './unlocked-memory.ts'

/** Two per request. */
const MAX_MOVED = 128

export class PlaceFetcher {
  readonly #memory: UnlockedMemory
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock
  readonly #queue: PrefetchQueue
  /** Entries of long lists that will move: the list's directory, its family, the endpoint's halfword. */
  readonly #directories = new Int32Array(MAX_MOVED)
  readonly #families = new Int8Array(MAX_MOVED)
  readonly #endpoints = new Uint32Array(MAX_MOVED)
  #moved = 0

  constructor(memory: UnlockedMemory, halfwords: Uint16Array, block: PeerBlock, queue: PrefetchQueue) {
    this.#memory = memory
    this.#words = memory.words
    this.#halfwords = halfwords
    this.#block = block
    this.#queue = queue
  }

  /** To be called before the first list of a batch. */
  begin(): void {
    this.#moved = 0
  }

  /** Adds the records of a list whose single page, already fetched, is at `page`. */
  addShort(list: number, page: number, request: AnnounceRequest): void {
    const words = this.#words
    const shape = words[list + List.Shape]
    const family = familyOf(shape)
    const records = page + endpointWords(family, capacityOf(shape) & 31)
    const count = Math.min(words[list + List.Uploaders] + words[list + List.Downloaders], PAGE_PEERS)
    const position = this.#shortPosition(page, count, request)
    if (position < 0) return
    this.#addRecord(records + position * PEER_WORDS)
    if (!this.#changesSides(list, position, request)) return
    const border = sidesBorder(words, list, position)
    const target = sidesTarget(words, list, position, request)
    this.#addRecord(records + (border & (PAGE_PEERS - 1)) * PEER_WORDS)
    this.#addRecord(records + (target & (PAGE_PEERS - 1)) * PEER_WORDS)
  }

  /** Adds the entry at `position` of a list whose directory, already fetched, is at `directory`. */
  addLong(list: number, directory: number, position: number, request: AnnounceRequest): void {
    const words = this.#words
    const { family } = request
    this.#addEntry(directory, family, position)
    if (!this.#changesSides(list, position, request)) return
    this.#addMoved(directory, family, sidesBorder(words, list, position))
    this.#addMoved(directory, family, sidesTarget(words, list, position, request))
  }

  /** Adds the table slots of the entries that will move; their endpoints have been fetched. */
  addSlots(): void {
    for (let i = 0; i < this.#moved; i++) {
      const family = this.#families[i] as Family
      const hash = this.#block.endpointHash(family, this.#halfwords, this.#endpoints[i])
      this.#queue.add(this.#memory.tableSlot(this.#directories[i], hash))
    }
  }

  #changesSides(list: number, position: number, request: AnnounceRequest): boolean {
    const words = this.#words
    const uploaders = words[list + List.Uploaders]
    return uploadsOnly(request) !== position < uploaders && position < uploaders + words[list + List.Downloaders]
  }

  #shortPosition(page: number, count: number, request: AnnounceRequest): number {
    const halfwords = this.#halfwords
    const { endpoint } = request
    const stride = endpointHalfwords(request.family)
    let at = halfwordAt(page) + stride - 1
    const port = endpoint[stride - 1]
    const low = endpoint[stride - 2]
    for (let position = 0; position < count; position++, at += stride) {
      if (halfwords[at] === port && halfwords[at - 1] === low) return position
    }
    return -1
  }

  #addMoved(directory: number, family: Family, position: number): void {
    const moved = this.#moved++
    this.#directories[moved] = directory
    this.#families[moved] = family
    this.#endpoints[moved] = this.#addEntry(directory, family, position)
  }

  /** Returns the halfword of the endpoint. */
  #addEntry(directory: number, family: Family, position: number): number {
    const place = placeOnPage(position)
    const page = this.#memory.checked(this.#words[this.#memory.checked(directory + Directory.First + pageOf(position))])
    const endpoint = halfwordAt(page) + place * endpointHalfwords(family)
    this.#queue.add(endpoint >> 1)
    this.#addRecord(page + endpointWords(family, PAGE_PEERS) + place * PEER_WORDS)
    return endpoint
  }

  #addRecord(record: number): void {
    this.#queue.add(record)
    this.#queue.add(record + PEER_WORDS - 1)
  }
}

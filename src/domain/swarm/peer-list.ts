// Adding, removing and moving the peers of a list, so that its three runs (uploaders, downloaders, hidden) stay dense
// and each stays in random order: a new peer swaps places with a random peer of its run, so a window is a fair sample.
// The hash table entry of a moved peer is updated.

import { type AnnounceRequest, endpointHalfwords } from '../announce.ts'
import { ANY_REACH, addSlot, changeSlot, removeSlot, SHORT_REACH } from './hash-slots.ts'
import type { Holdings } from './holdings.ts'
import { Directory, List, PEER_WORDS } from './layout.ts'
import { familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { Run } from './peer-role.ts'
import type { PeerSpace } from './peer-space.ts'
import type { Random } from './random.ts'
import { sidesBorder, sidesTarget } from './sides.ts'
import type { SwarmMemory } from './swarm-memory.ts'

export class PeerList {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock
  readonly #space: PeerSpace
  readonly #random: Random
  readonly #holdings: Holdings

  constructor(memory: SwarmMemory, block: PeerBlock, space: PeerSpace, random: Random, holdings: Holdings) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#block = block
    this.#space = space
    this.#random = random
    this.#holdings = holdings
  }

  /** The run that contains a position. */
  runAt(list: number, position: number): Run {
    const words = this.#words
    if (position < words[list + List.Uploaders]) return Run.Uploaders
    return position < words[list + List.Uploaders] + words[list + List.Downloaders] ? Run.Downloaders : Run.Hidden
  }

  /**
   * Adds the request's peer to a run, at a random place, and counts it for the request's holder: writes its endpoint
   * and leaves its record to the caller.
   * Returns the position, or -1 when memory is full.
   */
  insert(list: number, run: Run, request: AnnounceRequest, isNewSwarm: boolean): number {
    const words = this.#words
    const block = this.#block
    const count = block.count(list)
    if (!this.#space.makeRoom(list, count, isNewSwarm)) return -1
    let hole = count
    if (run < Run.Hidden && words[list + List.Hidden] > 0)
      hole = this.#shift(list, hole, count - words[list + List.Hidden])
    if (run === Run.Uploaders && words[list + List.Downloaders] > 0) {
      hole = this.#shift(list, hole, words[list + List.Uploaders])
    }
    const length = ++words[list + List.Uploaders + run]
    // The hole is now the last place of the run.
    const position = this.#shift(list, hole, hole - this.#random.below(length))
    this.#writeEndpoint(list, position, request)
    this.#holdings.addPeers(request.holder, 1)
    if (block.isPaged(list)) this.#index(list, position, request)
    return position
  }

  /** Removes the peer at a position, and counts it off; the last of each run behind it moves up. */
  remove(list: number, position: number): void {
    const words = this.#words
    this.#holdings.addPeers(this.#holdings.holderAt(list, position), -1)
    const run = this.runAt(list, position)
    const count = this.#block.count(list)
    if (this.#block.isPaged(list)) this.#unindex(list, position)
    let hole = position
    let end = words[list + List.Uploaders]
    if (run === Run.Uploaders) hole = this.#shift(list, hole, end - 1)
    end += words[list + List.Downloaders]
    if (run <= Run.Downloaders && end > hole) hole = this.#shift(list, hole, end - 1)
    if (count > hole) this.#shift(list, hole, count - 1)
    words[list + List.Uploaders + run]--
    this.#space.trim(list, count - 1)
  }

  /**
   * Moves a peer between uploaders and downloaders, to a random place there. Moves its endpoint; the caller writes its
   * record again, at the position returned.
   */
  changeSides(list: number, position: number, request: AnnounceRequest): number {
    const words = this.#words
    const becomesUploader = position >= words[list + List.Uploaders]
    const hash = this.#block.isPaged(list) ? this.#block.endpointHash(request.family, request.endpoint, 0) : 0
    const border = sidesBorder(words, list, position)
    const target = sidesTarget(words, list, position, request)
    this.#shift(list, position, border)
    words[list + List.Uploaders] += becomesUploader ? 1 : -1
    words[list + List.Downloaders] += becomesUploader ? -1 : 1
    this.#shift(list, border, target)
    this.#writeEndpoint(list, target, request)
    if (hash !== 0 && target !== position) this.#pointTo(list, hash, position, target)
    return target
  }

  #writeEndpoint(list: number, position: number, request: AnnounceRequest): void {
    const at = this.#block.endpointAt(list, position)
    const halfwords = this.#halfwords
    for (let i = endpointHalfwords(request.family) - 1; i >= 0; i--) halfwords[at + i] = request.endpoint[i]
  }

  /** Fills `hole` with the peer at `from`, unless they are the same; returns `from`, the new hole. */
  #shift(list: number, hole: number, from: number): number {
    if (hole === from) return from
    const words = this.#words
    const halfwords = this.#halfwords
    const block = this.#block
    const source = block.endpointAt(list, from)
    const target = block.endpointAt(list, hole)
    const last = endpointHalfwords(familyOf(words[list + List.Shape])) - 1
    for (let i = last; i >= 0; i--) halfwords[target + i] = halfwords[source + i]
    const sourceRecord = block.recordAt(list, from)
    const targetRecord = block.recordAt(list, hole)
    for (let i = 0; i < PEER_WORDS; i++) words[targetRecord + i] = words[sourceRecord + i]
    if (block.isPaged(list)) this.#pointTo(list, block.endpointHashAt(list, hole), from, hole)
    return from
  }

  #pointTo(list: number, hash: number, from: number, to: number): void {
    const words = this.#words
    const directory = words[list + List.Peers]
    const table = words[directory + Directory.ByEndpoint]
    changeSlot(words, table, words[directory + Directory.SlotsLog2], hash, from + 1, to + 1)
  }

  #index(list: number, position: number, request: AnnounceRequest): void {
    const words = this.#words
    const directory = words[list + List.Peers]
    const log2 = words[directory + Directory.SlotsLog2]
    const hash = this.#block.endpointHash(request.family, request.endpoint, 0)
    addSlot(words, words[directory + Directory.ByEndpoint], log2, hash, position + 1, ANY_REACH)
    const idHash = this.#block.peerIdHash(request.words, request.peerAt)
    addSlot(words, words[directory + Directory.ByPeerId], log2, idHash, hash, SHORT_REACH)
  }

  #unindex(list: number, position: number): void {
    const words = this.#words
    const block = this.#block
    const directory = words[list + List.Peers]
    const log2 = words[directory + Directory.SlotsLog2]
    const hash = block.endpointHashAt(list, position)
    removeSlot(words, words[directory + Directory.ByEndpoint], log2, hash, position + 1, ANY_REACH)
    const idHash = block.peerIdHashAt(block.recordAt(list, position))
    removeSlot(words, words[directory + Directory.ByPeerId], log2, idHash, hash, SHORT_REACH)
  }
}

// Judges the replies of a batch: to which request they belong, whether they are what was asked for, and how long they
// took. Nothing is allocated per reply.

import { networkWord } from '../../../domain/hash-order.ts'
import { noteCounted } from '../fill-report.ts'
import { LOAD_COUNTS, LoadPhase } from '../load-memory.ts'
import { Choice } from '../request-choice.ts'
import { REPLY_BYTES } from './datagram-batch.ts'
import { hasRightLength, peersOfLength } from './reply-judge.ts'
import type { UdpLoadState } from './udp-load-state.ts'

const REPLY_WORDS = REPLY_BYTES / 4
const HEADER_BYTES = 8
const LEECHERS_AT = 12
const SEEDERS_AT = 16
const ERROR = networkWord(3)
const ACTIONS = Int32Array.of(networkWord(0), networkWord(1), networkWord(2))

export class UdpReplies {
  readonly #state: UdpLoadState
  readonly #onFailure: (text: string) => void
  #hasFailed = false

  /** `onFailure` is told the first error that the tracker replies with. */
  constructor(state: UdpLoadState, onFailure: (text: string) => void) {
    this.#state = state
    this.#onFailure = onFailure
  }

  /** Judges the datagram in a slot of the batch that was received on `link`. */
  judge(link: number, slot: number, now: number): void {
    const { batch, links, pending, tally } = this.#state
    const { words, lengths } = batch.replies
    const at = slot * REPLY_WORDS
    const place = lengths[slot] < HEADER_BYTES ? -1 : pending.find(words[at + 1])
    if (place < 0 || pending.sockets[place] !== link) {
      tally.counts[LOAD_COUNTS.late]++
      return
    }
    pending.release(place)
    if (now - pending.dueAt[place] > this.#state.patience) {
      tally.counts[LOAD_COUNTS.late]++
      this.#state.forget(link, place)
      return
    }
    links.inFlight[link]--
    if (words[at] === ERROR) this.#refuse(link, place, slot, now)
    else if (words[at] !== ACTIONS[pending.kinds[place]] || !this.#hasRightLength(link, place, slot)) {
      if (tally.isMeasured(pending.dueAt[place])) tally.counts[LOAD_COUNTS.malformed]++
      if (pending.kinds[place] === Choice.Connect) links.isRenewing[link] = 0
      this.#state.repeatFill(link, place)
    } else this.#accept(link, place, slot, now)
  }

  /** Gives up some requests that have waited too long; called often, it finds all. */
  giveUpOld(now: number): void {
    const { patience, pending } = this.#state
    const count = pending.sweep(now - patience)
    for (let index = 0; index < count; index++) {
      const place = pending.expired[index]
      this.#state.forget(pending.sockets[place], place)
    }
  }

  #hasRightLength(link: number, place: number, slot: number): boolean {
    const { batch, pending } = this.#state
    const { kinds, details } = pending
    return hasRightLength(kinds[place], batch.replies.lengths[slot], this.#state.familyOf(link), details[place])
  }

  #accept(link: number, place: number, slot: number, now: number): void {
    const { batch, links, pending, tally } = this.#state
    const { words, lengths } = batch.replies
    const kind = pending.kinds[place]
    const dueAt = pending.dueAt[place]
    tally.replied(kind, dueAt, now)
    if (kind === Choice.Connect) links.connect(link, words[slot * REPLY_WORDS + 2], words[slot * REPLY_WORDS + 3], now)
    if (tally.isMeasured(dueAt)) {
      tally.counts[LOAD_COUNTS.bytesReceived] += lengths[slot]
      if (kind !== Choice.Announce) return
      tally.counts[LOAD_COUNTS.peersReceived] += peersOfLength(lengths[slot], this.#state.familyOf(link))
    } else if (this.#state.phase === LoadPhase.Fill && kind === Choice.Announce) this.#confirm(link, place, slot)
  }

  /** A peer of the fill is stored, and the reply counts who is in its swarm. */
  #confirm(link: number, place: number, slot: number): void {
    const { batch, fill, pending, population, tally } = this.#state
    const { bytes } = batch.replies
    const at = slot * REPLY_BYTES
    tally.counts[LOAD_COUNTS.filled]++
    fill.confirm(link)
    const counted = readCount(bytes, at + SEEDERS_AT) + readCount(bytes, at + LEECHERS_AT)
    noteCounted(population, population.torrentOf[pending.details[place]], this.#state.familyOf(link), counted)
  }

  /** The connection id may be what is wrong, so a new one is asked for. */
  #refuse(link: number, place: number, slot: number, now: number): void {
    const { batch, fill, links, pending, tally } = this.#state
    if (pending.kinds[place] === Choice.Connect) links.isRenewing[link] = 0
    else links.suspect(link, now)
    if (tally.isMeasured(pending.dueAt[place])) tally.counts[LOAD_COUNTS.failures]++
    if (this.#state.isFillAnnounce(place) && fill.refuse(link, pending.details[place])) {
      tally.counts[LOAD_COUNTS.fillRefused]++
    }
    if (this.#hasFailed) return
    this.#hasFailed = true
    const from = slot * REPLY_BYTES + HEADER_BYTES
    const to = slot * REPLY_BYTES + Math.min(REPLY_BYTES, batch.replies.lengths[slot])
    this.#onFailure(new TextDecoder().decode(batch.replies.bytes.subarray(from, to)))
  }
}

function readCount(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}

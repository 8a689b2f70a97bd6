// Answers scrapes whose connection id is valid, hash by hash in the order of the request.

import { Credentials } from '../../../domain/access-key.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import { SwarmCounts } from '../../../domain/scrape.ts'
import { INFO_HASH_AT, INFO_HASH_BYTES } from '../../protocol/udp/layout.ts'
import { writeScrapeReply, writeScrapeRow } from '../../protocol/udp/scrape.ts'
import { type DatagramMemory, SLOT_BYTES } from './datagram-memory.ts'

export class ScrapeAnswer {
  readonly #tracker: Tracker
  readonly #words: Int32Array
  readonly #replies: DataView
  readonly #credentials = new Credentials()
  readonly #counts = new SwarmCounts()

  constructor(tracker: Tracker, memory: DatagramMemory) {
    this.#tracker = tracker
    this.#words = memory.received.words
    this.#replies = memory.replies.wire
  }

  /** Answers the scrape in `slot` for its first `hashCount` hashes; returns the reply's length. */
  write(slot: number, transactionId: number, hashCount: number): number {
    const at = slot * SLOT_BYTES
    const replies = this.#replies
    const counts = this.#counts
    const hashesEnd = at + INFO_HASH_AT + hashCount * INFO_HASH_BYTES
    let length = writeScrapeReply(replies, at, transactionId)
    for (let hashAt = at + INFO_HASH_AT; hashAt < hashesEnd; hashAt += INFO_HASH_BYTES) {
      this.#tracker.scrape(this.#words, hashAt >> 2, this.#credentials, counts)
      length += writeScrapeRow(replies, at + length, counts)
    }
    return length
  }
}

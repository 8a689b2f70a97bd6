// The query of a scrape (BEP 48; protocol rule HTTP-43): up to 74 info hashes without duplicates, in byte order as
// the reply's dictionary needs them (HTTP-46).

import { Credentials } from '../../../domain/access-key.ts'
import { PASSKEY, readPasskey } from '../key-text.ts'
import { decodeBytes } from '../percent-encoding.ts'
import { QueryCursor } from '../query-cursor.ts'
import { ascii } from './bencode-writer.ts'
import { HttpOutcome } from './http-outcome.ts'

export const MAX_HASHES = 74
const HASH_BYTES = 20
const INFO_HASH = ascii('info_hash')

export class ScrapeQuery {
  /** The info hashes in the order of the query, 5 words each. */
  readonly words = new Int32Array((MAX_HASHES * HASH_BYTES) / 4)
  readonly bytes = new Uint8Array(this.words.buffer)
  count = 0
  /** Indices of the hashes in byte order. */
  readonly order = new Uint8Array(MAX_HASHES)
  /** The key in the query, if any. */
  readonly credentials = new Credentials()
  readonly #cursor = new QueryCursor()

  /** Reads the query in the bytes `from` to `to` of `source`. */
  read(source: Uint8Array, from: number, to: number): HttpOutcome {
    const cursor = this.#cursor
    let isMalformed = false
    this.count = 0
    this.credentials.isPresent = false
    cursor.begin(source, from, to)
    while (cursor.next()) {
      if (cursor.nameLength === PASSKEY.length && cursor.isNamed(PASSKEY)) {
        readPasskey(cursor.source, cursor.valueAt, cursor.valueEnd, this.credentials)
      }
      if (this.count === MAX_HASHES || cursor.nameLength !== INFO_HASH.length || !cursor.isNamed(INFO_HASH)) continue
      if (this.#decode(cursor)) this.#place()
      else isMalformed = true
    }
    if (cursor.hasTooManyPairs) return HttpOutcome.TooManyParameters
    if (isMalformed) return HttpOutcome.InvalidInfoHash
    return this.count === 0 ? HttpOutcome.FullScrape : HttpOutcome.Read
  }

  #decode(cursor: QueryCursor): boolean {
    const at = this.count * HASH_BYTES
    return decodeBytes(cursor.source, cursor.valueAt, cursor.valueEnd, this.bytes, at, HASH_BYTES) === HASH_BYTES
  }

  /** Inserts the hash that was decoded last into the order, unless it is a duplicate. */
  #place(): void {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      const difference = this.#compare(this.order[middle], this.count)
      if (difference === 0) return
      if (difference < 0) low = middle + 1
      else high = middle
    }
    this.order.copyWithin(low + 1, low, this.count)
    this.order[low] = this.count++
  }

  #compare(one: number, other: number): number {
    const bytes = this.bytes
    for (let i = 0; i < HASH_BYTES; i++) {
      const difference = bytes[one * HASH_BYTES + i] - bytes[other * HASH_BYTES + i]
      if (difference !== 0) return difference
    }
    return 0
  }
}

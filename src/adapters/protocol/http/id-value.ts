// The value of `info_hash` or `peer_id`, decoded while its end is looked for; as `decodeBytes` does with known bounds.

import { HEX_DIGITS } from '../percent-encoding.ts'

export const ID_BYTES = 20
const AMPERSAND = 0x26
const PERCENT = 0x25
const PLUS = 0x2b

/** Reused record: what was read last. */
export class IdValue {
  /** Decoded bytes, of which not more than 20 are written; -1 if an escape is malformed. */
  length = 0
  /** Where the value ends. */
  end = 0

  /** Reads the value that begins at `from` into `target` at `at`; the query ends at `to`. */
  read(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
    const digits = HEX_DIGITS
    let length = 0
    let isMalformed = false
    let place = from
    for (; place < to; place++) {
      let code = source[place]
      if (code === AMPERSAND) break
      if (code === PERCENT) {
        code = place + 2 < to ? (digits[source[place + 1]] << 4) | digits[source[place + 2]] : -1
        if (code < 0) isMalformed = true
        else place += 2
      } else if (code === PLUS) code = 0x20
      if (length < ID_BYTES) target[at + length] = code
      length++
    }
    this.length = isMalformed ? -1 : length
    this.end = place
  }
}

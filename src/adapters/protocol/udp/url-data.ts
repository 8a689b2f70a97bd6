// The options after an announce (BEP 41) and the one that matters: URLData, the path and query of the announce URL, as
// the client knows it. Read only when somebody asks for keys; nothing else on the way to a reply needs it.

import { OPTIONS_AT } from './layout.ts'

const OPTION_END = 0
const OPTION_NOP = 1
const OPTION_URL_DATA = 2
/** Of one option, the length byte's range. */
const MAX_OPTION_BYTES = 255
/** Of all options together (UDP-27). */
const MAX_URL_DATA_BYTES = 2048

/** Reused record: where the URLData is that was read last. */
export class UrlData {
  /** The announce itself or, when the option came in pieces, memory of this record. */
  source: Uint8Array
  from = 0
  to = 0
  readonly #joined = new Uint8Array(MAX_URL_DATA_BYTES)

  constructor() {
    this.source = this.#joined
  }

  /**
   * Finds the URLData of the announce of `length` bytes at `at`, its pieces joined in order; false when the client sent
   * none, which differs from an empty one of a URL without a path. Unknown options are skipped; an option that runs
   * past the end is dropped with whatever follows it.
   */
  read(bytes: Uint8Array, at: number, length: number): boolean {
    const end = at + length
    let isThere = false
    let next = at + OPTIONS_AT
    while (next < end) {
      const type = bytes[next++]
      if (type === OPTION_END) break
      if (type === OPTION_NOP) continue
      if (next >= end) break
      const valueAt = next + 1
      next = valueAt + bytes[next]
      if (next > end) break
      if (type !== OPTION_URL_DATA) continue
      if (isThere) this.#join(bytes, valueAt, next)
      else this.#take(bytes, valueAt, next)
      isThere = true
    }
    return isThere
  }

  #take(bytes: Uint8Array, from: number, to: number): void {
    this.source = bytes
    this.from = from
    this.to = to
  }

  #join(bytes: Uint8Array, from: number, to: number): void {
    const joined = this.#joined
    if (this.source !== joined) {
      const before = this.to - this.from
      for (let i = 0; i < before; i++) joined[i] = this.source[this.from + i]
      this.#take(joined, 0, before)
    }
    for (let i = from; i < to && this.to < MAX_URL_DATA_BYTES; i++) joined[this.to++] = bytes[i]
  }
}

/** Writes `text` (one char a byte) as URLData options, then the end of options; returns their length. */
export function writeUrlData(bytes: Uint8Array, at: number, text: string): number {
  let next = at
  let written = 0
  do {
    const count = Math.min(text.length - written, MAX_OPTION_BYTES)
    bytes[next++] = OPTION_URL_DATA
    bytes[next++] = count
    for (let index = 0; index < count; index++) bytes[next++] = text.charCodeAt(written + index)
    written += count
  } while (written < text.length)
  bytes[next++] = OPTION_END
  return next - at
}

// The options after an announce (BEP 41) and the only one that is used: URLData, the path and query of the client's
// announce URL. Read only when keys are needed; nothing else on the hot path uses it.

import { OPTIONS_AT } from './layout.ts'

const OPTION_END = 0
const OPTION_NOP = 1
const OPTION_URL_DATA = 2
/** Per option: the range of the length byte. */
const MAX_OPTION_BYTES = 255
/** For all options together (UDP-27). */
const MAX_URL_DATA_BYTES = 2048

/** Reused record: locates the URLData that was read last. */
export class UrlData {
  /** The announce itself or, if the option came in pieces, a buffer of this record. */
  source: Uint8Array
  from = 0
  to = 0
  readonly #joined = new Uint8Array(MAX_URL_DATA_BYTES)

  constructor() {
    this.source = this.#joined
  }

  /**
   * Finds the URLData of the announce of `length` bytes at `at`, its pieces joined in order. Returns false if there is
   * none, as opposed to an empty one for a URL without a path. Unknown options are skipped; an option that runs
   * past the end is dropped.
   */
  read(bytes: Uint8Array, at: number, length: number): boolean {
    const end = at + length
    let isFound = false
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
      if (isFound) this.#join(bytes, valueAt, next)
      else this.#take(bytes, valueAt, next)
      isFound = true
    }
    return isFound
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

/** Writes `text` (one character per byte) as URLData options, then the end of options; returns their length. */
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

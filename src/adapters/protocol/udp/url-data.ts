// The options after an announce (BEP 41) and the one that matters: URLData, the path and query of the announce URL, as
// the client knows it. Read only when somebody asks for it; nothing on the way to a reply does.

import { OPTIONS_AT } from './layout.ts'

const OPTION_END = 0
const OPTION_NOP = 1
const OPTION_URL_DATA = 2
/** Of one option, the length byte's range. */
const MAX_OPTION_BYTES = 255
/** Of all options together (UDP-27). */
const MAX_URL_DATA_BYTES = 2048

/**
 * URLData of the announce of `length` bytes at `at`, its pieces joined in order, one char a byte; undefined when the
 * client sent none, which differs from the empty string of a URL without a path. Unknown options are skipped; an option
 * that runs past the end is dropped with whatever follows it.
 */
export const readUrlData = (bytes: Uint8Array, at: number, length: number): string | undefined => {
  const end = at + length
  let text: string | undefined
  let next = at + OPTIONS_AT
  while (next < end) {
    const type = bytes[next++]
    if (type === OPTION_END) break
    if (type === OPTION_NOP) continue
    if (next >= end) break
    const valueAt = next + 1
    next = valueAt + bytes[next]
    if (next > end) break
    if (type === OPTION_URL_DATA) text = (text ?? '') + latin1(bytes, valueAt, next)
  }
  return text?.slice(0, MAX_URL_DATA_BYTES)
}

/** Writes `text` (one char a byte) as URLData options, then the end of options; returns their length. */
export const writeUrlData = (bytes: Uint8Array, at: number, text: string): number => {
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

const latin1 = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))

// Percent escapes of a query, decoded to bytes (protocol rules HTTP-01 to HTTP-04). Info hashes are not text: whatever goes
// through a decoder of Unicode text comes out as another hash, so nothing here knows any character set.

const PERCENT = 0x25
const PLUS = 0x2b

/** Value of a hex digit, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/**
 * Decodes the characters `from` to `to` of `text` into `bytes` at `at`, and returns how many bytes that makes: -1 when an
 * escape is malformed, `size` + 1 as soon as there are more than `size`. Never writes more than `size` bytes.
 */
export function decodeBytes(
  text: string,
  from: number,
  to: number,
  bytes: Uint8Array,
  at: number,
  size: number,
): number {
  let count = 0
  let i = from
  while (i < to) {
    let code = text.charCodeAt(i)
    if (code === PERCENT) {
      if (i + 2 >= to) return -1
      const high = hexDigit(text.charCodeAt(i + 1))
      const low = hexDigit(text.charCodeAt(i + 2))
      if ((high | low) < 0) return -1
      code = (high << 4) | low
      i += 3
    } else {
      if (code === PLUS) code = 0x20
      i++
    }
    // The rest of an overlong value is still looked at, for a malformed escape outranks a wrong length nowhere, and the
    // request's 8 KiB bound the walk.
    if (count < size) bytes[at + count] = code
    count++
  }
  return count > size ? size + 1 : count
}

/**
 * The same for names and scalar values that hold an escape, which no client's do: one character per byte, or undefined when an
 * escape is malformed. Allocates, so ask only when there is a `%`.
 */
export function decodeText(text: string, from: number, to: number): string | undefined {
  const bytes = new Uint8Array(to - from)
  const count = decodeBytes(text, from, to, bytes, 0, bytes.length)
  if (count < 0) return undefined
  let decoded = ''
  for (let i = 0; i < count; i++) decoded += String.fromCharCode(bytes[i] as number)
  return decoded
}

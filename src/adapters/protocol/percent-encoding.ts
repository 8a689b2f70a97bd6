// Decodes the percent escapes of a query to bytes (protocol rules HTTP-01 to HTTP-04). Info hashes are not text: a
// Unicode decoder would turn them into other hashes, so nothing here uses a character set.

const PERCENT = 0x25
const PLUS = 0x2b

/** Value of a hex digit, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/**
 * Decodes the bytes `from` to `to` of `source` into `target` at `at` and returns the number of decoded bytes: -1 if an
 * escape is malformed, `size` + 1 if there are more than `size`. Never writes more than `size` bytes.
 */
export function decodeBytes(
  source: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  at: number,
  size: number,
): number {
  let count = 0
  let i = from
  while (i < to) {
    let code = source[i]
    if (code === PERCENT) {
      if (i + 2 >= to) return -1
      const high = hexDigit(source[i + 1])
      const low = hexDigit(source[i + 2])
      if ((high | low) < 0) return -1
      code = (high << 4) | low
      i += 3
    } else {
      if (code === PLUS) code = 0x20
      i++
    }
    if (count < size) target[at + count] = code
    count++
  }
  return count > size ? size + 1 : count
}

// Decodes the percent escapes of a query to bytes (protocol rules HTTP-01 to HTTP-04). Info hashes are not text: a
// Unicode decoder would turn them into other hashes, so nothing here uses a character set.

const PERCENT = 0x25
const PLUS = 0x2b

/** By byte: the value of a hex digit, or -1. Branches would be mispredicted: the digits of hashes are random. */
export const HEX_DIGITS = new Int8Array(256).fill(-1)
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16)
  HEX_DIGITS[text.charCodeAt(0)] = digit
  HEX_DIGITS[text.toUpperCase().charCodeAt(0)] = digit
}

/** Of a character code: the value of a hex digit, or -1. */
export function hexDigit(code: number): number {
  return code < HEX_DIGITS.length ? HEX_DIGITS[code] : -1
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
  const digits = HEX_DIGITS
  let count = 0
  let i = from
  while (i < to) {
    let code = source[i]
    if (code === PERCENT) {
      if (i + 2 >= to) return -1
      code = (digits[source[i + 1]] << 4) | digits[source[i + 2]]
      if (code < 0) return -1
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

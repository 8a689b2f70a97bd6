// Decimal numbers of a query: one to twenty ASCII digits and nothing else (protocol rule HTTP-14). JavaScript's own
// conversions read '' as 0, accept spaces, signs and exponents, and lose digits above 2^53.

const MAX_DIGITS = 20
/** Numbers of so many digits are below 2^31. */
const SMALL_DIGITS = 9
const TWO_TO_32 = 0x100000000

/** The number in the bytes `from` to `to`, clamped to 2^31-1; -1 if it is not a number. */
export function readSmallDecimal(source: Uint8Array, from: number, to: number): number {
  if (to - from <= SMALL_DIGITS) return readDigits(source, from, to)
  if (!isDecimal(source, from, to)) return -1
  let value = 0
  // Exact below 2^53; beyond that it only has to stay large.
  for (let i = from; i < to; i++) value = value * 10 + source[i] - 0x30
  return Math.min(value, 0x7fffffff)
}

/**
 * Writes the number as 8 bytes, big endian, clamped to 2^63-1, and returns true; writes nothing and returns false if it
 * is not a number.
 */
export function copyLargeDecimal(
  source: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  at: number,
): boolean {
  if (to - from <= SMALL_DIGITS) {
    const value = readDigits(source, from, to)
    if (value < 0) return false
    writeWord(target, at, 0)
    writeWord(target, at + 4, value)
    return true
  }
  if (!isDecimal(source, from, to)) return false
  // Two halves of 32 bits in doubles: each step stays far below 2^53.
  let high = 0
  let low = 0
  for (let i = from; i < to; i++) {
    low = low * 10 + source[i] - 0x30
    const carry = Math.floor(low / TWO_TO_32)
    low -= carry * TWO_TO_32
    high = high * 10 + carry
  }
  if (high > 0x7fffffff) {
    high = 0x7fffffff
    low = 0xffffffff
  }
  writeWord(target, at, high | 0)
  writeWord(target, at + 4, low | 0)
  return true
}

/** The number in at most nine bytes; -1 if it is not a number. */
function readDigits(source: Uint8Array, from: number, to: number): number {
  if (to === from) return -1
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = source[i] - 0x30
    if (digit < 0 || digit > 9) return -1
    value = (Math.imul(value, 10) + digit) | 0
  }
  return value
}

function isDecimal(source: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_DIGITS) return false
  for (let i = from; i < to; i++) {
    const code = source[i]
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}

// Info hashes outside the hot lane: 20 bytes as 40 lower-case hex digits, and their conversion to and from the words
// that swarm memory and access tables hold (BEP 3; of a v2 hash the first 20 bytes, BEP 52).

declare const isInfoHash: unique symbol
/** 40 lower-case hex digits. */
export type InfoHash = string & { readonly [isInfoHash]: true }

const INFO_HASH_BYTES = 20
export const INFO_HASH_WORDS = 5

const FORTY_DIGITS = /^[0-9a-f]{40}$/i
const DIGIT_CODES = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** 40 hex digits of either case; undefined for anything else. */
export function readInfoHash(text: string): InfoHash | undefined {
  return FORTY_DIGITS.test(text) ? (text.toLowerCase() as InfoHash) : undefined
}

/** Writes the hash to five words at `at` of `words`, byte for byte as on the wire. */
export function infoHashToWords(infoHash: InfoHash, words: Int32Array, at: number): void {
  const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, INFO_HASH_BYTES)
  for (let i = 0; i < INFO_HASH_BYTES; i++) bytes[i] = (digitAt(infoHash, 2 * i) << 4) | digitAt(infoHash, 2 * i + 1)
}

/**
 * The value of a hex digit: in the lower four bits, letters come 9 after the digits. Fast, because a million hashes are
 * read at start.
 */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return (code & 15) + 9 * (code >> 6)
}

/** A plain array, because a typed one is slow to pass as arguments. */
const digits = new Array<number>(2 * INFO_HASH_BYTES).fill(0)

/** Reads the hash from five words at `at` of `words`. Makes no string but the result: lists have millions. */
export function infoHashFromWords(words: Int32Array, at: number): InfoHash {
  const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, INFO_HASH_BYTES)
  for (let i = 0; i < INFO_HASH_BYTES; i++) {
    digits[2 * i] = DIGIT_CODES[bytes[i] >> 4]
    digits[2 * i + 1] = DIGIT_CODES[bytes[i] & 15]
  }
  return String.fromCharCode(...digits) as InfoHash
}

// The shared memory of the rate limits (protocol rule SEC-03): a table for each kind of request and each level, all of
// a fixed size, so that the number of clients changes nothing.
//
//   head      16 words          the two words of the hash key
//   tables    8192 lines each   a line is 16 words, one cache line: four entries
//   entry      4 words          first and second word of the address or prefix, its mark, and when its debt is paid
//
// A mark is 0 for an empty entry, else 1 for IPv4 and 2 for IPv6, whose first 64 bits count. For IPv4 the second word
// is 0.

/** Kinds of requests that have a rate of their own. */
export const RateKind = {
  Connect: 0,
  Announce: 1,
  Scrape: 2,
  /** Error replies over UDP. */
  Error: 3,
  /** Announces and scrapes over HTTP. */
  HttpRequest: 4,
} as const
export type RateKind = (typeof RateKind)[keyof typeof RateKind]

/** The address itself, and the prefix above it. */
export const RateLevel = { Address: 0, Prefix: 1 } as const
export type RateLevel = (typeof RateLevel)[keyof typeof RateLevel]

export const EntryWord = { First: 0, Second: 1, Mark: 2, PaidAt: 3 } as const
export const ENTRY_WORDS = 4
export const LINE_WORDS = 16
/** A power of two. */
export const RATE_LINES = 8192

const HEAD_WORDS = 16
const TABLE_WORDS = RATE_LINES * LINE_WORDS
const LEVELS = Object.keys(RateLevel).length
const TABLES = Object.keys(RateKind).length * LEVELS

/** `secret`: 8 bytes that cannot be guessed. */
export function createRateMemory(secret: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer((HEAD_WORDS + TABLES * TABLE_WORDS) * Int32Array.BYTES_PER_ELEMENT)
  const key = new DataView(secret.buffer, secret.byteOffset, 8)
  new Int32Array(memory).set([key.getInt32(0), key.getInt32(4)])
  return memory
}

/** The words of the hash key. */
export function rateKeyOf(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, 0, 2)
}

/** The words of one table. */
export function rateTableOf(memory: SharedArrayBuffer, kind: RateKind, level: RateLevel): Int32Array {
  const table = kind * LEVELS + level
  const at = (HEAD_WORDS + table * TABLE_WORDS) * Int32Array.BYTES_PER_ELEMENT
  return new Int32Array(memory, at, TABLE_WORDS)
}

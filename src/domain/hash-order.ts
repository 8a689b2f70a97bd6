// Ordering info hashes: words that compare as numbers, instead of 20 single bytes.

const bytes = new Uint8Array(4)
const word = new Int32Array(bytes.buffer)
/** True where the first byte of a word in memory is its lowest one. */
const IS_LITTLE_ENDIAN = (() => {
  word[0] = 1
  return bytes[0] === 1
})()

/** The number in a word's four network bytes, as a signed integer; also the inverse. */
export function networkWord(word: number): number {
  if (!IS_LITTLE_ENDIAN) return word
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}

/** A signed integer that sorts like the bytes of a word of an info hash. */
export function sortKeyOf(word: number): number {
  return networkWord(word) ^ 0x80000000
}

/** The word with that sort key. */
export function wordOfSortKey(sortKey: number): number {
  return networkWord(sortKey ^ 0x80000000)
}

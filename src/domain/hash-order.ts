// Info hashes in order: words that can be compared as numbers, instead of 20 bytes one by one.

const bytes = new Uint8Array(4)
const word = new Int32Array(bytes.buffer)
/** True where the first byte of a word in memory is its lowest one. */
const IS_LITTLE_ENDIAN = (() => {
  word[0] = 1
  return bytes[0] === 1
})()

/** The number that a word's four network bytes mean, as a signed integer; and from there back. */
export function networkWord(word: number): number {
  if (!IS_LITTLE_ENDIAN) return word
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}

/** Rises, as a signed integer, with the bytes of a word of an info hash. */
export function sortKeyOf(word: number): number {
  return networkWord(word) ^ 0x80000000
}

/** The word whose order it is. */
export function wordOfSortKey(sortKey: number): number {
  return networkWord(sortKey ^ 0x80000000)
}

// The time that the stamps of a memory count from, in two words: one word would overflow in 2038, or in 2106 unsigned.

const WORD = 2 ** 32

/** `seconds` are whole seconds since 1970; `low` and `high` are the indices of the two words. */
export function writeEpoch(words: Int32Array, low: number, high: number, seconds: number): void {
  words[low] = seconds
  words[high] = Math.floor(seconds / WORD)
}

export function readEpoch(words: Int32Array, low: number, high: number): number {
  return words[high] * WORD + (words[low] >>> 0)
}

// How evenly crafted keys spread over slots.

export const KEYS = 100_000
export const SLOTS = 1024

/** Info hashes that agree in their first and last 8 bytes, by the number in between. */
export function crafted(words: Int32Array, n: number): void {
  words.fill(0x41414141)
  words[2] = n
}

/** Pearson's statistic of the keys over slots, in standard deviations from its mean. */
export function unevenness(slotOf: (words: Int32Array) => number, craft = crafted): number {
  const counts = new Int32Array(SLOTS)
  const words = new Int32Array(5)
  for (let n = 0; n < KEYS; n++) {
    craft(words, n)
    counts[slotOf(words)]++
  }
  const expected = KEYS / SLOTS
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return (chi - (SLOTS - 1)) / Math.sqrt(2 * (SLOTS - 1))
}

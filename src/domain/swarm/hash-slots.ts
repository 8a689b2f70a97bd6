// Hash tables inside the swarm memory, for lists too long to search from end to end. A slot is one word: 16 bits of the
// key's hash above, a 16-bit value below, 0 when empty. The hash bits alone determine where a slot belongs, so a table
// is resized, or closed up after a removal, without reading a single peer. Linear probing.

/** The smallest table. */
export const MIN_TABLE_LOG2 = 5
const HASH_BITS = 16
const VALUE_MASK = 0xffff

/** How far from its home a pair may be, in slots: anywhere, or near enough to keep every search short. */
export const ANY_REACH = 1 << 17
export const SHORT_REACH = 256

/** What a slot holds, and its two halves. */
function pairOf(hash: number, value: number): number {
  return (hash << HASH_BITS) | value
}

export function hashOfPair(pair: number): number {
  return pair >>> HASH_BITS
}

export function valueOfPair(pair: number): number {
  return pair & VALUE_MASK
}

/** Where the search for a hash begins: its leading bits. */
export function homeSlot(hash: number, log2: number): number {
  return log2 <= HASH_BITS ? hash >> (HASH_BITS - log2) : hash << (log2 - HASH_BITS)
}

export function clearSlots(words: Int32Array, at: number, log2: number): void {
  words.fill(0, at, at + (1 << log2))
}

/** Adds a pair, unless all slots within `reach` are taken; the caller keeps a quarter of all slots empty. */
export function addSlot(words: Int32Array, at: number, log2: number, hash: number, value: number, reach: number): void {
  const mask = (1 << log2) - 1
  let slot = homeSlot(hash, log2)
  for (let looks = 0; looks < reach; looks++) {
    if (words[at + slot] === 0) {
      words[at + slot] = pairOf(hash, value)
      return
    }
    slot = (slot + 1) & mask
  }
}

/** Replaces the value of an existing pair. */
export function changeSlot(words: Int32Array, at: number, log2: number, hash: number, from: number, to: number): void {
  const mask = (1 << log2) - 1
  const pair = pairOf(hash, from)
  let slot = homeSlot(hash, log2)
  while (words[at + slot] !== pair) slot = (slot + 1) & mask
  words[at + slot] = pairOf(hash, to)
}

/** Removes a pair, if present, and moves those behind it forward so that no search stops at the gap. */
export function removeSlot(
  words: Int32Array,
  at: number,
  log2: number,
  hash: number,
  value: number,
  reach: number,
): void {
  const mask = (1 << log2) - 1
  const pair = pairOf(hash, value)
  let gap = homeSlot(hash, log2)
  for (let looks = 1; words[at + gap] !== pair; looks++) {
    if (words[at + gap] === 0 || looks === reach) return
    gap = (gap + 1) & mask
  }
  for (let slot = (gap + 1) & mask; words[at + slot] !== 0; slot = (slot + 1) & mask) {
    const home = homeSlot(hashOfPair(words[at + slot]), log2)
    // A pair may move into the gap unless its home is behind the gap (cyclically, up to its own slot).
    if (((slot - home) & mask) >= ((slot - gap) & mask)) {
      words[at + gap] = words[at + slot]
      gap = slot
    }
  }
  words[at + gap] = 0
}

/** Copies the pairs of one table into another, empty one; those without a free slot within `reach` are left out. */
export function copySlots(
  words: Int32Array,
  from: number,
  fromLog2: number,
  to: number,
  toLog2: number,
  reach: number,
): void {
  const end = from + (1 << fromLog2)
  for (let at = from; at < end; at++) {
    const pair = words[at]
    if (pair !== 0) addSlot(words, to, toLog2, hashOfPair(pair), valueOfPair(pair), reach)
  }
}

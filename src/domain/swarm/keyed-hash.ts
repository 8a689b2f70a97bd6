// Hashes of peer ids and endpoints inside one peer list. Clients choose them, so each hash depends on two secret words
// that are generated with the memory (protocol rule SEC-21). Info hashes, which select slots of large tables, use
// half-siphash.ts.

/**
 * 16 bits, never 0, from `count` halfwords: multiply and fold, keyed at both ends. Used inside one peer list, where a
 * collision costs a comparison.
 */
export function hashHalfwords(halfwords: Uint16Array, at: number, count: number, key0: number, key1: number): number {
  let hash = key0
  for (let i = 0; i < count; i++) hash = fold(hash, halfwords[at + i])
  return finish(hash, key1)
}

/** Of a grouped hash, the bits that depend on the group alone. */
export const GROUP_BITS = 0xfff8

/**
 * The same, but with the upper bits from the first `groupCount` halfwords alone: keys that begin alike have adjacent
 * home slots.
 */
export function hashGrouped(
  halfwords: Uint16Array,
  at: number,
  groupCount: number,
  count: number,
  key0: number,
  key1: number,
): number {
  let hash = key0
  for (let i = 0; i < groupCount; i++) hash = fold(hash, halfwords[at + i])
  const group = finish(hash, key1) & GROUP_BITS
  for (let i = groupCount; i < count; i++) hash = fold(hash, halfwords[at + i])
  return group | (finish(hash, key1) & ~GROUP_BITS) || 1
}

/** The same for `count` words. */
export function hashWords(words: Int32Array, at: number, count: number, key0: number, key1: number): number {
  let hash = key0
  for (let i = 0; i < count; i++) hash = fold(hash, words[at + i])
  return finish(hash, key1)
}

function fold(hash: number, part: number): number {
  const mixed = Math.imul(hash ^ part, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

function finish(hash: number, key1: number): number {
  let mixed = Math.imul(hash ^ key1, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed >>> 16 || 1
}

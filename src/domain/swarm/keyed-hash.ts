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

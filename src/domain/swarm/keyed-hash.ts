// Hashes for keys that strangers choose. Info hashes, peer ids and endpoints must not lead to slots that can be predicted
// (protocol rule SEC-21), so each hash depends on two secret words that are drawn when the memory is made.

/** HalfSipHash-1-3 (Aumasson and Bernstein) over five words. Any 32-bit result. */
export function hashFiveWords(words: Int32Array, at: number, key0: number, key1: number): number {
  let v0 = key0
  let v1 = key1
  let v2 = key0 ^ 0x6c796765
  let v3 = key1 ^ 0x74656462
  for (let i = 0; i < 9; i++) {
    // Five rounds that take a word each, one for the length (20 bytes), then three to finish.
    const word = i < 5 ? words[at + i] : i === 5 ? 20 << 24 : 0
    if (i === 6) v2 ^= 0xff
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  return v1 ^ v3
}

/**
 * 16 bits, never 0, from `count` halfwords: multiply and fold, keyed at both ends. Used inside one peer list, where a
 * collision costs a comparison.
 */
export function hashHalfwords(halfwords: Uint16Array, at: number, count: number, key0: number, key1: number): number {
  let hash = key0
  for (let i = 0; i < count; i++) hash = fold(hash, halfwords[at + i])
  return finish(hash, key1)
}

/** The same from `count` words. */
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

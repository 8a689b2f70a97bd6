// The hash for keys that clients choose and that select slots of large tables: HalfSipHash-1-3 (Aumasson and
// Bernstein). It depends on two secret words, so that an attacker cannot tell which keys share a slot (protocol rule
// SEC-21).

/** The hash of `count` words at `at` of `words`, at most 63 of them. The result is any 32-bit value. */
export function halfSipHash(words: Int32Array, at: number, count: number, key0: number, key1: number): number {
  let v0 = key0
  let v1 = key1
  let v2 = key0 ^ 0x6c796765
  let v3 = key1 ^ 0x74656462
  for (let i = 0; i < count + 4; i++) {
    // A round for each word, one for the length in bytes, then three to finish.
    const word = i < count ? words[at + i] : i === count ? count << 26 : 0
    if (i === count + 1) v2 ^= 0xff
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

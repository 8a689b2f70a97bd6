import { describe, expect, it } from '@jest/globals'
import { randomKey } from '../../../src/application/access/random-key.ts'
import { readAccessKey } from '../../../src/domain/access-key.ts'

describe('a random key', () => {
  it('contains every letter and digit equally often if bytes are uniform', () => {
    let next = 0
    const everyByte = { bytes: (count: number) => Uint8Array.from({ length: count }, () => next++ & 0xff) }
    const counts = new Map<string, number>()
    // 248 of 256 bytes are used; this many keys use whole rounds of them.
    for (let n = 0; n < 248; n++) {
      const key = randomKey(everyByte)
      expect(readAccessKey(key)).toBe(key)
      for (const character of key) counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(counts.size).toBe(62)
    expect(new Set(counts.values())).toEqual(new Set([(248 * 32) / 62]))
  })
})

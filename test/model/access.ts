// Access memory for tests, and entries by number.

import { AccessMemory, createAccessMemory } from '../../src/domain/access/access-memory.ts'
import type { AccessCapacities } from '../../src/domain/access/layout.ts'
import { SeededRandom } from './seeded-random.ts'

export const ACCESS_EPOCH = 1_700_000_000
const SECRET = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])

export function anAccessMemory(capacities: Partial<AccessCapacities> = {}): AccessMemory {
  return new AccessMemory(
    createAccessMemory({ torrents: 1000, keys: 1000, bans: 1000, ...capacities }, SECRET, ACCESS_EPOCH),
  )
}

/** The words of entry number `n`: an info hash if five, a key if eight. */
export function entryWords(n: number, count: 5 | 8): Int32Array {
  const random = new SeededRandom(n)
  return Int32Array.from({ length: count }, () => random.word())
}

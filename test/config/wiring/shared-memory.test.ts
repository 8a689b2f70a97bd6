import { describe, expect, it } from '@jest/globals'
import { CryptoRandomness } from '../../../src/adapters/outbound/system/crypto-randomness.ts'
import { createSharedMemory } from '../../../src/config/wiring/shared-memory.ts'
import { AccessMemory } from '../../../src/domain/access/access-memory.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { DEFAULT_ADDRESS_RULES } from '../../../src/domain/swarm/address-rules.ts'
import { SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { entryWords } from '../../model/access.ts'

const SIZES = {
  swarmBudgetBytes: 16 * 2 ** 20,
  addressRules: DEFAULT_ADDRESS_RULES,
  access: { torrents: 10, keys: 10, bans: 1 },
  threads: 1,
  listeners: 0,
}
const YEAR = 365 * 86_400
const KEY = entryWords(1, 8)

describe('the shared memory of a starting tracker', () => {
  it.each([
    '1970-01-01T00:00:10.5Z',
    '2026-11-27',
    '2038-01-19T03:14:07.9Z',
    '2039-06-01',
    '2106-02-07T06:28:15Z',
    '2200-01-01',
  ])('at %s can store times up to a year before, and keys that really expire', (date) => {
    const wallSeconds = Date.parse(date) / 1000
    const memory = createSharedMemory(SIZES, new CryptoRandomness(), { wallSeconds, monotonicSeconds: 5 })
    expect(new SwarmMemory(memory.swarms).epochSeconds).toBe(Math.floor(wallSeconds) - YEAR)
    // Counted from the date of a clock that is not set yet, the expiry of a present-day key would be out of range.
    const end = Math.max(wallSeconds, Date.parse('2026-11-27') / 1000) + 20 * YEAR
    const keys = new KeyTable(new AccessMemory(memory.access))
    keys.put(KEY, Math.floor(end))
    expect([keys.isValid(KEY, Math.floor(end), true), keys.isValid(KEY, Math.floor(end) + 1, true)]).toEqual([
      true,
      false,
    ])
  })
})

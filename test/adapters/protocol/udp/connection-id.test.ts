import { describe, expect, it } from '@jest/globals'
import { readSocketAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { ConnectionIds } from '../../../../src/adapters/protocol/udp/connection-id.ts'
import { CONNECTION_IDS, KEY, NOW_SECONDS } from '../../../fixtures/udp-vectors.ts'

/** An address as the words from which ids are computed. */
function wordsOf(address: string): { isIPv6: boolean; first: number; second: number } {
  const wire = new DataView(new ArrayBuffer(16))
  readSocketAddress(address, new Uint8Array(wire.buffer), 0)
  return { isIPv6: address.includes(':'), first: wire.getInt32(0, true), second: wire.getInt32(4, true) }
}

function idsAt(nowSeconds: number, maxAgeSeconds = 3600, key: Uint8Array = KEY): ConnectionIds {
  const ids = new ConnectionIds(key)
  ids.setMaxAge(maxAgeSeconds)
  ids.setTime(nowSeconds)
  return ids
}

function issue(ids: ConnectionIds, address: string): { high: number; low: number } {
  const { isIPv6, first, second } = wordsOf(address)
  ids.issue(isIPv6, first, second)
  return { high: ids.high, low: ids.low }
}

function isValid(ids: ConnectionIds, address: string, id: { high: number; low: number }): boolean {
  const { isIPv6, first, second } = wordsOf(address)
  return ids.isValid(isIPv6, first, second, id.high, id.low)
}

function hex({ high, low }: { high: number; low: number }): string {
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

const ADDRESS = '203.0.113.7'
const FRESH = issue(idsAt(NOW_SECONDS), ADDRESS)

describe('ConnectionIds', () => {
  it.each(CONNECTION_IDS)('issues $id to $address in slot +$slot', ({ address, slot, id }) => {
    expect(hex(issue(idsAt(NOW_SECONDS + slot * 32), address))).toBe(id)
  })

  it.each(CONNECTION_IDS)('accepts $id from $address in slot +$slot', ({ address, slot, id }) => {
    const ids = idsAt(NOW_SECONDS + slot * 32)
    const wire = new DataView(new Uint8Array(Buffer.from(id, 'hex')).buffer)
    expect(isValid(ids, address, { high: wire.getInt32(0), low: wire.getInt32(4) })).toBe(true)
  })

  it('rejects the id of another address', () => {
    expect(isValid(idsAt(NOW_SECONDS), '203.0.113.8', FRESH)).toBe(false)
  })

  it('binds an IPv6 id to the /64 and no further', () => {
    const id = issue(idsAt(NOW_SECONDS), '2001:db8:1:2:3:4:5:6')
    expect(isValid(idsAt(NOW_SECONDS), '2001:db8:1:2::99', id)).toBe(true)
    expect(isValid(idsAt(NOW_SECONDS), '2001:db8:1:3::99', id)).toBe(false)
  })

  it('rejects an id with any of its 64 bits flipped', () => {
    const ids = idsAt(NOW_SECONDS)
    const accepted = Array.from({ length: 64 }, (_, bit) => ({
      high: bit < 32 ? FRESH.high ^ (1 << bit) : FRESH.high,
      low: bit < 32 ? FRESH.low : FRESH.low ^ (1 << (bit - 32)),
    })).filter((id) => isValid(ids, ADDRESS, id))
    expect(accepted).toEqual([])
  })

  it('rejects an id issued with another key', () => {
    const otherKey = KEY.map((byte) => byte ^ 0x55)
    expect(isValid(idsAt(NOW_SECONDS, undefined, otherKey), ADDRESS, FRESH)).toBe(false)
  })

  it('accepts none of a million random ids', () => {
    const ids = idsAt(NOW_SECONDS)
    const { first } = wordsOf(ADDRESS)
    let accepted = 0
    let random = 88172645
    const next = (): number => {
      random ^= random << 13
      random ^= random >>> 17
      random ^= random << 5
      return random
    }
    for (let round = 0; round < 1_000_000; round++) if (ids.isValid(false, first, 0, next(), next())) accepted++
    expect(accepted).toBe(0)
  })

  it.each([0, 31, 120, 151, 3600])(
    'accepts an id %i s after its slot began, for a maximum age of an hour',
    (ageSeconds) => {
      expect(isValid(idsAt(NOW_SECONDS + ageSeconds), ADDRESS, FRESH)).toBe(true)
    },
  )

  it.each([3664, 3700, 7200, 8192])(
    'rejects an id %i s after its slot began, for a maximum age of an hour',
    (ageSeconds) => {
      expect(isValid(idsAt(NOW_SECONDS + ageSeconds), ADDRESS, FRESH)).toBe(false)
    },
  )

  it('accepts ids for two minutes even if configured to be stricter', () => {
    expect(isValid(idsAt(NOW_SECONDS + 31 + 120, 1), ADDRESS, FRESH)).toBe(true)
    expect(isValid(idsAt(NOW_SECONDS + 160, 1), ADDRESS, FRESH)).toBe(false)
  })

  it('accepts ids for two minutes until a maximum age is set', () => {
    const ids = new ConnectionIds(KEY)
    ids.setTime(NOW_SECONDS + 151)
    expect(isValid(ids, ADDRESS, FRESH)).toBe(true)
    ids.setTime(NOW_SECONDS + 160)
    expect(isValid(ids, ADDRESS, FRESH)).toBe(false)
  })

  it('checks each id by the maximum age that was set last, whatever it was when the id was issued', () => {
    const ids = idsAt(NOW_SECONDS, 120)
    const id = issue(ids, ADDRESS)
    ids.setTime(NOW_SECONDS + 18 * 32)
    const verdicts = [120, 544, 545, 3600, 120].map((maxAgeSeconds) => {
      ids.setMaxAge(maxAgeSeconds)
      return isValid(ids, ADDRESS, id)
    })
    expect(verdicts).toEqual([false, false, true, true, false])
  })

  it('never accepts ids for longer than two hours', () => {
    expect(isValid(idsAt(NOW_SECONDS + 7200, 1_000_000), ADDRESS, FRESH)).toBe(true)
    expect(isValid(idsAt(NOW_SECONDS + 7232, 1_000_000), ADDRESS, FRESH)).toBe(false)
  })

  it('still tells an id that was issued to the address within two hours from a forged one', () => {
    const wasValid = (ids: ConnectionIds, address: string, { high, low }: { high: number; low: number }): boolean => {
      const { isIPv6, first, second } = wordsOf(address)
      return ids.wasValid(isIPv6, first, second, high, low)
    }
    const later = idsAt(NOW_SECONDS + 225 * 32, 120)
    expect(isValid(later, ADDRESS, FRESH)).toBe(false)
    expect(wasValid(later, ADDRESS, FRESH)).toBe(true)
    expect(wasValid(idsAt(NOW_SECONDS + 226 * 32, 120), ADDRESS, FRESH)).toBe(false)
    expect(wasValid(later, '203.0.113.8', FRESH)).toBe(false)
    expect(wasValid(later, ADDRESS, { high: FRESH.high, low: FRESH.low ^ 1 })).toBe(false)
  })

  it('accepts the id of a thread whose clock is one slot ahead, but not of one three slots ahead', () => {
    expect(isValid(idsAt(NOW_SECONDS - 32), ADDRESS, FRESH)).toBe(true)
    expect(isValid(idsAt(NOW_SECONDS - 96), ADDRESS, FRESH)).toBe(false)
  })

  it('accepts ids that were issued before a restart', () => {
    const before = issue(idsAt(NOW_SECONDS), ADDRESS)
    expect(isValid(idsAt(NOW_SECONDS + 60), ADDRESS, before)).toBe(true)
  })

  it.each(['2038-01-19T03:14:07Z', '2106-02-07T06:28:15Z', '2200-01-01T00:00:00Z'])('stay valid across %s', (date) => {
    const end = Date.parse(date) / 1000
    const id = issue(idsAt(end), ADDRESS)
    expect([0, 1, 120, 3560].map((age) => isValid(idsAt(end + age), ADDRESS, id))).toEqual([true, true, true, true])
    expect(isValid(idsAt(end + 3700), ADDRESS, id)).toBe(false)
  })

  it('accepts ids across the wrap of the slot byte', () => {
    const wrap = NOW_SECONDS + (256 - 0x84) * 32
    const id = issue(idsAt(wrap - 32), ADDRESS)
    expect(isValid(idsAt(wrap + 64), ADDRESS, id)).toBe(true)
  })
})

import { beforeEach, describe, expect, it } from '@jest/globals'
import { BanTable } from '../../../src/domain/access/ban-table.ts'
import { Family } from '../../../src/domain/announce.ts'
import { aBanRange } from '../../fixtures/ban-ranges.ts'
import { ACCESS_EPOCH, anAccessMemory } from '../../model/access.ts'

const FOR_EVER = Number.POSITIVE_INFINITY
const NOW = ACCESS_EPOCH + 1_000_000

function bannedUntil(table: BanTable, text: string): number {
  const { bytes } = aBanRange(text)
  const words = new Int32Array(9).fill(-1)
  new Uint8Array(words.buffer).set(bytes, 16)
  return table.bannedUntil(bytes.length === 4 ? Family.IPv4 : Family.IPv6, words, 4)
}

let table: BanTable
let other: BanTable
beforeEach(() => {
  const memory = anAccessMemory({ bans: 4 })
  table = new BanTable(memory)
  other = new BanTable(memory)
})

describe('the table of bans', () => {
  it('has none at first', () => {
    expect(table.hasAny(Family.IPv4) || table.hasAny(Family.IPv6)).toBe(false)
    expect(bannedUntil(table, '192.0.2.1')).toBe(0)
  })

  it.each([
    ['192.0.2.1', ['192.0.2.1'], ['192.0.2.0', '192.0.2.2', '193.0.2.1', '2001:db8::1']],
    ['192.0.2.0/24', ['192.0.2.0', '192.0.2.255'], ['192.0.1.255', '192.0.3.0']],
    ['192.0.2.128/25', ['192.0.2.128'], ['192.0.2.127']],
    ['11.0.0.0/8', ['11.0.0.0', '11.255.255.255'], ['10.255.255.255', '12.0.0.0']],
    ['2001:db8::/32', ['2001:db8::', '2001:db8:ffff::1'], ['2001:db7:ffff::', '2001:db9::']],
    ['2001:db8::/65', ['2001:db8::7fff:0:0:0'], ['2001:db8::8000:0:0:0']],
    ['2001:db8::1', ['2001:db8::1'], ['2001:db8::', '2001:db8::2']],
    ['2001::/16', ['2001:ffff::1'], ['2002::1']],
  ])('covers exactly %s, for every thread', (text, inside, beyond) => {
    expect(table.put(aBanRange(text), undefined)).toBe(true)
    for (const view of [table, other]) {
      expect(inside.map((address) => bannedUntil(view, address))).toEqual(inside.map(() => FOR_EVER))
      expect(beyond.map((address) => bannedUntil(view, address))).toEqual(beyond.map(() => 0))
    }
    expect(table.remove(aBanRange(text))).toBe(true)
    expect(table.remove(aBanRange(text))).toBe(false)
    expect(inside.map((address) => bannedUntil(other, address))).toEqual(inside.map(() => 0))
    expect(other.hasAny(Family.IPv4) || other.hasAny(Family.IPv6)).toBe(false)
  })

  it('keeps a length in use while there is another ban of it', () => {
    table.put(aBanRange('192.0.2.1'), undefined)
    table.put(aBanRange('192.0.2.2'), undefined)
    table.put(aBanRange('192.0.2.0/24'), undefined)
    table.remove(aBanRange('192.0.2.1'))
    expect(table.lengths(Family.IPv4)).toEqual([24, 32])
    expect(bannedUntil(other, '192.0.2.2')).toBe(FOR_EVER)
    table.remove(aBanRange('192.0.2.0/24'))
    table.remove(aBanRange('192.0.2.2'))
    expect(table.lengths(Family.IPv4)).toEqual([])
    expect(other.hasAny(Family.IPv4)).toBe(false)
  })

  it('tells the last end of those that cover an address', () => {
    table.put(aBanRange('192.0.2.1'), NOW + 10)
    expect(bannedUntil(other, '192.0.2.1')).toBe(NOW + 10)
    table.put(aBanRange('192.0.2.0/24'), NOW + 99)
    expect(bannedUntil(other, '192.0.2.1')).toBe(NOW + 99)
    table.put(aBanRange('192.0.2.0/24'), NOW + 5)
    expect(bannedUntil(other, '192.0.2.1')).toBe(NOW + 10)
    expect(table.count).toBe(2)
  })

  it('takes as many as there is room for, and changes nothing beyond', () => {
    for (let host = 1; host <= 4; host++) expect(table.put(aBanRange(`192.0.2.${host}`), undefined)).toBe(true)
    expect(table.put(aBanRange('198.51.100.0/24'), undefined)).toBe(false)
    expect(table.put(aBanRange('192.0.2.4'), NOW)).toBe(true)
    expect(table.lengths(Family.IPv4)).toEqual([32])
    expect(bannedUntil(other, '198.51.100.1')).toBe(0)
    table.remove(aBanRange('192.0.2.1'))
    expect(table.put(aBanRange('198.51.100.0/24'), undefined)).toBe(true)
  })

  it('drops those that have ended, in the second after their last', () => {
    table.put(aBanRange('192.0.2.1'), NOW)
    table.put(aBanRange('192.0.2.2'), NOW + 1)
    table.put(aBanRange('192.0.2.3'), undefined)
    expect(table.removeExpired(0, NOW)).toBeUndefined()
    expect(table.count).toBe(3)
    table.removeExpired(0, NOW + 1)
    expect(bannedUntil(other, '192.0.2.1')).toBe(0)
    expect(table.count).toBe(2)
    table.removeExpired(0, NOW + 1_000_000)
    expect(table.count).toBe(1)
    expect(bannedUntil(other, '192.0.2.3')).toBe(FOR_EVER)
  })

  it('holds what a reload puts, and nothing else', () => {
    table.put(aBanRange('192.0.2.1'), undefined)
    table.put(aBanRange('2001:db8::/32'), undefined)
    table.beginReload()
    table.put(aBanRange('192.0.2.1'), NOW)
    while (!table.endReload());
    expect(bannedUntil(other, '192.0.2.1')).toBe(NOW)
    expect(other.hasAny(Family.IPv6)).toBe(false)
  })
})

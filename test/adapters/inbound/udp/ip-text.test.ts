import { describe, expect, it } from '@jest/globals'
import { readAddress, writeAddress } from '../../../../src/adapters/inbound/udp/ip-text.ts'
import { hexOf } from '../../../fixtures/udp-vectors.ts'

const ADDRESSES = [
  { text: '0.0.0.0', hex: '00000000' },
  { text: '203.0.113.7', hex: 'cb007107' },
  { text: '255.255.255.255', hex: 'ffffffff' },
  { text: '::', hex: '00000000000000000000000000000000' },
  { text: '::1', hex: '00000000000000000000000000000001' },
  { text: '2001:db8::', hex: '20010db8000000000000000000000000' },
  { text: '2001:db8:1:2:3:4:5:6', hex: '20010db8000100020003000400050006' },
  { text: 'fe80::1234:5678', hex: 'fe800000000000000000000012345678' },
] as const

describe('an IP address', () => {
  it.each(ADDRESSES)('$text is $hex on the wire, and back', ({ text, hex }) => {
    const bytes = new Uint8Array(hex.length / 2 + 2).fill(0xaa)
    writeAddress(bytes, 1, text)
    expect(hexOf(bytes)).toBe(`aa${hex}aa`)
    expect(readAddress(bytes.slice(1, -1))).toBe(text)
  })

  it.each([
    { text: '::ffff:203.0.113.7', hex: '00000000000000000000ffffcb007107' },
    { text: '::ffff:7f00:1', hex: '00000000000000000000ffff7f000001' },
    { text: 'fe80::1%eth0', hex: 'fe800000000000000000000000000001' },
  ])('may be spelt $text', ({ text, hex }) => {
    const bytes = new Uint8Array(16)
    writeAddress(bytes, 0, text)
    expect(hexOf(bytes)).toBe(hex)
  })
})

import { isIP } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  IpAddress,
  readAddress,
  readSocketAddress,
  writeIPv4,
  writeIPv6,
} from '../../../src/adapters/protocol/address-text.ts'
import { Family } from '../../../src/domain/announce.ts'

function read(text: string): string | undefined {
  const address = new IpAddress()
  if (!readAddress(text, 0, text.length, address)) return undefined
  return Buffer.from(address.bytes).toString('hex', 0, address.family === Family.IPv4 ? 4 : 16)
}

function write(bytes: Uint8Array): string {
  const out = new Uint8Array(64)
  const end = bytes.length === 4 ? writeIPv4(bytes, 0, out, 5) : writeIPv6(bytes, 0, out, 5)
  return Buffer.from(out.subarray(5, end)).toString('latin1')
}

describe('readAddress', () => {
  it.each([
    ['203.0.113.7', 'cb007107'],
    ['0.0.0.0', '00000000'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '00'.repeat(16)],
    ['::1', `${'00'.repeat(15)}01`],
    ['1::', `0001${'00'.repeat(14)}`],
    ['2001:DB8::a', '20010db800000000000000000000000a'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::2:3:4:5:6:7:8', '00000002000300040005000600070008'],
    ['64:ff9b::192.0.2.33', 'c0000221'],
    ['::ffff:203.0.113.7', 'cb007107'],
    ['::ffff:cb00:7107', 'cb007107'],
    ['64:ff9b::203.0.113.7', 'cb007107'],
    ['64:ff9b::cb00:7107', 'cb007107'],
    ['0064:ff9b:0:0:0:0:cb00:7107', 'cb007107'],
    ['64:ff9b:1::cb00:7107', '0064ff9b0001000000000000cb007107'],
    ['64:ff9b::1:cb00:7107', '0064ff9b0000000000000001cb007107'],
    ['64:ff9a::cb00:7107', '0064ff9a0000000000000000cb007107'],
    ['::cb00:7107', '000000000000000000000000cb007107'],
  ])('reads %s as %s', (text, hex) => {
    expect(read(text)).toBe(hex)
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '1..2.3',
    '1.2.3.4 ',
    ':',
    ':::',
    ':1',
    '1:',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '12345::',
    '::g',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1.2.3',
    '[::1]',
    'fe80::1%eth0',
    'localhost',
    'unknown',
  ])('rejects %p', (text) => {
    expect(read(text)).toBeUndefined()
  })

  it('accepts exactly the addresses that node:net accepts', () => {
    const part = fc.constantFrom(':', '::', '.', '0', '1', '25', '255', '256', 'ffff', 'a0', '::ffff:', '1.2.3.4')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 16 }), (parts) => {
        const text = parts.join('')
        expect(read(text) !== undefined).toBe(isIP(text) !== 0)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('readSocketAddress', () => {
  it.each([
    ['0.0.0.0', '00000000'],
    ['203.0.113.7', 'cb007107'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::', '20010db8000000000000000000000000'],
    ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
    ['fe80::1234:5678', 'fe800000000000000000000012345678'],
  ])('reads %s as %s without touching other bytes, and writes it the same', (text, hex) => {
    const bytes = new Uint8Array(hex.length / 2 + 2).fill(0xaa)
    expect(readSocketAddress(text, bytes, 1)).toBe(true)
    expect(Buffer.from(bytes).toString('hex')).toBe(`aa${hex}aa`)
    expect(write(bytes.slice(1, -1))).toBe(text)
  })

  it.each([
    ['::ffff:203.0.113.7', '00000000000000000000ffffcb007107'],
    ['::ffff:7f00:1', '00000000000000000000ffff7f000001'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ])('reads %s as %s', (text, hex) => {
    const bytes = new Uint8Array(16).fill(0xaa)
    expect(readSocketAddress(text, bytes, 0)).toBe(true)
    expect(Buffer.from(bytes).toString('hex')).toBe(hex)
  })

  it.each(['', 'localhost', '1.2.3.4%eth0', '1.2.3.4:80', '%eth0', '1::2::3'])('rejects %p', (text) => {
    expect(readSocketAddress(text, new Uint8Array(16), 0)).toBe(false)
  })
})

describe('writeIPv4 and writeIPv6', () => {
  it.each([
    '0.0.0.0',
    '198.51.100.10',
    '255.255.255.255',
    '::',
    '::1',
    '1::',
    '2001:db8::a',
    '2001:db8:0:1:1:1:1:1',
    '2001:db8::1:0:0:1',
    '2001:0:0:1::1',
    '1:2:3:4:5:6:7:8',
    '0:2:3:4:5:6:7:0',
  ])('write %s as it was read', (text) => {
    expect(write(Buffer.from(read(text) as string, 'hex'))).toBe(text)
  })

  it('write any address so that it can be read back', () => {
    const zeroes = fc.constantFrom(0, 0, 0, 1, 16, 255)
    const bytes = fc.oneof(
      fc.array(zeroes, { minLength: 4, maxLength: 4 }),
      fc.array(zeroes, { minLength: 16, maxLength: 16 }).map(([, ...rest]) => [32, ...rest]),
    )
    fc.assert(
      fc.property(bytes, (address) => {
        expect(read(write(Uint8Array.from(address)))).toBe(Buffer.from(address).toString('hex'))
      }),
    )
  })
})

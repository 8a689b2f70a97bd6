import { describe, expect, it } from '@jest/globals'
import { writeEndpoint, writeHostPort } from '../../../src/adapters/protocol/endpoint-text.ts'

function endpoint(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

describe('an endpoint as text', () => {
  it.each([
    ['c0a80158 448c', '192.168.1.88:17548'],
    ['00000000 0001', '0.0.0.0:1'],
    ['00000000 00000000 00000000 00000001 448c', '[::1]:17548'],
    ['00000000 00000000 00000000 00000000 ffff', '[::]:65535'],
    ['20010db8 00000000 00000000 00000001 1ae1', '[2001:db8::1]:6881'],
    ['20010db8 00000001 00010001 00010001 1ae1', '[2001:db8:0:1:1:1:1:1]:6881'],
    ['20010000 00000001 00000000 00000001 1ae1', '[2001:0:0:1::1]:6881'],
    ['fe800000 00000000 00000000 00000000 1ae1', '[fe80::]:6881'],
  ])('%s is %s', (hex, text) => {
    expect(writeEndpoint(endpoint(hex))).toBe(text)
  })

  it('is the same for an address given as text, and has no brackets for a name', () => {
    expect([writeHostPort('::', 80), writeHostPort('192.0.2.1', 80), writeHostPort('localhost', 80)]).toEqual([
      '[::]:80',
      '192.0.2.1:80',
      'localhost:80',
    ])
  })
})

import { describe, expect, it } from '@jest/globals'
import { SipHash } from '../../../../src/adapters/protocol/udp/siphash.ts'
import { KEY } from '../../../fixtures/udp-vectors.ts'

describe('SipHash', () => {
  it("returns its authors' reference value for the bytes 00 to 0e", () => {
    const hash = new SipHash(KEY)
    hash.hash(0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c)
    expect([hash.high >>> 0, hash.low >>> 0]).toEqual([0xa129ca61, 0x49be45e5])
  })

  it('returns another value for another key', () => {
    const hash = new SipHash(KEY.map((byte) => byte ^ 1))
    hash.hash(0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c)
    expect([hash.high >>> 0, hash.low >>> 0]).not.toEqual([0xa129ca61, 0x49be45e5])
  })
})

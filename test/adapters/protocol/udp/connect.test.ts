import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  hasMagic,
  readConnectReply,
  writeConnectReply,
  writeConnectRequest,
} from '../../../../src/adapters/protocol/udp/connect.ts'
import { bytesOf, CONNECT_REPLY, CONNECT_REQUEST, hexOf, REPLIES } from '../../../fixtures/udp-vectors.ts'

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

describe('connect', () => {
  it('is written as laid out by hand', () => {
    const bytes = new Uint8Array(16)
    expect(writeConnectRequest(viewOf(bytes), 0, 0x3f2a1b0c)).toBe(16)
    expect(hexOf(bytes)).toBe(CONNECT_REQUEST)
  })

  it('is recognised by its magic, whatever the bytes before it', () => {
    const bytes = new Uint8Array([9, 9, 9, ...bytesOf(CONNECT_REQUEST)])
    expect(hasMagic(viewOf(bytes), 3)).toBe(true)
    expect(hasMagic(viewOf(bytes), 2)).toBe(false)
  })

  it.each(['0000000000000000', '8019102717040000', '0000041727101981'])('does not treat %s as the magic', (magic) => {
    expect(hasMagic(viewOf(bytesOf(magic)), 0)).toBe(false)
  })

  it('is answered as laid out by hand', () => {
    const bytes = new Uint8Array(16)
    expect(writeConnectReply(viewOf(bytes), 0, 0x3f2a1b0c, 0x84789586 | 0, 0x864995b4 | 0)).toBe(16)
    expect(hexOf(bytes)).toBe(CONNECT_REPLY)
  })

  it('is read back from a reply as it was written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (transactionId, high, low) => {
        const wire = new DataView(new ArrayBuffer(16))
        writeConnectReply(wire, 0, transactionId, high, low)
        const connectionId = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
        expect(readConnectReply(wire)).toEqual({ transactionId, connectionId })
      }),
    )
  })

  it('rejects every other reply', () => {
    const others = REPLIES.filter((reply) => reply !== CONNECT_REPLY)
    expect(others.filter((reply) => readConnectReply(viewOf(bytesOf(reply))) !== undefined)).toEqual([])
  })

  it('reads any bytes without throwing, and rejects fewer than 16', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const reply = readConnectReply(viewOf(bytes))
        if (bytes.length < 16) expect(reply).toBeUndefined()
      }),
    )
  })
})

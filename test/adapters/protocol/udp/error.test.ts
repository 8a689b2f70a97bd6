import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  encodeErrorText,
  errorReplyBytes,
  readErrorReply,
  writeErrorReply,
} from '../../../../src/adapters/protocol/udp/error.ts'
import {
  anError,
  bytesOf,
  ERROR_MISMATCH,
  ERROR_PORT,
  ERROR_UNREGISTERED,
  hexOf,
} from '../../../fixtures/udp-vectors.ts'

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

describe('an error reply', () => {
  it.each([
    { text: 'Connection ID mismatch.', wire: ERROR_MISMATCH },
    { text: 'invalid port', wire: ERROR_PORT },
    { text: 'unregistered torrent', wire: ERROR_UNREGISTERED },
  ])('is written as laid out by hand: "$text"', ({ text, wire }) => {
    const encoded = encodeErrorText(text)
    const bytes = new Uint8Array(errorReplyBytes(encoded))
    expect(writeErrorReply(viewOf(bytes), 0, 0x3f2a1b0c, encoded)).toBe(bytes.length)
    expect(hexOf(bytes)).toBe(wire)
    expect(anError(text)).toBe(wire)
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'binary-ascii', maxLength: 90 }), (transactionId, text) => {
        const message = text.replaceAll('\0', '')
        const encoded = encodeErrorText(message)
        const bytes = new Uint8Array(errorReplyBytes(encoded))
        writeErrorReply(viewOf(bytes), 0, transactionId, encoded)
        expect(readErrorReply(viewOf(bytes))).toEqual({ transactionId, message })
      }),
    )
  })

  it('is read without the NUL that some trackers append', () => {
    expect(readErrorReply(viewOf(bytesOf(`${ERROR_PORT}00`)))?.message).toBe('invalid port')
  })

  it('is read from any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const error = new Uint8Array([0, 0, 0, 3, ...bytes])
        expect(readErrorReply(viewOf(error)) === undefined).toBe(bytes.length < 4)
      }),
    )
  })
})

// The error reply (BEP 15, "Error response"). Texts are constants, encoded once: nothing that a client sends is
// ever echoed (SEC-24).

import { Action, REPLY_HEADER_BYTES } from './layout.ts'

/** An encoded text, ready to be written. */
export type ErrorText = Uint8Array

export function encodeErrorText(text: string): ErrorText {
  return new TextEncoder().encode(text)
}

/** Length of the reply with this text. */
export function errorReplyBytes(text: ErrorText): number {
  return REPLY_HEADER_BYTES + text.length
}

/** Writes an error reply and returns its length. No trailing NUL: the datagram's length marks the end. */
export function writeErrorReply(wire: DataView, at: number, transactionId: number, text: ErrorText): number {
  const length = text.length
  wire.setInt32(at, Action.Error)
  wire.setInt32(at + 4, transactionId)
  for (let index = 0; index < length; index++) wire.setUint8(at + REPLY_HEADER_BYTES + index, text[index])
  return REPLY_HEADER_BYTES + length
}

export interface ErrorReply {
  readonly transactionId: number
  readonly message: string
}

/** The error reply in `wire`; undefined for anything else. The NUL that some trackers append is removed. */
export function readErrorReply(wire: DataView): ErrorReply | undefined {
  if (wire.byteLength < REPLY_HEADER_BYTES || wire.getInt32(0) !== Action.Error) return undefined
  const text = new Uint8Array(wire.buffer, wire.byteOffset + REPLY_HEADER_BYTES, wire.byteLength - REPLY_HEADER_BYTES)
  return { transactionId: wire.getInt32(4), message: new TextDecoder().decode(text).replace(/\0+$/, '') }
}

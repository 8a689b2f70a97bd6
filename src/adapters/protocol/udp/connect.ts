// The connect exchange (BEP 15): a client proves that it receives datagrams at its source address.

import { ACTION_AT, Action, CONNECT_REPLY_BYTES, MAGIC_HIGH, MAGIC_LOW, REQUEST_HEADER_BYTES } from './layout.ts'

/** Whether the connect request at `at` has the protocol magic. */
export function hasMagic(wire: DataView, at: number): boolean {
  return wire.getInt32(at) === MAGIC_HIGH && wire.getInt32(at + 4) === MAGIC_LOW
}

/** Writes a connect reply and returns its length. */
export function writeConnectReply(
  wire: DataView,
  at: number,
  transactionId: number,
  idHigh: number,
  idLow: number,
): number {
  wire.setInt32(at, Action.Connect)
  wire.setInt32(at + 4, transactionId)
  wire.setInt32(at + 8, idHigh)
  wire.setInt32(at + 12, idLow)
  return CONNECT_REPLY_BYTES
}

/** Writes a connect request and returns its length. */
export function writeConnectRequest(wire: DataView, at: number, transactionId: number): number {
  wire.setInt32(at, MAGIC_HIGH)
  wire.setInt32(at + 4, MAGIC_LOW)
  wire.setInt32(at + ACTION_AT, Action.Connect)
  wire.setInt32(at + 12, transactionId)
  return REQUEST_HEADER_BYTES
}

export interface ConnectReply {
  readonly transactionId: number
  /** The connection id as the 64 bits that the following requests begin with. */
  readonly connectionId: bigint
}

/** The connect reply in `wire`; undefined for anything else. */
export function readConnectReply(wire: DataView): ConnectReply | undefined {
  return wire.byteLength >= CONNECT_REPLY_BYTES && wire.getInt32(0) === Action.Connect
    ? { transactionId: wire.getInt32(4), connectionId: wire.getBigUint64(8) }
    : undefined
}

// Parses the values of an announce. What makes no sense is a usage error.

import { InvalidArgumentError } from 'commander'

const PEER_ID_BYTES = 20

export function portArgument(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port > 0 && port < 65_536) return port
  throw new InvalidArgumentError('It must be a port, 1 to 65535.')
}

export function bytesArgument(text: string): bigint {
  const bytes = /^\d{1,19}$/.test(text) ? BigInt(text) : -1n
  if (bytes >= 0n && bytes < 2n ** 63n) return bytes
  throw new InvalidArgumentError('It must be a number of bytes.')
}

export function peerIdArgument(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length === PEER_ID_BYTES) return bytes
  throw new InvalidArgumentError(`It must have ${PEER_ID_BYTES} bytes, not ${bytes.length}.`)
}

export function keyArgument(text: string): number {
  const key = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (key >= -(2 ** 31) && key < 2 ** 32) return key
  throw new InvalidArgumentError('It must be a number of 32 bits.')
}

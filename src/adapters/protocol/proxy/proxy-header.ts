// The PROXY protocol, versions 1 and 2 (HAProxy's specification "The PROXY protocol"): the header with which a proxy
// begins a connection, to name the client whose bytes follow. The first bytes show which version it is.

import { BINARY_SIGNATURE, readBinaryHeader } from './binary-header.ts'
import type { ProxyHeaderReading } from './proxied-connection.ts'
import { readTextHeader, TEXT_SIGNATURE } from './text-header.ts'

export function readProxyHeader(bytes: Buffer): ProxyHeaderReading {
  if (beginsLike(bytes, TEXT_SIGNATURE)) return readTextHeader(bytes)
  return beginsLike(bytes, BINARY_SIGNATURE) ? readBinaryHeader(bytes) : 'malformed'
}

/** As far as there are bytes. */
function beginsLike(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length)
  return bytes.compare(signature, 0, length, 0, length) === 0
}

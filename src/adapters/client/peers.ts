// The peers of an answer, from either form of the wire.

import { isIP } from 'node:net'
import { Family } from '../../domain/announce.ts'
import { writeAddressBytes } from '../protocol/endpoint-text.ts'
import type { ListedPeer } from '../protocol/http/peer-list-reader.ts'
import type { IpFamily } from './resolve-host.ts'
import type { TrackerPeer } from './tracker-client.ts'

const PORT_BYTES = 2

/** Compact peers of one family, a whole number of them. */
export function compactPeers(bytes: Uint8Array, family: IpFamily): readonly TrackerPeer[] {
  const peerBytes = (family === 6 ? 16 : 4) + PORT_BYTES
  return Array.from({ length: bytes.length / peerBytes }, (_, index) => {
    const portAt = (index + 1) * peerBytes - PORT_BYTES
    const address = writeAddressBytes(bytes.subarray(index * peerBytes, portAt))
    return { address, port: (bytes[portAt] << 8) | bytes[portAt + 1], family }
  })
}

export function trackerPeer({ family, address, port, peerId }: ListedPeer): TrackerPeer {
  const id = peerId === undefined ? {} : { peerId }
  if (typeof address !== 'string') {
    return { address: writeAddressBytes(address), port, family: family === Family.IPv6 ? 6 : 4, ...id }
  }
  const version = isIP(address)
  return { address, port, family: version === 4 || version === 6 ? version : undefined, ...id }
}

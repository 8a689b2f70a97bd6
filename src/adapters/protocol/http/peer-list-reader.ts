// The peers in the reply of an HTTP tracker: compact (BEP 23, BEP 7) or a list of dictionaries (BEP 3).

import { Family } from '../../../domain/announce.ts'
import type { Deviations } from '../deviations.ts'
import { type Bencoded, textOfBytes } from './bencode-reader.ts'

/** A peer's address in network bytes (4 or 16) or as the text the tracker gave, and its port. */
export interface ListedPeer {
  readonly family?: Family
  readonly address: Uint8Array | string
  readonly port: number
  readonly peerId?: Uint8Array
}

/** The longest name of a host. */
const MAX_ADDRESS_LENGTH = 253
const MAX_PORT = 65_535

/**
 * Undefined if `value`, the reply's `name`, is not a list of peers. With `deviations`, leaves out and notes what cannot
 * be read.
 */
export function readPeerList(
  value: Bencoded | undefined,
  name: 'peers' | 'peers6',
  deviations?: Deviations,
): readonly ListedPeer[] | undefined {
  if (value === undefined) return []
  if (Array.isArray(value)) return readList(value, deviations)
  if (isByteString(value)) return readCompact(value, name, deviations)
  deviations?.note(`${name} is neither a byte string nor a list`)
  return deviations && []
}

function readCompact(
  value: Uint8Array,
  name: 'peers' | 'peers6',
  deviations: Deviations | undefined,
): readonly ListedPeer[] | undefined {
  const family = name === 'peers' ? Family.IPv4 : Family.IPv6
  const addressBytes = family === Family.IPv4 ? 4 : 16
  const peerBytes = addressBytes + 2
  if (value.length % peerBytes !== 0) {
    if (deviations === undefined) return undefined
    deviations.note(`the length of ${name} is not a multiple of ${peerBytes}`)
  }
  return Array.from({ length: Math.floor(value.length / peerBytes) }, (_, index) => {
    const portAt = index * peerBytes + addressBytes
    return {
      family,
      address: value.subarray(index * peerBytes, portAt),
      port: (value[portAt] << 8) | value[portAt + 1],
    }
  })
}

function readList(items: readonly Bencoded[], deviations: Deviations | undefined): readonly ListedPeer[] | undefined {
  const peers: ListedPeer[] = []
  for (const item of items) {
    const peer = readListedPeer(item)
    if (peer !== undefined) peers.push(peer)
    else if (deviations === undefined) return undefined
    else deviations.note('a peer in the list lacks its address or its port')
  }
  return peers
}

function readListedPeer(item: Bencoded): ListedPeer | undefined {
  if (!(item instanceof Map)) return undefined
  const [ip, port, peerId] = [item.get('ip'), item.get('port'), item.get('peer id')]
  if (!isByteString(ip) || ip.length === 0 || ip.length > MAX_ADDRESS_LENGTH) return undefined
  if (typeof port !== 'number' || port < 0 || port > MAX_PORT) return undefined
  const address = textOfBytes(ip)
  return isByteString(peerId) ? { address, port, peerId } : { address, port }
}

// `isView` rather than `instanceof`: tests run in a separate realm.
export function isByteString(value: Bencoded | undefined): value is Uint8Array {
  return ArrayBuffer.isView(value)
}

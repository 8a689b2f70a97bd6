// Reads the reply of an HTTP tracker for a client (BEP 3, 7, 23, 24, 31, 48): lenient about missing fields, strict
// about the others.

import { Family } from '../../../domain/announce.ts'
import { type Bencoded, readBencoded, textOfBytes } from './bencode-reader.ts'

/** A peer's address in network bytes (4 or 16) or as the text the tracker gave, and its port. */
interface ListedPeer {
  readonly family?: Family
  readonly address: Uint8Array | string
  readonly port: number
  readonly peerId?: Uint8Array
}

export interface HttpAnnounceReply {
  /** Set if the tracker rejected the announce; the fields of a success are then missing. */
  readonly failureReason: string | undefined
  readonly warningMessage: string | undefined
  readonly intervalSeconds: number | undefined
  readonly minIntervalSeconds: number | undefined
  readonly complete: number | undefined
  readonly incomplete: number | undefined
  readonly downloaded: number | undefined
  readonly externalAddress: Uint8Array | undefined
  readonly peers: readonly ListedPeer[]
}

/** The reply in `body`; undefined unless it is a bencoded dictionary with peers of the right size. */
export function readHttpAnnounceReply(body: Uint8Array): HttpAnnounceReply | undefined {
  const reply = readBencoded(body)
  if (!(reply instanceof Map)) return undefined
  const peers = readPeers(reply.get('peers'), Family.IPv4)
  const peers6 = readPeers(reply.get('peers6'), Family.IPv6)
  if (peers === undefined || peers6 === undefined) return undefined
  const external = reply.get('external ip')
  return {
    failureReason: textOf(reply.get('failure reason')),
    warningMessage: textOf(reply.get('warning message')),
    intervalSeconds: figureOf(reply.get('interval')),
    minIntervalSeconds: figureOf(reply.get('min interval')),
    complete: figureOf(reply.get('complete')),
    incomplete: figureOf(reply.get('incomplete')),
    downloaded: figureOf(reply.get('downloaded')),
    externalAddress: isBytes(external) ? external : undefined,
    peers: [...peers, ...peers6],
  }
}

function readPeers(value: Bencoded | undefined, family: Family): readonly ListedPeer[] | undefined {
  if (value === undefined) return []
  if (Array.isArray(value)) return readList(value)
  if (!isBytes(value)) return undefined
  const addressBytes = family === Family.IPv4 ? 4 : 16
  const peerBytes = addressBytes + 2
  if (value.length % peerBytes !== 0) return undefined
  return Array.from({ length: value.length / peerBytes }, (_, index) => {
    const portAt = index * peerBytes + addressBytes
    return {
      family,
      address: value.subarray(index * peerBytes, portAt),
      port: (value[portAt] << 8) | value[portAt + 1],
    }
  })
}

function readList(items: readonly Bencoded[]): readonly ListedPeer[] | undefined {
  const peers: ListedPeer[] = []
  for (const item of items) {
    if (!(item instanceof Map)) return undefined
    const address = textOf(item.get('ip'))
    const port = figureOf(item.get('port'))
    const peerId = item.get('peer id')
    if (address === undefined || port === undefined) return undefined
    peers.push(isBytes(peerId) ? { address, port, peerId } : { address, port })
  }
  return peers
}

// `isView` rather than `instanceof`: tests run in a separate realm.
function isBytes(value: Bencoded | undefined): value is Uint8Array {
  return ArrayBuffer.isView(value)
}

function textOf(value: Bencoded | undefined): string | undefined {
  return isBytes(value) ? textOfBytes(value) : undefined
}

function figureOf(value: Bencoded | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

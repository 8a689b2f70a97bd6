// An announce as tests describe it, and its conversion to the tracker's request record.

import {
  AnnounceEvent,
  AnnounceReply,
  type AnnounceRequest,
  Family,
  PeerRoom,
  Scope,
} from '../../src/domain/announce.ts'

/** Where a peer is. Scope and hidden follow from it, as the policy decides. */
export interface Endpoint {
  readonly family: Family
  readonly scope: Scope
  readonly isHidden: boolean
  readonly port: number
  /** Address and port in network bytes: 6 or 18. */
  readonly bytes: Uint8Array
  /** Address in hex, and the whole in hex. */
  readonly ip: string
  readonly name: string
}

export interface Announcing {
  /** 20 bytes each, in hex. */
  readonly infoHash: string
  readonly peerId: string
  readonly endpoint: Endpoint
  readonly key: number
  readonly event: AnnounceEvent
  readonly left: bigint
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly numwant: number
  readonly wantsBothFamilies: boolean
  readonly wantsPeerIds: boolean
  readonly nowSeconds: number
}

export const ZERO_PEER_ID = '00'.repeat(20)

/** 20 bytes in hex that start with a number; 0 gives 20 zero bytes. */
export function twentyBytes(n: number): string {
  return n.toString(16).padStart(8, '0') + '00'.repeat(16)
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The endpoint of an address (4 or 16 bytes) and a port. */
export function anEndpoint(address: readonly number[], port: number, kind: Partial<Endpoint> = {}): Endpoint {
  const bytes = Uint8Array.from([...address, port >> 8, port & 0xff])
  return {
    family: address.length === 4 ? Family.IPv4 : Family.IPv6,
    scope: Scope.Global,
    isHidden: false,
    ...kind,
    port,
    bytes,
    ip: hex(bytes.subarray(0, address.length)),
    name: hex(bytes),
  }
}

/** A leecher's plain announce, with the given `changes`. */
export function anAnnounce(changes: Partial<Announcing> = {}): Announcing {
  return {
    infoHash: twentyBytes(1),
    peerId: twentyBytes(7),
    endpoint: anEndpoint([1, 2, 3, 4], 6881),
    key: 0,
    event: AnnounceEvent.None,
    left: 1n,
    uploaded: 0n,
    downloaded: 0n,
    numwant: 50,
    wantsBothFamilies: false,
    wantsPeerIds: false,
    nowSeconds: 1_000_100,
    ...changes,
  }
}

const wire = new Uint8Array(64)
const figures = new DataView(wire.buffer)
const wireWords = new Int32Array(wire.buffer)

/** Fills the record as a protocol adapter and the policy do. */
export function fillRequest(request: AnnounceRequest, announcing: Announcing): AnnounceRequest {
  const { endpoint } = announcing
  request.clearPrefetched()
  wire.set(Buffer.from(announcing.infoHash, 'hex'), 0)
  wire.set(Buffer.from(announcing.peerId, 'hex'), 20)
  figures.setBigUint64(40, announcing.downloaded)
  figures.setBigUint64(48, announcing.left)
  figures.setBigUint64(56, announcing.uploaded)
  request.words.set(wireWords)
  request.event = announcing.event
  request.key = announcing.key
  request.numwant = announcing.numwant
  request.family = endpoint.family
  new Uint8Array(request.endpoint.buffer).set(endpoint.bytes)
  request.port = endpoint.port
  request.wantsBothFamilies = announcing.wantsBothFamilies
  request.wantsPeerIds = announcing.wantsPeerIds
  request.nowSeconds = announcing.nowSeconds
  request.scope = endpoint.scope
  request.isHidden = endpoint.isHidden
  return request
}

/** The info hash as `scrape` wants it. */
export function hashWords(infoHash: string): Int32Array {
  const words = new Int32Array(5)
  new Uint8Array(words.buffer).set(Buffer.from(infoHash, 'hex'))
  return words
}

/** A reply with room for `count` peers of each family, some space to shift them in, and their ids. */
export function aReply(count = 200): AnnounceReply {
  const room = (halfwords: number) => new PeerRoom(new Uint16Array(halfwords * count + 8), new Int32Array(5 * count))
  return new AnnounceReply(room(3), room(9))
}

/** The endpoints in a room, in hex. */
export function endpointsIn(room: PeerRoom, family: Family): string[] {
  const stride = family === Family.IPv4 ? 6 : 18
  const bytes = new Uint8Array(room.halfwords.buffer, room.halfwords.byteOffset + room.at * 2, room.count * stride)
  return Array.from({ length: room.count }, (_, i) => hex(bytes.subarray(i * stride, (i + 1) * stride)))
}

/** The peer ids in a room, in hex. */
export function peerIdsIn(room: PeerRoom): string[] {
  const bytes = new Uint8Array(room.ids.buffer, room.ids.byteOffset, room.count * 20)
  return Array.from({ length: room.count }, (_, i) => hex(bytes.subarray(i * 20, (i + 1) * 20)))
}

// An announce as callers of the library write it, and its defaults.

import { AnnounceEvent } from '../../domain/announce.ts'
import { readInfoHashText } from '../protocol/rest/info-hash-text.ts'
import { CallError } from './call-error.ts'

/** 20 bytes; or text: 40 hex digits, the 64 of a v2 torrent, `urn:btih:…`, a magnet link. */
export type InfoHashLike = Uint8Array | string

export type EventName = 'none' | 'started' | 'completed' | 'stopped' | 'paused'

export interface AnnounceCall {
  readonly infoHash: InfoHashLike
  /** 20 bytes; by default one that the client keeps. */
  readonly peerId?: Uint8Array | undefined
  /** Where the peer accepts connections; 6881 by default. */
  readonly port?: number | undefined
  /** `none`, a periodic announce, by default. */
  readonly event?: EventName | undefined
  readonly uploaded?: number | bigint | undefined
  readonly downloaded?: number | bigint | undefined
  /**
   * Bytes that the peer still lacks: 0 makes it a seeder. By default 1, because trackers hand leechers to seeders only.
   */
  readonly left?: number | bigint | undefined
  /** How many peers the tracker should return; its own default if left out. */
  readonly numwant?: number | undefined
  /** 32 bits that prove the peer's identity; by default a number that the client keeps. */
  readonly key?: number | undefined
  /** Another address than that of the request; most trackers ignore it. Over UDP only IPv4. */
  readonly ip?: string | undefined
  /** Over HTTP: false requests peers as a list, with their ids. */
  readonly compact?: boolean | undefined
}

const DEFAULT_PEER_PORT = 6881
const HASH_BYTES = 20
const PEER_ID_PREFIX = '-MU0100-'
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const EVENTS = {
  none: AnnounceEvent.None,
  started: AnnounceEvent.Started,
  completed: AnnounceEvent.Completed,
  stopped: AnnounceEvent.Stopped,
  paused: AnnounceEvent.Paused,
} as const satisfies Record<EventName, AnnounceEvent>

/** What stays the same from one announce of a client to the next. */
export class PeerIdentity {
  readonly peerId = randomPeerId()
  readonly key = randomInt32()
}

/** The fields that all protocols have, checked. Throws a `CallError` that names the field. */
export function readAnnounceCall(call: AnnounceCall, { peerId, key }: PeerIdentity) {
  return {
    infoHash: readInfoHashLike(call.infoHash),
    peerId: readBytes20(call.peerId ?? peerId, 'peerId'),
    port: readRange(call.port ?? DEFAULT_PEER_PORT, 'port', 0, 0xffff),
    event: EVENTS[call.event ?? 'none'],
    uploaded: readAmount(call.uploaded ?? 0, 'uploaded'),
    downloaded: readAmount(call.downloaded ?? 0, 'downloaded'),
    left: readAmount(call.left ?? 1, 'left'),
    key: readRange(call.key ?? key, 'key', -(2 ** 31), 2 ** 32 - 1) | 0,
    numwant: call.numwant === undefined ? undefined : readRange(call.numwant, 'numwant', -1, 2 ** 31 - 1),
    ip: call.ip,
  }
}

export function readInfoHashLike(infoHash: InfoHashLike): Uint8Array {
  if (typeof infoHash !== 'string') return readBytes20(infoHash, 'infoHash')
  const written = readInfoHashText(infoHash)
  if (written === undefined) throw new CallError('infoHash must be 20 bytes or 40 hex digits')
  return Uint8Array.from(written.infoHash.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
}

function readBytes20(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length === HASH_BYTES) return bytes
  throw new CallError(`${name} must have ${HASH_BYTES} bytes, not ${bytes.length}`)
}

function readRange(value: number, name: string, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new CallError(`${name} must be a whole number from ${min} to ${max}, not ${value}`)
}

function readAmount(value: number | bigint, name: string): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new CallError(`${name} must be a whole number of bytes, not ${value}`)
  }
  const bytes = BigInt(value)
  if (bytes >= 0n && bytes < 2n ** 63n) return bytes
  throw new CallError(`${name} must be from 0 to 2^63 - 1 bytes, not ${value}`)
}

export function randomInt32(): number {
  return crypto.getRandomValues(new Int32Array(1))[0]
}

function randomPeerId(): Uint8Array {
  const random = crypto.getRandomValues(new Uint8Array(HASH_BYTES - PEER_ID_PREFIX.length))
  return new TextEncoder().encode(
    PEER_ID_PREFIX + Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join(''),
  )
}

// Reads a whole swarm, including its peers, into plain objects: for administration, not for announces.

import { endpointHalfwords, type Family, type Scope } from '../announce.ts'
import { halfwordAt, List, PEER_WORDS, Peer, Shard, Torrent } from './layout.ts'
import { familyOf, kindOfShape, scopeOf } from './list-shape.ts'
import { acquire, release } from './lock.ts'
import { Run } from './peer-role.ts'
import { eventOf, HAS_COMPLETED, isTwin, secondsOf } from './stamp.ts'
import type { SwarmRegistry } from './swarm-registry.ts'

export interface StoredPeer {
  readonly family: Family
  readonly scope: Scope
  /** Address and port in network bytes: 6 or 18. */
  readonly endpoint: Uint8Array
  readonly peerId: Uint8Array
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly left: bigint
  readonly key: number
  readonly event: 'none' | 'completed' | 'started' | 'paused'
  /** Steady time. */
  readonly lastAnnounce: number
  /** Counted, but never handed out. */
  readonly isHidden: boolean
  /** A second entry of a client that is counted at its other address. */
  readonly isTwin: boolean
  /** Its completed download has been counted. */
  readonly hasCompleted: boolean
}

export interface StoredSwarm {
  readonly seeders: number
  readonly leechers: number
  readonly completed: number
  readonly peers: readonly StoredPeer[]
}

const EVENTS = ['none', 'completed', 'started', 'paused'] as const

/**
 * A peer as copied under the lock: its record, then its endpoint, then one word of bits: family, scope, whether it is
 * hidden. Converted to objects after the lock is released.
 */
const ENDPOINT_AT = PEER_WORDS
const BITS_AT = PEER_WORDS + 5
const COPY_WORDS = BITS_AT + 1
/** Above the bits of any list kind. */
const HIDDEN_BIT = 1 << 16

/** The swarm of a 20-byte info hash, with at most `maxPeers` peers; undefined when no peer has announced it. */
export function readSwarm(
  registry: SwarmRegistry,
  infoHash: Uint8Array,
  maxPeers = Number.MAX_SAFE_INTEGER,
): StoredSwarm | undefined {
  const hash = new Int32Array(5)
  new Uint8Array(hash.buffer).set(infoHash)
  const { words } = registry.memory
  const slot = registry.index.slotOf(hash, 0)
  const shard = registry.index.shardOf(slot)
  acquire(words, shard + Shard.Lock)
  let counts: Omit<StoredSwarm, 'peers'>
  let copies: Int32Array
  try {
    const torrent = registry.index.find(slot, hash, 0)
    if (torrent === 0) return undefined
    counts = {
      seeders: words[torrent + Torrent.Seeders],
      leechers: words[torrent + Torrent.Leechers],
      completed: words[torrent + Torrent.Completed],
    }
    copies = copyPeers(registry, torrent, maxPeers)
  } finally {
    release(words, shard + Shard.Lock)
  }
  const peers: StoredPeer[] = []
  const { epochSeconds } = registry.memory
  for (let at = 0; at < copies.length; at += COPY_WORDS) peers.push(readPeer(copies, at, epochSeconds))
  return { ...counts, peers }
}

function copyPeers(registry: SwarmRegistry, torrent: number, maxPeers: number): Int32Array {
  const { block, peers, memory } = registry
  const { words, halfwords } = memory
  let wanted = 0
  for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) wanted += block.count(list)
  const copies = new Int32Array(Math.min(wanted, maxPeers) * COPY_WORDS)
  const copyHalfwords = new Uint16Array(copies.buffer)
  let at = 0
  for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
    const kind = kindOfShape(words[list + List.Shape])
    const count = block.count(list)
    for (let position = 0; position < count && at < copies.length; position++) {
      const record = block.recordAt(list, position)
      for (let i = 0; i < PEER_WORDS; i++) copies[at + i] = words[record + i]
      const endpoint = block.endpointAt(list, position)
      for (let i = 0; i < endpointHalfwords(familyOf(kind)); i++) {
        copyHalfwords[halfwordAt(at + ENDPOINT_AT) + i] = halfwords[endpoint + i]
      }
      copies[at + BITS_AT] = kind | (peers.runAt(list, position) === Run.Hidden ? HIDDEN_BIT : 0)
      at += COPY_WORDS
    }
  }
  return copies
}

function readPeer(copies: Int32Array, at: number, epochSeconds: number): StoredPeer {
  const bits = copies[at + BITS_AT]
  const stamp = copies[at + Peer.Stamp]
  const bytes = (word: number, count: number): Uint8Array =>
    Uint8Array.from(new Uint8Array(copies.buffer, (at + word) * 4, count))
  const figures = new DataView(copies.buffer, at * 4)
  return {
    family: familyOf(bits),
    scope: scopeOf(bits),
    endpoint: bytes(ENDPOINT_AT, 2 * endpointHalfwords(familyOf(bits))),
    peerId: bytes(Peer.Id, 20),
    uploaded: figures.getBigUint64(Peer.Uploaded * 4),
    downloaded: figures.getBigUint64(Peer.Downloaded * 4),
    left: figures.getBigUint64(Peer.Left * 4),
    key: copies[at + Peer.Key],
    event: EVENTS[eventOf(stamp)],
    lastAnnounce: epochSeconds + secondsOf(stamp),
    isHidden: (bits & HIDDEN_BIT) !== 0,
    isTwin: isTwin(stamp),
    hasCompleted: (stamp & HAS_COMPLETED) !== 0,
  }
}

// Reading a whole swarm, peers and all, into plain objects: for people and programs that look in, not for announces.

import { Family, Scope } from '../announce.ts'
import { EVENT_MASK, HAS_COMPLETED, Header, IS_TWIN, List, Peer, Shard, STAMP_SHIFT, Torrent } from './layout.ts'
import { acquire, release } from './lock.ts'
import { Run } from './peer-list.ts'
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
  /** Seconds since 1970. */
  readonly lastAnnounce: number
  /** Counted, but never handed out. */
  readonly isHidden: boolean
  /** Listed a second time, and counted at its other address. */
  readonly isTwin: boolean
  /** Its completed download has been counted. */
  readonly hasCompleted: boolean
}

export interface StoredSwarm {
  readonly seeders: number
  readonly leechers: number
  readonly partialSeeds: number
  readonly completed: number
  readonly peers: readonly StoredPeer[]
}

const EVENTS = ['none', 'completed', 'started', 'paused'] as const

/** The swarm of a 20-byte info hash; undefined when nobody has announced it. */
export function readSwarm(registry: SwarmRegistry, infoHash: Uint8Array): StoredSwarm | undefined {
  const hash = new Int32Array(5)
  new Uint8Array(hash.buffer).set(infoHash)
  const { words } = registry.memory
  const slot = registry.index.slotOf(hash, 0)
  const shard = registry.index.shardOf(slot)
  acquire(words, shard + Shard.Lock)
  try {
    const torrent = registry.index.find(slot, hash, 0)
    if (torrent === 0) return undefined
    const peers: StoredPeer[] = []
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      const count = registry.block.count(list)
      for (let position = 0; position < count; position++) peers.push(readPeer(registry, list, position))
    }
    return {
      seeders: words[torrent + Torrent.Seeders],
      leechers: words[torrent + Torrent.Leechers],
      partialSeeds: words[torrent + Torrent.PartialSeeds],
      completed: words[torrent + Torrent.Completed],
      peers,
    }
  } finally {
    release(words, shard + Shard.Lock)
  }
}

function readPeer(registry: SwarmRegistry, list: number, position: number): StoredPeer {
  const { words, buffer } = registry.memory
  const shape = words[list + List.Shape]
  const family = (shape & 1) === 0 ? Family.IPv4 : Family.IPv6
  const record = registry.block.recordAt(list, position)
  const stamp = words[record + Peer.Stamp]
  const bytes = (at: number, count: number): Uint8Array => Uint8Array.from(new Uint8Array(buffer, at, count))
  const figures = new DataView(buffer, record * 4)
  return {
    family,
    scope: (shape & 2) === 0 ? Scope.Global : Scope.Private,
    endpoint: bytes(registry.block.endpointAt(list, position) * 2, family === Family.IPv4 ? 6 : 18),
    peerId: bytes((record + Peer.Id) * 4, 20),
    uploaded: figures.getBigUint64(Peer.Uploaded * 4),
    downloaded: figures.getBigUint64(Peer.Downloaded * 4),
    left: figures.getBigUint64(Peer.Left * 4),
    key: words[record + Peer.Key],
    event: EVENTS[stamp & EVENT_MASK],
    lastAnnounce: words[Header.Epoch] + (stamp >>> STAMP_SHIFT),
    isHidden: registry.peers.runAt(list, position) === Run.Hidden,
    isTwin: (stamp & IS_TWIN) !== 0,
    hasCompleted: (stamp & HAS_COMPLETED) !== 0,
  }
}

// Queries the swarms for administration. A query ordered over all torrents scans them; announces continue meanwhile, so
// its rows show each swarm at some moment of the scan.

import { NEVER_CANCELLED } from '../domain/cancellation.ts'
import { INFO_HASH_WORDS, type InfoHash, infoHashToWords } from '../domain/info-hash.ts'
import type {
  PeerView,
  TorrentQueries,
  TorrentRow,
  TorrentSearch,
  TorrentView,
} from '../domain/ports/inbound/torrent-queries.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../domain/ports/outbound/wall-clock.ts'
import { readSwarm, type StoredPeer, type StoredSwarm } from '../domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { BestRows } from './best-rows.ts'
import { TorrentListing } from './torrent-listing.ts'
import { TorrentScans } from './torrent-scans.ts'

export interface TorrentCatalogueDependencies {
  readonly pause: Pause
  readonly clock: SteadyClock
  readonly wallClock: WallClock
}

export class TorrentCatalogue implements TorrentQueries {
  readonly #registry: SwarmRegistry
  readonly #dependencies: TorrentCatalogueDependencies
  readonly #scans: TorrentScans
  readonly #listing: TorrentListing

  constructor(registry: SwarmRegistry, dependencies: TorrentCatalogueDependencies) {
    this.#registry = registry
    this.#dependencies = dependencies
    this.#scans = new TorrentScans(registry, dependencies.pause)
    this.#listing = new TorrentListing(this.#scans)
  }

  torrent(infoHash: InfoHash, maxPeers: number): TorrentView | undefined {
    const swarm = this.#read(infoHash, maxPeers)
    const { clock, wallClock } = this.#dependencies
    const aheadSeconds = wallClock.wallSeconds() - clock.steadySeconds()
    return swarm && { ...rowOf(infoHash, swarm), peers: swarm.peers.map((peer) => viewOf(peer, aheadSeconds)) }
  }

  torrents(infoHashes: readonly InfoHash[]): readonly TorrentRow[] {
    return infoHashes.flatMap((infoHash) => {
      const swarm = this.#read(infoHash, 0)
      return swarm === undefined ? [] : [rowOf(infoHash, swarm)]
    })
  }

  list(offset: number, limit: number, signal = NEVER_CANCELLED): AsyncGenerator<readonly TorrentRow[]> {
    return this.#listing.list(offset, limit, signal)
  }

  search({ sort, prefix, after, limit }: TorrentSearch, signal = NEVER_CANCELLED): Promise<readonly TorrentRow[]> {
    return this.#scans.inTurn(async () => {
      const rows = new BestRows({ sort, prefix, after, limit: Math.min(limit, this.#scans.torrents) })
      return (await this.#scans.scan(rows.consider, signal)) ? rows.sorted() : []
    })
  }

  #read(infoHash: InfoHash, maxPeers: number): StoredSwarm | undefined {
    const words = new Int32Array(INFO_HASH_WORDS)
    infoHashToWords(infoHash, words, 0)
    return readSwarm(this.#registry, new Uint8Array(words.buffer), maxPeers)
  }
}

function rowOf(infoHash: InfoHash, { seeders, leechers, completed }: StoredSwarm): TorrentRow {
  return {
    infoHash,
    seeders,
    leechers,
    completed,
  }
}

/** Shows times as dates by the present clock, which is `aheadSeconds` ahead of steady time. */
function viewOf(peer: StoredPeer, aheadSeconds: number): PeerView {
  const { peerId, endpoint, uploaded, downloaded, left, event, lastAnnounce } = peer
  return { peerId, endpoint, uploaded, downloaded, left, event, lastAnnounceSeconds: lastAnnounce + aheadSeconds }
}

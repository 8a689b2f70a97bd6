// Queries the swarms for administration. A query ordered over all torrents scans them in slices, with pauses in
// between; announces continue meanwhile, so a page shows each swarm at some moment of the scan.

import { networkWord } from '../domain/hash-order.ts'
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
import { Torrent } from '../domain/swarm/layout.ts'
import { readSwarm, type StoredPeer, type StoredSwarm } from '../domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { SwarmScan } from '../domain/swarm/swarm-scan.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'
import { BestRows, type Wanted } from './best-rows.ts'

/** Slices of a scan before other work gets a turn: a millisecond or two. */
const SLICES_BETWEEN_RESTS = 16
/** Maximum number of rows picked and discarded, so that the search for a page's start may be inexact. */
const MAX_SKIPPED = 1000
/** Halfwords of a hash. */
const DIGITS = 2 * INFO_HASH_WORDS

export interface TorrentCatalogueDependencies {
  readonly pause: Pause
  readonly clock: SteadyClock
  readonly wallClock: WallClock
}

export class TorrentCatalogue implements TorrentQueries {
  readonly #registry: SwarmRegistry
  readonly #dependencies: TorrentCatalogueDependencies

  constructor(registry: SwarmRegistry, dependencies: TorrentCatalogueDependencies) {
    this.#registry = registry
    this.#dependencies = dependencies
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

  async page(offset: number, limit: number): Promise<readonly TorrentRow[]> {
    const start = await this.#startOf(offset)
    if (start === undefined) return []
    const wanted = { sort: 'info_hash', prefix: '', after: start.after, limit: start.skip + limit } as const
    return (await this.#best(wanted)).slice(start.skip)
  }

  search({ sort, prefix, after, limit }: TorrentSearch): Promise<readonly TorrentRow[]> {
    return this.#best({ sort, prefix, after, limit: limit })
  }

  async #best(wanted: Wanted): Promise<readonly TorrentRow[]> {
    const torrents = swarmTotals(this.#registry.memory).torrents
    const rows = new BestRows({ ...wanted, limit: Math.min(wanted.limit, torrents) })
    await this.#walk(rows.consider)
    return rows.sorted()
  }

  /**
   * Finds a row close before row number `offset`, digit by digit: one scan for each 16 bits of the hash counts the rows
   * before. One scan is enough, unless hashes were made up to share a prefix.
   */
  async #startOf(offset: number): Promise<Start | undefined> {
    const digits = new Uint16Array(DIGITS)
    let skip = offset
    for (let digit = 0; skip > MAX_SKIPPED && digit < DIGITS; digit++) {
      const counts = await this.#countByDigit(digits, digit)
      let value = 0
      while (value < counts.length && counts[value] <= skip) skip -= counts[value++]
      if (value === counts.length) return undefined
      digits[digit] = value
    }
    return { after: rowBefore(digits), skip }
  }

  /** Counts torrents by the value of a digit, among those that match `digits` in all earlier digits. */
  async #countByDigit(digits: Uint16Array, digit: number): Promise<Int32Array> {
    const counts = new Int32Array(2 ** 16)
    await this.#walk((words, torrent) => {
      const hash = torrent + Torrent.InfoHash
      for (let i = 0; i < digit; i++) if (digitOf(words, hash, i) !== digits[i]) return
      counts[digitOf(words, hash, digit)]++
    })
    return counts
  }

  async #walk(visit: (words: Int32Array, torrent: number) => void): Promise<void> {
    const scan = new SwarmScan(this.#registry.memory)
    for (let slices = 1; !scan.slice(visit); slices++) {
      if (slices % SLICES_BETWEEN_RESTS === 0) await this.#dependencies.pause.rest()
    }
  }

  #read(infoHash: InfoHash, maxPeers: number): StoredSwarm | undefined {
    const words = new Int32Array(INFO_HASH_WORDS)
    infoHashToWords(infoHash, words, 0)
    return readSwarm(this.#registry, new Uint8Array(words.buffer), maxPeers)
  }
}

/** A row before the wanted ones, and how many rows after it to skip. */
interface Start {
  readonly after: TorrentRow | undefined
  readonly skip: number
}

/** The hash's 16 bits with that index. */
function digitOf(words: Int32Array, hashAt: number, digit: number): number {
  const word = networkWord(words[hashAt + (digit >> 1)])
  return (digit & 1) === 0 ? word >>> 16 : word & 0xffff
}

/** A row that sorts just before all whose hashes are `digits` or more; undefined when none can exist. */
function rowBefore(digits: Uint16Array): TorrentRow | undefined {
  const first = [...digits].reduce((hash, digit) => (hash << 16n) | BigInt(digit), 0n)
  if (first === 0n) return undefined
  const infoHash = (first - 1n).toString(16).padStart(40, '0') as InfoHash
  return { infoHash, seeders: 0, leechers: 0, completed: 0 }
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

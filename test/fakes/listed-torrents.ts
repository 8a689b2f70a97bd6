import type { InfoHash } from '../../src/domain/info-hash.ts'
import type {
  TorrentQueries,
  TorrentRow,
  TorrentSearch,
  TorrentView,
} from '../../src/domain/ports/inbound/torrent-queries.ts'

/** Torrents in a list. */
export class ListedTorrents implements TorrentQueries {
  readonly all: TorrentView[] = []

  torrent(infoHash: InfoHash, maxPeers: number): TorrentView | undefined {
    const torrent = this.all.find((known) => known.infoHash === infoHash)
    return torrent && { ...torrent, peers: torrent.peers.slice(0, maxPeers) }
  }

  torrents(infoHashes: readonly InfoHash[]): readonly TorrentRow[] {
    return infoHashes.flatMap((infoHash) => this.torrent(infoHash, 0) ?? [])
  }

  async *list(offset: number, limit: number): AsyncGenerator<readonly TorrentRow[]> {
    const rows = this.#sorted('info_hash').slice(offset, offset + limit)
    for (let at = 0; at < rows.length; at += 100) yield rows.slice(at, at + 100)
  }

  async search({ prefix, sort, after, limit }: TorrentSearch): Promise<readonly TorrentRow[]> {
    const rows = this.#sorted(sort).filter(({ infoHash }) => infoHash.startsWith(prefix))
    const from = after === undefined ? 0 : rows.findIndex((row) => inOrder(sort, after, row) < 0)
    return from < 0 ? [] : rows.slice(from, from + limit)
  }

  #sorted(sort: TorrentSearch['sort']): readonly TorrentRow[] {
    return this.all.toSorted((one, other) => inOrder(sort, one, other))
  }
}

function inOrder(sort: TorrentSearch['sort'], one: TorrentRow, other: TorrentRow): number {
  const byCount = sort === 'info_hash' ? 0 : other[sort] - one[sort]
  if (byCount !== 0) return byCount
  return one.infoHash < other.infoHash ? -1 : one.infoHash > other.infoHash ? 1 : 0
}

// A torrent of a scan in compact form: its hash as sort keys, then its counts.

import { wordOfSortKey } from '../domain/hash-order.ts'
import { INFO_HASH_WORDS, infoHashFromWords } from '../domain/info-hash.ts'
import type { TorrentRow } from '../domain/ports/inbound/torrent-queries.ts'

/** Words of a row. */
export const Row = { Hash: 0, Seeders: 5, Leechers: 6, Completed: 7 } as const
export const ROW_WORDS = 8

const hash = new Int32Array(INFO_HASH_WORDS)

/** The row that begins at word `at`. */
export function unpackRow(rows: Int32Array, at: number): TorrentRow {
  for (let i = 0; i < INFO_HASH_WORDS; i++) hash[i] = wordOfSortKey(rows[at + Row.Hash + i])
  return {
    infoHash: infoHashFromWords(hash, 0),
    seeders: rows[at + Row.Seeders],
    leechers: rows[at + Row.Leechers],
    completed: rows[at + Row.Completed],
  }
}

/** Negative when the row at `a` has the lower hash, 0 when both have the same. */
export function compareHashes(rowsA: Int32Array, a: number, rowsB: Int32Array, b: number): number {
  for (let i = 0; i < INFO_HASH_WORDS; i++) {
    const wordA = rowsA[a + i]
    const wordB = rowsB[b + i]
    if (wordA !== wordB) return wordA < wordB ? -1 : 1
  }
  return 0
}

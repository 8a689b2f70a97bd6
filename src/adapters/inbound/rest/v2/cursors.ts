// Cursors of REST v2: where the next page starts, encoded so that clients are not tempted to build their own.

import { readInfoHash } from '../../../../domain/info-hash.ts'
import type { TorrentRow, TorrentSort } from '../../../../domain/ports/inbound/torrent-queries.ts'
import { invalid } from './request-problem.ts'

const NUMBER = /^(?:0|[1-9]\d{0,15})$/

/** For lists and keys: after the row at this position. */
export function writePosition(list: string, position: number): string {
  return encode([list, String(position)])
}

/** 0 without a cursor: from the start. Throws when the cursor is not from this list. */
export function readPosition(list: string, cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const [name, position, ...more] = decode(cursor)
  if (name !== list || more.length > 0) throw invalidCursor()
  return readNumber(position)
}

/** For torrents: after this row, in this order. */
export function writeRow(sort: TorrentSort, { infoHash, seeders, leechers, completed }: TorrentRow): string {
  return encode([sort, infoHash, String(seeders), String(leechers), String(completed)])
}

/** Throws when the cursor is not from that order. */
export function readRow(sort: TorrentSort, cursor: string | undefined): TorrentRow | undefined {
  if (cursor === undefined) return undefined
  const [order, hash = '', seeders, leechers, completed, ...more] = decode(cursor)
  const infoHash = readInfoHash(hash)
  if (order !== sort || infoHash === undefined || more.length > 0) throw invalidCursor()
  return {
    infoHash,
    seeders: readNumber(seeders),
    leechers: readNumber(leechers),
    completed: readNumber(completed),
  }
}

function encode(parts: readonly string[]): string {
  return Buffer.from(parts.join(' '), 'latin1').toString('base64url')
}

/** Encoding the result again must give the same text, or else some bits have been changed. */
function decode(cursor: string): readonly string[] {
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes.toString('base64url') !== cursor) throw invalidCursor()
  return bytes.toString('latin1').split(' ')
}

function readNumber(text = ''): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw invalidCursor()
  return value
}

function invalidCursor() {
  return invalid([{ path: 'cursor', message: 'must be a next_cursor of this list, in this order' }])
}

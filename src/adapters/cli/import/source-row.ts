// What a source of an import yields, one by one: entries for the tracker, and what becomes of the other rows.

/** Where a row stands in its source: `line 7`, `row 12 of users`. */
type RowPlace = string

export interface ListedRow {
  readonly kind: 'torrent'
  readonly at: RowPlace
  readonly list: 'whitelist' | 'blocklist'
  /** In any form that the API reads. */
  readonly infoHash: string
  readonly reason?: string | undefined
}

interface KeyRow {
  readonly kind: 'key'
  readonly at: RowPlace
  /** Secret. */
  readonly key: string
  readonly validUntil: string | null
  readonly label: string | null
}

/** Not taken over by the rules of the source: a deleted torrent, a banned user. */
interface LeftOutRow {
  readonly kind: 'left-out'
  /** Plural: `deleted torrents`. */
  readonly reason: string
}

/** Cannot be taken over. The message has no secrets. */
export interface BadRow {
  readonly kind: 'bad'
  readonly at: RowPlace
  readonly message: string
}

export type SourceRow = ListedRow | KeyRow | LeftOutRow | BadRow
export type EntryRow = ListedRow | KeyRow

/** Where an entry goes. */
export type ImportTarget = 'whitelist' | 'blocklist' | 'keys'

export function targetOf(row: EntryRow): ImportTarget {
  return row.kind === 'key' ? 'keys' : row.list
}

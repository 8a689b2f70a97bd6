// Queries of API v1: `format` of stats and metrics, `offset`, `limit` and `info_hash` of torrents. Pairs are decoded
// like HTML forms, for which `URLSearchParams` behaves like the library that Torrust uses.

import { type InfoHash, readInfoHash } from '../../../../domain/info-hash.ts'
import { badInfoHash, badQuery, type V1Answer } from './answers.ts'
import { debugText, MAX_U32, readUnsigned } from './rust-text.ts'

export type Format = 'json' | 'prometheus'

export function readFormat(query: URLSearchParams): Format | V1Answer {
  const format = query.get('format') ?? 'json'
  if (format === 'json' || format === 'prometheus') return format
  // Torrust shows the raw value. As debug text it cannot imitate other text.
  const shown = debugText(format).slice(1, -1)
  return badQuery('format', `unknown variant \`${shown}\`, expected \`json\` or \`prometheus\``)
}

/** The requested torrents: these, or a page of all. */
export type TorrentsQuery =
  | { readonly infoHashes: readonly InfoHash[] }
  | { readonly infoHashes: undefined; readonly offset: number; readonly limit: number }

const DEFAULT_LIMIT = 4000

/** An empty value counts as absent. */
function readCount(query: URLSearchParams, name: string, fallback: number): number | V1Answer {
  const text = query.get(name) ?? ''
  if (text === '') return fallback
  const count = readUnsigned(text, MAX_U32)
  return typeof count === 'bigint' ? Number(count) : badQuery(name, count)
}

/** With `info_hash` given, the page is ignored, but must still be well formed. */
export function readTorrentsQuery(query: URLSearchParams): TorrentsQuery | V1Answer {
  const offset = readCount(query, 'offset', 0)
  if (typeof offset !== 'number') return offset
  const limit = readCount(query, 'limit', DEFAULT_LIMIT)
  if (typeof limit !== 'number') return limit
  const texts = query.getAll('info_hash')
  if (texts.length === 0) return { infoHashes: undefined, offset, limit }
  const infoHashes: InfoHash[] = []
  for (const text of texts) {
    const infoHash = readInfoHash(text)
    if (infoHash === undefined) return badInfoHash(text)
    infoHashes.push(infoHash)
  }
  return { infoHashes }
}

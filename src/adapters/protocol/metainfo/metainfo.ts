// What a tracker needs of a torrent file (BEP 3, 12, 52): the bytes that info hashes are digests of, the versions of
// the torrent, and its trackers. The info dictionary is never written anew, so its digests are those that clients
// compute.

import { type ByteRange, bencodedEntries, bencodedItems, textOfBencoded } from './bencode-scan.ts'

export interface Metainfo {
  /** The info dictionary, as it stands in the file. */
  readonly info: Uint8Array
  /** Both: a hybrid torrent, with a swarm under each hash. */
  readonly isV1: boolean
  readonly isV2: boolean
  /** Announce URLs in the order of the file, each once. */
  readonly trackers: readonly string[]
}

const MAX_TRACKERS = 1000

/** Undefined for what is not a torrent file. */
export function readMetainfo(bytes: Uint8Array): Metainfo | undefined {
  const entries = bencodedEntries(bytes, 0)
  const range = entries?.get('info')
  const info = range && bencodedEntries(bytes, range.from)
  if (entries === undefined || range === undefined || info === undefined) return undefined
  const version = info.get('meta version')
  const isV1 = info.has('pieces')
  const isV2 = info.has('file tree') && version !== undefined && isTwo(bytes, version)
  if (!isV1 && !isV2) return undefined
  return { info: bytes.subarray(range.from, range.to), isV1, isV2, trackers: trackersOf(bytes, entries) }
}

/** The integer `i2e`. */
function isTwo(bytes: Uint8Array, { from, to }: ByteRange): boolean {
  return to - from === 3 && bytes[from] === 0x69 && bytes[from + 1] === 0x32
}

/** With a list of tiers the single URL does not count (BEP 12). */
function trackersOf(bytes: Uint8Array, entries: ReadonlyMap<string, ByteRange>): readonly string[] {
  const list = entries.get('announce-list')
  const tiers = (list && bencodedItems(bytes, list.from, MAX_TRACKERS)) ?? []
  const urls = tiers.flatMap(({ from }) => bencodedItems(bytes, from, MAX_TRACKERS) ?? [])
  const single = entries.get('announce')
  const places = urls.length > 0 || single === undefined ? urls : [single]
  const texts = places.slice(0, MAX_TRACKERS).flatMap(({ from }) => textOfBencoded(bytes, from) ?? [])
  return [...new Set(texts)]
}

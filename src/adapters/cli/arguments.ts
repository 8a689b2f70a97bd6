// Parses arguments of the command line before anything is sent. A malformed one is a usage error.

import { type Command, InvalidArgumentError } from 'commander'
import type { InfoHash } from '../../domain/info-hash.ts'
import { readInfoHashes, readInfoHashText } from '../protocol/rest/info-hash-text.ts'
import { DURATION_FORMS, readDuration } from './duration.ts'

const HASH_FORMS = '40 hex digits, the 64 of a v2 torrent, urn:btih:..., or a magnet link'

/** What names a torrent: its info hashes, or the path of a file that has them. */
export type TorrentArgument = { readonly infoHashes: readonly InfoHash[] } | { readonly path: string }

/** A file is recognized by its ending; it is read when the command runs. */
export function torrentArgument(text: string): TorrentArgument {
  const written = readInfoHashes(text)
  if (written.length > 0) return { infoHashes: written.map(({ infoHash }) => infoHash) }
  if (/\.torrent$/i.test(text)) return { path: text }
  throw new InvalidArgumentError(`An info hash must be ${HASH_FORMS}. A torrent file ends with .torrent.`)
}

/** For variadic arguments: commander passes them one by one, with the result so far. */
export function torrentArguments(
  text: string,
  before: readonly TorrentArgument[] | undefined,
): readonly TorrentArgument[] {
  return [...(before ?? []), torrentArgument(text)]
}

/** Of a hybrid torrent's magnet link the v1 hash. */
export function infoHashArgument(text: string): InfoHash {
  const written = readInfoHashText(text)
  if (written !== undefined) return written.infoHash
  throw new InvalidArgumentError(`An info hash must be ${HASH_FORMS}.`)
}

/** For variadic arguments, as above. */
export function infoHashArguments(text: string, before: readonly InfoHash[] | undefined): readonly InfoHash[] {
  return [...(before ?? []), infoHashArgument(text)]
}

/** An info hash in any form, passed on as it was given. */
export function infoHashTextArgument(text: string): string {
  if (readInfoHashes(text).length > 0) return text
  throw new InvalidArgumentError(`An info hash must be ${HASH_FORMS}.`)
}

/** A record, because commander treats a bare null as an option without a value. */
export interface Lifetime {
  /** Null: forever. */
  readonly seconds: number | null
}

export function lifetimeArgument(text: string): Lifetime {
  const seconds = readDuration(text)
  if (seconds === undefined) throw new InvalidArgumentError(`It must be ${DURATION_FORMS}.`)
  return { seconds }
}

export function wholeArgument(min: number, max = Number.POSITIVE_INFINITY) {
  return (text: string): number => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (number >= min && number <= max) return number
    const bounds = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `from ${min} to ${max}`
    throw new InvalidArgumentError(`It must be a whole number, ${bounds}.`)
  }
}

export const countArgument = wholeArgument(1)
export const countOrNoneArgument = wholeArgument(0)

export interface PagingOptions {
  readonly limit: number
  readonly all?: boolean
}

export function addPagingOptions(command: Command): Command {
  return command
    .option('--limit <number>', 'maximum number of entries', countArgument, 100)
    .option('--all', 'list all entries')
}

/** Undefined: no maximum. */
export function maxEntries({ limit, all }: PagingOptions): number | undefined {
  return all ? undefined : limit
}

// Words of a command line, checked before anything is sent. What is wrong with one is a mistake in usage.

import { type Command, InvalidArgumentError } from 'commander'
import type { InfoHash } from '../../domain/info-hash.ts'
import { readInfoHashText } from '../protocol/rest/info-hash-text.ts'
import { DURATION_FORMS, readDuration } from './duration.ts'

const HASH_FORMS = '40 hex digits, the 64 of a v2 torrent, urn:btih:..., or a magnet link'

export const infoHashArgument = (text: string): InfoHash => {
  const written = readInfoHashText(text)
  if (written === undefined) throw new InvalidArgumentError(`An info hash is ${HASH_FORMS}.`)
  return written.infoHash
}

/** For arguments of any number: commander hands them over one by one, with what the ones before came to. */
export const infoHashArguments = (text: string, before: readonly InfoHash[] | undefined): readonly InfoHash[] => [
  ...(before ?? []),
  infoHashArgument(text),
]

/** A record, because commander takes a bare null for an option without a value. */
export interface Lifetime {
  /** Null: for ever. */
  readonly seconds: number | null
}

export const lifetimeArgument = (text: string): Lifetime => {
  const seconds = readDuration(text)
  if (seconds === undefined) throw new InvalidArgumentError(`It is ${DURATION_FORMS}.`)
  return { seconds }
}

const wholeArgument =
  (min: number) =>
  (text: string): number => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (number >= min) return number
    throw new InvalidArgumentError(`It is a whole number from ${min} on.`)
  }

export const countArgument = wholeArgument(1)
export const countOrNoneArgument = wholeArgument(0)

export interface PagingOptions {
  readonly limit: number
  readonly all?: boolean
}

export const addPagingOptions = (command: Command): Command =>
  command
    .option('--limit <number>', 'how many at most', countArgument, 100)
    .option('--all', 'all there are, however many')

/** Undefined: all. */
export const maxEntries = ({ limit, all }: PagingOptions): number | undefined => (all ? undefined : limit)

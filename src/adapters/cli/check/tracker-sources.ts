// The trackers that a command is given: URLs, torrent files, magnet links, and files with a URL on each line.

import type { InfoHash } from '../../../domain/info-hash.ts'
import { CallError } from '../../client/call-error.ts'
import { readTrackerUrl, type TrackerUrl } from '../../client/tracker-url.ts'
import { MAX_MAGNET_LENGTH, readInfoHashes } from '../../protocol/rest/info-hash-text.ts'
import { type CliEnvironment, CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { readInputLines } from '../input.ts'
import { infoHashesOfTorrent, readTorrentFile } from '../torrent-files.ts'

/** A tracker, or what is wrong with its URL. */
export interface NamedTracker {
  /** As it was given; may hold a key. */
  readonly text: string
  readonly url: TrackerUrl | undefined
  readonly flaw?: string
}

export interface TrackerSource {
  /** Each once, in the order of the arguments. */
  readonly trackers: readonly NamedTracker[]
  /** Of the first torrent among the arguments. */
  readonly infoHash: InfoHash | undefined
}

const MAX_TRACKERS = 10_000

/** Throws a `CommandFailure` if there is no tracker, or if an argument cannot be read. */
export async function readTrackers(
  sources: readonly string[],
  environment: Pick<CliEnvironment, 'openInput'>,
): Promise<TrackerSource> {
  const found = new Map<string, NamedTracker>()
  let infoHash: InfoHash | undefined
  for (const source of sources) {
    const { urls, infoHashes = [] } = await readSource(source, environment)
    for (const text of urls) found.set(text, named(text))
    infoHash ??= infoHashes[0]
    if (found.size > MAX_TRACKERS) throw tooMany()
  }
  const trackers = [...found.values()]
  if (trackers.length === 0) throw new CommandFailure('No trackers: there is no URL in what was given.', USAGE_ERROR)
  return { trackers, infoHash }
}

interface SourceContent {
  readonly urls: Iterable<string>
  readonly infoHashes?: readonly InfoHash[]
}

async function readSource(source: string, environment: Pick<CliEnvironment, 'openInput'>): Promise<SourceContent> {
  if (/^magnet:\?/i.test(source)) return readMagnet(source)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return { urls: [source] }
  if (/\.torrent$/i.test(source)) {
    const metainfo = await readTorrentFile(source, environment)
    return { urls: metainfo.trackers, infoHashes: infoHashesOfTorrent(metainfo) }
  }
  // Lists that were put together name trackers many times.
  const urls = new Set<string>()
  for await (const { text } of readInputLines(source, environment)) {
    const url = text.trim()
    if (url !== '' && !url.startsWith('#')) urls.add(url)
    if (urls.size > MAX_TRACKERS) throw tooMany()
  }
  return { urls }
}

function tooMany(): CommandFailure {
  return new CommandFailure(`There are more than ${MAX_TRACKERS} trackers.`)
}

function readMagnet(link: string): SourceContent {
  if (link.length > MAX_MAGNET_LENGTH) {
    throw new CommandFailure(`The magnet link is longer than ${MAX_MAGNET_LENGTH} characters.`, USAGE_ERROR)
  }
  const parameters = new URLSearchParams(link.slice(link.indexOf('?')))
  return {
    urls: [...parameters].flatMap(([name, value]) => (/^tr(?:\.\d+)?$/.test(name) ? [value] : [])),
    infoHashes: readInfoHashes(link).map(({ infoHash }) => infoHash),
  }
}

function named(text: string): NamedTracker {
  try {
    return { text, url: readTrackerUrl(text) }
  } catch (error) {
    if (error instanceof CallError) return { text, url: undefined, flaw: error.message }
    throw error
  }
}

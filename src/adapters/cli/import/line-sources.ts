// Sources of one info hash a line: the access lists of opentracker, and lists in any form that the API reads.

import { visible } from '../cell.ts'
import { type CliEnvironment, CommandFailure } from '../cli-environment.ts'
import { readInputLines } from '../input.ts'
import type { ListedRow, SourceRow } from './source-row.ts'

/** Where the torrents go, and why, where a row does not say it. */
export interface TorrentTarget {
  readonly list: ListedRow['list']
  readonly reason: string | undefined
}

const COMMENT = /^\s*(?:[#;].*)?$/
/** opentracker ignores every line that does not begin so, and what follows the hash. */
const OPENTRACKER = /^([0-9a-f]{40})(?![0-9a-f])[\s#;]*(.*\S)?\s*$/i
/** A hash, and after spaces or tabs a reason. */
const PLAIN = /^\s*(\S+)(?:\s+(.*\S))?\s*$/

export function openTrackerRows(path: string, target: TorrentTarget, environment: CliEnvironment) {
  return lineRows(path, { ...target, pattern: OPENTRACKER, flaw: 'does not begin with 40 hex digits' }, environment)
}

export function plainRows(path: string, target: TorrentTarget, environment: CliEnvironment) {
  return lineRows(path, { ...target, pattern: PLAIN, flaw: 'is not a line of text' }, environment)
}

interface LineFormat extends TorrentTarget {
  /** Captures hash and reason. */
  readonly pattern: RegExp
  /** What is said of other lines. */
  readonly flaw: string
}

async function* lineRows(path: string, format: LineFormat, environment: CliEnvironment): AsyncGenerator<SourceRow> {
  const { list, reason, pattern, flaw } = format
  for await (const { text, number } of readInputLines(path, environment)) {
    if (number === 1) rejectCompressed(text, path)
    if (COMMENT.test(text)) continue
    const at = `line ${number}`
    const [, infoHash, own] = pattern.exec(text) ?? []
    if (infoHash === undefined) yield { kind: 'bad', at, message: flaw }
    else yield { kind: 'torrent', at, list, infoHash, reason: own === undefined ? reason : visible(own) }
  }
}

/** `text` is the beginning of the file, of which gzip's second byte is not UTF-8. */
function rejectCompressed(text: string, path: string): void {
  if (text.startsWith('\u001f\ufffd')) {
    throw new CommandFailure(`${path} is compressed: unpack it first, such as with zcat ${path} | muster import ... -`)
  }
}

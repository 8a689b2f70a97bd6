// Sources of one info hash a line: the access lists of opentracker, and lists in any form that the API reads.

import { visible } from '../cell.ts'
import { type CliEnvironment, CommandFailure } from '../cli-environment.ts'
import { readInputLines } from '../input.ts'
import { type HashLine, readHashLine } from '../plain-lines.ts'
import type { ListedRow, SourceRow } from './source-row.ts'

/** Where the torrents go, and why, where a row does not say it. */
export interface TorrentTarget {
  readonly list: ListedRow['list']
  readonly reason: string | undefined
}

/** opentracker ignores every line that does not begin so, and what follows the hash. */
const OPENTRACKER = /^[0-9a-f]{40}(?![0-9a-f])/i
const BEFORE_REASON = /^[\s#;]+/

export function openTrackerRows(path: string, target: TorrentTarget, environment: CliEnvironment) {
  return lineRows(path, { ...target, read: readOpenTrackerLine }, environment)
}

export function plainRows(path: string, target: TorrentTarget, environment: CliEnvironment) {
  return lineRows(path, { ...target, read: readHashLine }, environment)
}

interface LineFormat extends TorrentTarget {
  /** A line that is neither blank nor a comment: its entry, or what is wrong with it. */
  readonly read: (text: string) => HashLine | string
}

function readOpenTrackerLine(text: string): HashLine | string {
  const [infoHash] = OPENTRACKER.exec(text) ?? []
  if (infoHash === undefined) return 'does not begin with 40 hex digits'
  return { infoHash, reason: text.slice(infoHash.length).replace(BEFORE_REASON, '').trimEnd() || undefined }
}

async function* lineRows(path: string, format: LineFormat, environment: CliEnvironment): AsyncGenerator<SourceRow> {
  const { list, reason, read } = format
  for await (const { text, number } of readInputLines(path, environment)) {
    if (number === 1) rejectCompressed(text, path)
    const start = text.trimStart()
    if (start === '' || start.startsWith('#') || start.startsWith(';')) continue
    const at = `line ${number}`
    const line = read(text)
    if (typeof line === 'string') yield { kind: 'bad', at, message: line }
    else {
      const own = line.reason === undefined ? undefined : visible(line.reason)
      yield { kind: 'torrent', at, list, infoHash: line.infoHash, reason: own ?? reason }
    }
  }
}

/** `text` is the beginning of the file, of which gzip's second byte is not UTF-8. */
function rejectCompressed(text: string, path: string): void {
  if (text.startsWith('\u001f\ufffd')) {
    throw new CommandFailure(`${path} is compressed: unpack it first, such as with zcat ${path} | muster import ... -`)
  }
}

// Converts a file of info hashes to the NDJSON of an import. NDJSON lines pass unchanged; a line of plain text is a
// hash, followed by a space and a reason if the list has reasons.

import { CommandFailure } from './cli-environment.ts'

export interface ImportOptions {
  readonly hasReasons: boolean
  /** For plain-text lines that have none. */
  readonly reason: string | undefined
}

const MAX_LINE_LENGTH = 16 * 1024
const PLAIN = /^(\S+)(?:\s+(.*\S))?\s*$/

/** What to do with a torrent file. */
export const TORRENT_FILE_REMEDY =
  'Use its info hash, which torrent clients show (transmission-show FILE prints it as "Hash"): muster whitelist add HASH'
/** A bencoded dictionary, which begins with the length of its first key. */
const TORRENT_START = /^d\d{1,3}:[a-z]/

function isTorrentFile(start: Uint8Array): boolean {
  return TORRENT_START.test(Buffer.from(start.subarray(0, 8)).toString('latin1'))
}

/**
 * Keeps the number of lines, so that errors can refer to line numbers. Empty lines and lines that begin with `#` become
 * empty lines. `progress` is called now and then with the number of lines so far.
 */
export async function* importLines(
  input: AsyncIterable<Uint8Array>,
  kind: ImportOptions,
  progress: (lines: number) => void,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  let rest = ''
  let count = 0
  for await (const piece of input) {
    if (count === 0 && rest === '' && isTorrentFile(piece)) {
      throw new CommandFailure(`The input is a torrent file, not a list of info hashes. ${TORRENT_FILE_REMEDY}`)
    }
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    count += lines.length
    if (rest.length > MAX_LINE_LENGTH) {
      throw new CommandFailure(`Line ${count + 1} of the input is longer than ${MAX_LINE_LENGTH} characters.`)
    }
    if (lines.length > 0) yield encoder.encode(lines.map((line) => `${importLine(line, kind)}\n`).join(''))
    progress(count)
  }
  rest += decoder.decode()
  if (rest === '') return
  yield encoder.encode(`${importLine(rest, kind)}\n`)
  progress(count + 1)
}

function importLine(line: string, { hasReasons, reason }: ImportOptions): string {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return ''
  if (text.startsWith('{')) return text
  const [, hash, own] = PLAIN.exec(text) ?? []
  const written = hasReasons ? (own ?? reason) : undefined
  return JSON.stringify({ info_hash: hash, ...(written === undefined ? {} : { reason: written }) })
}

// Converts a file to the NDJSON of an import. NDJSON lines pass unchanged.

import { CommandFailure } from './cli-environment.ts'

const MAX_LINE_LENGTH = 16 * 1024

/** Converts a line of plain text, which is neither blank nor a comment, to what is sent for it. */
export type LineConverter = (text: string) => object

/** A bencoded dictionary, which begins with the length of its first key. */
const TORRENT_START = /^d\d{1,3}:[a-z]/

function isTorrentFile(start: Uint8Array): boolean {
  return TORRENT_START.test(Buffer.from(start.subarray(0, 8)).toString('latin1'))
}

/**
 * Keeps the number of lines, so that errors can refer to line numbers. Empty lines and lines that begin with `#` or `;`
 * become empty lines. `progress` is called now and then with the number of lines so far.
 */
export async function* importLines(
  input: AsyncIterable<Uint8Array>,
  convert: LineConverter,
  progress: (lines: number) => void,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  let rest = ''
  let count = 0
  for await (const piece of input) {
    if (count === 0 && rest === '' && isTorrentFile(piece)) {
      throw new CommandFailure(
        'The input is a torrent file, not a list of info hashes. Add it with: muster whitelist add FILE.torrent',
      )
    }
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    count += lines.length
    if (rest.length > MAX_LINE_LENGTH) {
      throw new CommandFailure(`Line ${count + 1} of the input is longer than ${MAX_LINE_LENGTH} characters.`)
    }
    if (lines.length > 0) yield encoder.encode(lines.map((line) => `${importLine(line, convert)}\n`).join(''))
    progress(count)
  }
  rest += decoder.decode()
  if (rest === '') return
  yield encoder.encode(`${importLine(rest, convert)}\n`)
  progress(count + 1)
}

function importLine(line: string, convert: LineConverter): string {
  const text = line.trim()
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return ''
  return text.startsWith('{') ? text : JSON.stringify(convert(text))
}

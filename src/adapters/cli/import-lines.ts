// Files of info hashes on their way to an import: NDJSON as it is, plain text turned into it. A line of plain text is a hash; what comes
// behind a space is the reason, where there are reasons.

import { CommandFailure } from './cli-environment.ts'

export interface ImportKind {
  readonly hasReasons: boolean
  /** For lines of plain text that have none of their own. */
  readonly reason: string | undefined
}

const MAX_LINE_LENGTH = 16 * 1024
const PLAIN = /^(\S+)(?:\s+(.*\S))?\s*$/

/**
 * The same number of lines, so that what is wrong with one can be found by its number. Empty lines stay empty, and so do those that
 * begin with `#`. `progress` is told now and then how many lines there have been.
 */
export async function* importLines(
  input: AsyncIterable<Uint8Array>,
  kind: ImportKind,
  progress: (lines: number) => void,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  let rest = ''
  let count = 0
  for await (const piece of input) {
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

const importLine = (line: string, { hasReasons, reason }: ImportKind): string => {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return ''
  if (text.startsWith('{')) return text
  const [, hash, own] = PLAIN.exec(text) ?? []
  const written = hasReasons ? (own ?? reason) : undefined
  return JSON.stringify({ info_hash: hash, ...(written === undefined ? {} : { reason: written }) })
}

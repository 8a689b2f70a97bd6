// Files that commands read, or standard input: in pieces, in lines, or whole within a bound.

import { type CliEnvironment, CommandFailure } from './cli-environment.ts'

type InputEnvironment = Pick<CliEnvironment, 'openInput'>

const MAX_LINE_LENGTH = 16 * 1024

/** Of a file, or of standard input for `-`. Throws a `CommandFailure` when it cannot be read. */
export async function* readInput(path: string, { openInput }: InputEnvironment): AsyncGenerator<Uint8Array> {
  try {
    yield* openInput(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Whether it cannot be meant as the name of a file. */
export function isUrl(text: string): boolean {
  return text.includes('://')
}

export function unreadable(path: string, error: unknown): CommandFailure {
  const code = systemCodeOf(error)
  return new CommandFailure(`${nameOfInput(path)} cannot be read${code === undefined ? '' : ` (${code})`}.`)
}

/** Of a failed system call: `ENOENT`. Not `instanceof`, because tests run in their own realm. */
export function systemCodeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}

/** Throws a `CommandFailure` for an input of more than `maxBytes`. */
export async function readWholeInput(
  path: string,
  maxBytes: number,
  environment: InputEnvironment,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of readInput(path, environment)) {
    length += piece.length
    if (length > maxBytes) throw new CommandFailure(`${nameOfInput(path)} is longer than ${maxBytes} bytes.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** A line without its end, and its number. */
export interface InputLine {
  readonly text: string
  readonly number: number
}

/** Lines of text. Throws a `CommandFailure` for a line that is too long for text. */
export async function* readInputLines(path: string, environment: InputEnvironment): AsyncGenerator<InputLine> {
  const decoder = new TextDecoder()
  let rest = ''
  let number = 0
  for await (const piece of readInput(path, environment)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) yield { text, number: ++number }
    if (rest.length > MAX_LINE_LENGTH) {
      throw new CommandFailure(
        `Line ${number + 1} of ${nameOfInput(path)} is longer than ${MAX_LINE_LENGTH} characters.`,
      )
    }
  }
  rest += decoder.decode()
  if (rest !== '') yield { text: rest, number: number + 1 }
}

function nameOfInput(path: string): string {
  // A URL may have a password.
  if (isUrl(path)) return 'A URL, which is given for a file and not shown here,'
  return path === '-' ? 'Standard input' : path
}

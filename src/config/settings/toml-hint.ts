// What to write instead of a line that is not TOML. The parser's own message says what is wrong with the characters;
// this says what an operator most likely meant. A value is shown only if it cannot be a secret.

import { parse, TomlError } from 'smol-toml'

/** Both count from 1. */
interface Place {
  readonly line: number
  readonly column: number
}

/** Longer lines are not written by hand, and would keep the patterns below busy. */
const MAX_LINE_LENGTH = 1000
const HEADER = /^\s*(\[{1,2})\s*([\w.-]+)\s*(\]{0,2})\s*(?:#.*)?$/
const KEY = /^\s*([\w.-]+)\s*=/
const INLINE_KEY = /[{,]\s*([\w.-]+)\s*=/g
const PAIR = /^\s*([\w.-]+)\s*=\s*(.*?)\s*(?:\s#.*)?$/
/** Addresses, levels, durations and sizes: what is most often left without quotes. */
const HARMLESS = [
  /^(?:[\d.]+|\[[\da-f:]+\]|localhost|\*)?:\d{1,5}$/i,
  /^(?:off|error|warn|info|debug|trace)$/i,
  /^\d{1,9}[smhdw]$/,
  /^\d{1,9} ?[kmg]i?b$/i,
]

/** Undefined if there is no better advice than the parser's message. */
export function tomlHint(text: string, { line, column }: Place): string | undefined {
  const lines = text.split(/\r?\n/)
  const faulty = lines[line - 1] ?? ''
  if (faulty.length > MAX_LINE_LENGTH) return undefined
  const header = HEADER.exec(faulty)
  if (header !== null) return header[1].length === header[3].length ? twiceTable(lines, line) : unclosed(header)
  const pair = PAIR.exec(faulty)
  return pair === null ? undefined : (unquoted(pair) ?? twiceKey(lines, { line, column }))
}

function unclosed([, open, name]: RegExpExecArray): string {
  return `the table is not closed: write ${open}${name}${open.length === 2 ? ']]' : ']'}`
}

function isValue(text: string): boolean {
  try {
    parse(`value = ${text}`)
    return true
  } catch (error) {
    if (error instanceof TomlError) return false
    throw error
  }
}

function unquoted([, key, value]: RegExpExecArray): string | undefined {
  if (value === '') return `${key} has no value: write one after the equals sign, or remove the line`
  if (/^(?:true|yes)$/i.test(value)) return value === 'true' ? undefined : `write ${key} = true`
  if (/^(?:false|no)$/i.test(value)) return value === 'false' ? undefined : `write ${key} = false`
  const isHarmless = HARMLESS.some((form) => form.test(value))
  if (isValue(value) || (/^["'{[]/.test(value) && !isHarmless)) return undefined
  return `text needs quotes: write ${key} = "${isHarmless ? value : '...'}"`
}

/** The line on which the table of line `line` begins; 0 for options before any table. */
function tableStart(lines: readonly string[], line: number): number {
  return lines.slice(0, line - 1).findLastIndex((text) => HEADER.test(text)) + 1
}

function twiceTable(lines: readonly string[], line: number): string | undefined {
  const [, open = '', name = ''] = HEADER.exec(lines[line - 1] ?? '') ?? []
  const first = lines.slice(0, line - 1).findIndex((text) => HEADER.exec(text)?.[2] === name)
  if (first < 0) return undefined
  const before = HEADER.exec(lines[first])?.[1]
  return before === open
    ? `the table [${name}] is given twice, first on line ${first + 1}: write its options below one of them`
    : `[${name}] and [[${name}]] cannot be mixed, see line ${first + 1}: write [[${name}]] once for each entry`
}

function twiceKey(lines: readonly string[], { line, column }: Place): string | undefined {
  const [, key] = KEY.exec((lines[line - 1] ?? '').slice(column - 1)) ?? []
  if (key === undefined) return undefined
  const start = tableStart(lines, line)
  const first = lines.slice(start, line - 1).findIndex((text) => KEY.exec(text)?.[1] === key)
  if (first >= 0) return `${key} is given twice, first on line ${start + first + 1}: remove one of them`
  // After a quote that ends a value too early, what looks like a key may be the rest of a secret.
  const before = [...(lines[line - 1] ?? '').slice(0, column - 1).matchAll(INLINE_KEY)]
  return before.some(([, name]) => name === key) ? `${key} is given twice: remove one of them` : undefined
}

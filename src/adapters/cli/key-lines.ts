// A line of plain text in an import of keys: the key, when it ends, and its label, separated by spaces or tabs.

import { readDuration } from './duration.ts'
import { cutWord } from './plain-lines.ts'

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\S+)?$/
const SECONDS = /^\d{9,12}$/

/**
 * An expiry is `forever` or `-`, a lifetime from now such as `4w`, a date, a time, or seconds since 1970. A second word
 * that is none of these begins the label.
 */
export function keyLine(text: string, nowMs: number = Date.now()): object {
  const [key, others] = cutWord(text)
  const [second, rest] = others === undefined ? [] : cutWord(others)
  const validUntil = second === undefined ? null : readExpiry(second, nowMs)
  const label = validUntil === undefined ? [second, rest].filter((word) => word !== undefined).join(' ') : rest
  return { key, valid_until: validUntil ?? null, label: label ?? null }
}

/** Null: forever; undefined: not an expiry. A date that does not exist is passed on, for the tracker to reject. */
function readExpiry(word: string, nowMs: number): string | null | undefined {
  if (word === '-') return null
  const seconds = readDuration(word)
  if (seconds === null) return null
  if (seconds !== undefined) return writeMoment(nowMs + seconds * 1000)
  if (SECONDS.test(word)) return writeMoment(Number(word) * 1000)
  if (!DATE.test(word)) return undefined
  return word.includes('T') ? word : `${word}T00:00:00Z`
}

/** Not beyond the year 9999, which is the last with four digits. */
export function writeMoment(milliseconds: number): string {
  const last = Date.UTC(9999, 11, 31, 23, 59, 59)
  return new Date(Math.min(milliseconds, last)).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

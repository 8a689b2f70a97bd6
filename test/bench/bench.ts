// The interface of a benchmark to the command that runs it, and its results.

import type { ParseArgsConfig } from 'node:util'

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

export interface Report {
  readonly tables: readonly Table[]
  /** What a reader must know to interpret the figures, one sentence each. */
  readonly notes: readonly string[]
  /** False: a bound was missed. */
  readonly isPassed?: boolean
  /** Every figure behind the tables, for programs. */
  readonly figures: unknown
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Bench {
  readonly summary: string
  /** Its own options, one line each, for --help. */
  readonly help: readonly string[]
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Whether it takes words that are no options. */
  readonly takesWords?: boolean
  run(values: Values, words: readonly string[]): Promise<Report>
}

/** A command-line mistake or something missing on the machine: printed as a sentence, without a stack. */
export class CannotRun extends Error {}

/** The number given for an option that has a default. */
export function numberOf(values: Values, name: string, min = 0): number {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value < min) throw new CannotRun(`--${name} must be a number of at least ${min}`)
  return value
}

/** Reports progress on stderr; results go to stdout. */
export function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`)
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The middle value; for an even count, the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return average(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1))
}

export function fixed(value: number, digits: number): string {
  return value.toFixed(digits)
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

// Standard output in three forms: tables for people at a terminal, tab-separated lines for pipes, JSON for programs.

import Table from 'cli-table3'
import type { CliEnvironment } from './cli-environment.ts'
import type { PageReader } from './page-reader.ts'

export type Cell = string | number | null

/** Texts that come from elsewhere must not move the cursor, or break a line in two. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export const visible = (text: string): string => text.replace(INVISIBLE, '?')

const writeCell = (cell: Cell): string => (cell === null ? '-' : visible(String(cell)))

/** `1 line`, `2 lines`. */
export const pluralize = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** With a header, and numbers to the right. */
export const writeTable = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) table.push(row.map(writeCell))
  return `${table.toString()}\n`
}

/** Without a header: every line is a row. */
export const writeLine = (row: readonly Cell[]): string => `${row.map(writeCell).join('\t')}\n`

/** Each value on a line of its own (NDJSON). */
export const writeJsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`

/** One value, laid out for people who look at it. */
export const writeJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** One thing, its fields below each other. */
export const writeFields = (fields: Readonly<Record<string, Cell>>, isTerminal: boolean): string => {
  const rows = Object.entries(fields)
  if (!isTerminal) return rows.map(writeLine).join('')
  const table = new Table({ style: { head: [], border: [], compact: true } })
  for (const [name, value] of rows) table.push([name, writeCell(value)])
  return `${table.toString()}\n`
}

export interface Listing<Entry> {
  readonly head: readonly string[]
  readonly row: (entry: Entry) => readonly Cell[]
  /** Said to people when there is nothing. */
  readonly empty: string
}

/** Writes a list as its entries come in. Of programs nobody is told that there is nothing, or more. */
export const writeListing = async <Entry>(
  pages: PageReader<Entry>,
  listing: Listing<Entry>,
  { asJson, out, err, isTerminal }: CliEnvironment & { readonly asJson: boolean },
): Promise<void> => {
  const rows: (readonly Cell[])[] = []
  const isForPeople = isTerminal && !asJson
  // Of a list of any length no table is made: its columns are known only at the end.
  const isTable = isForPeople && pages.limit !== undefined
  let isEmpty = true
  for await (const entry of pages.entries()) {
    isEmpty = false
    if (isTable) rows.push(listing.row(entry))
    else out(asJson ? writeJsonLine(entry) : writeLine(listing.row(entry)))
  }
  if (rows.length > 0) out(writeTable(listing.head, rows))
  if (isForPeople && isEmpty) err(`${listing.empty}\n`)
  if (isForPeople && pages.hasMore) err('There may be more: --all, or a greater --limit.\n')
}

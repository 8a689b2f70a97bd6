// Standard output in three forms: tables on a terminal, tab-separated lines in a pipe, JSON on request.

import Table from 'cli-table3'
import type { CliEnvironment } from './cli-environment.ts'
import type { PageReader } from './page-reader.ts'

export type Cell = string | number | null

/** Text from outside must not move the cursor or break a line. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export function visible(text: string): string {
  return text.replace(INVISIBLE, '?')
}

function writeCell(cell: Cell): string {
  return cell === null ? '-' : visible(String(cell))
}

/** `1 line`, `2 lines`. */
export function pluralize(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** With a header; numbers are right-aligned. */
export function writeTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) table.push(row.map(writeCell))
  return `${table.toString()}\n`
}

/** A tab-separated row, without a header. */
export function writeLine(row: readonly Cell[]): string {
  return `${row.map(writeCell).join('\t')}\n`
}

/** One line of NDJSON. */
export function writeJsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}

/** One value, indented. */
export function writeJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** One record, a line for each field. */
export function writeFields(fields: Readonly<Record<string, Cell>>, isTerminal: boolean): string {
  const rows = Object.entries(fields)
  if (!isTerminal) return rows.map(writeLine).join('')
  const table = new Table({ style: { head: [], border: [], compact: true } })
  for (const [name, value] of rows) table.push([name, writeCell(value)])
  return `${table.toString()}\n`
}

export interface Listing<Entry> {
  readonly head: readonly string[]
  readonly row: (entry: Entry) => readonly Cell[]
  /** Shown on a terminal when the list is empty. */
  readonly empty: string
}

/** Writes entries as they arrive. Only a terminal is told that the list is empty, or that there is more. */
export async function writeListing<Entry>(
  pages: PageReader<Entry>,
  listing: Listing<Entry>,
  { asJson, out, err, isTerminal }: CliEnvironment & { readonly asJson: boolean },
): Promise<void> {
  const rows: (readonly Cell[])[] = []
  const isInteractive = isTerminal && !asJson
  // A list without a maximum is not a table: column widths would be known only at the end.
  const isTable = isInteractive && pages.limit !== undefined
  let isEmpty = true
  for await (const entry of pages.entries()) {
    isEmpty = false
    if (isTable) rows.push(listing.row(entry))
    else out(asJson ? writeJsonLine(entry) : writeLine(listing.row(entry)))
  }
  if (rows.length > 0) out(writeTable(listing.head, rows))
  if (isInteractive && isEmpty) err(`${listing.empty}\n`)
  if (isInteractive && pages.hasMore) err('There may be more: use --all or a larger --limit.\n')
}

// Standard output in three forms: tables on a terminal, tab-separated lines in a pipe, JSON on request.

import { type Cell, writeCell } from './cell.ts'
import type { CliEnvironment } from './cli-environment.ts'
import { writeJsonText } from './json-text.ts'
import type { PageReader } from './page-reader.ts'
import { writeFieldTable, writeTable } from './table.ts'

/** A tab-separated row, without a header. */
export function writeLine(row: readonly Cell[]): string {
  return `${row.map(writeCell).join('\t')}\n`
}

/** One line of NDJSON. */
export function writeJsonLine(value: unknown): string {
  return `${writeJsonText(value)}\n`
}

/** One value, indented. */
export function writeJson(value: unknown): string {
  return `${writeJsonText(value, 2)}\n`
}

/** One record, a line for each field. */
export function writeFields(
  fields: Readonly<Record<string, Cell>>,
  { isTerminal, columns, paint }: Pick<CliEnvironment, 'isTerminal' | 'columns' | 'paint'>,
): string {
  const rows = Object.entries(fields)
  return isTerminal ? writeFieldTable(rows, columns, paint) : rows.map(writeLine).join('')
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
  { asJson, out, err, isTerminal, columns }: CliEnvironment & { readonly asJson: boolean },
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
  if (rows.length > 0) out(writeTable(listing.head, rows, columns))
  if (isInteractive && isEmpty) err(`${listing.empty}\n`)
  if (isInteractive && pages.hasMore) err('There may be more: use --all or a larger --limit.\n')
}

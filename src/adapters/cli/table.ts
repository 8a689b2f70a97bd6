// Tables that fit the terminal: cells wrap at spaces, never within a word, and where not even that is enough, or the
// table would be very long, each row becomes lines of its own.

import Table from 'cli-table3'
import { type Cell, writeCell } from './cell.ts'
import { type Paint, unpainted } from './tones.ts'
import { wrapText } from './wrap-text.ts'

/** Of a column: a line and two spaces; and the last line. */
const COLUMN_FRAME = 3
const TABLE_FRAME = 1
/** What is longer would take minutes to draw, and a tracker can send a megabyte. */
const MAX_ROWS = 2000
const MAX_CELL_LENGTH = 1000
const STYLE = { head: [], border: [], compact: true }
const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}Z)(?= |$)/

/** With a header; numbers are right-aligned. */
export function writeTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number,
  paint: Paint = unpainted,
): string {
  const texts = rows.map((row) => row.map(writeTableCell))
  const widths = fittingWidths(
    texts,
    head.map((name) => name.length),
    columns,
  )
  if (widths === undefined)
    return texts.map((row, at) => writeRecord(head, row, columns, painter(rows[at], paint))).join('\n')
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')),
    style: STYLE,
  })
  for (const [at, row] of texts.entries()) table.push(wrapRow(row, widths, painter(rows[at], paint)))
  return `${table.toString()}\n`
}

/** One record, a line for each field. */
export function writeFieldTable(
  fields: readonly (readonly [name: string, value: Cell])[],
  columns: number,
  paint: Paint = unpainted,
): string {
  const texts = fields.map(([name, value]) => [name, writeTableCell(value)])
  const nameWidth = longest(
    fields.map(([name]) => name),
    0,
  )
  const widths = fittingWidths(texts, [nameWidth, 0], columns)
  if (widths === undefined) {
    return texts.map(([name, text], at) => `${name}: ${painter(fields[at], paint)(1)(text)}\n`).join('')
  }
  const table = new Table({ style: STYLE })
  for (const [at, row] of texts.entries()) table.push(wrapRow(row, widths, painter(fields[at], paint)))
  return `${table.toString()}\n`
}

/** Colours the lines of a cell, after their widths have been settled. */
type LinePainter = (column: number) => (line: string) => string

function painter(row: readonly Cell[], paint: Paint): LinePainter {
  return (column) => {
    const cell = row[column]
    return typeof cell === 'object' && cell !== null ? (line) => paint(line, cell.tone) : unpainted
  }
}

/** A time may wrap between day and hour. */
function writeTableCell(cell: Cell): string {
  return writeCell(cell).replace(TIME, '$1 $2')
}

/**
 * The widths of all columns, those with spaces narrowed as far as needed, but not below `least`; undefined if that is
 * not enough, or the table is too long.
 */
function fittingWidths(
  rows: readonly (readonly string[])[],
  least: readonly number[],
  columns: number,
): readonly number[] | undefined {
  if (rows.length > MAX_ROWS || rows.some((row) => longest(row, 0) > MAX_CELL_LENGTH)) return undefined
  const cells = least.map((_, column) => rows.map((row) => row[column] ?? ''))
  const widths = cells.map((texts, column) => longest(texts, least[column]))
  const longestWords = cells.map((texts, column) =>
    texts.reduce((most, text) => longest(text.split(' '), most), least[column]),
  )
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width + COLUMN_FRAME, TABLE_FRAME) - columns
    if (excess <= 0) return widths
    const shrinkable = widths.map((width, column) => (width > longestWords[column] ? width : 0))
    const widest = shrinkable.indexOf(shrinkable.reduce((most, width) => Math.max(most, width), 0))
    if (shrinkable[widest] === 0) return undefined
    widths[widest]--
  }
}

/**
 * At least `least`. Not by spreading the lengths, because a tracker can send more texts than a call can have arguments.
 */
function longest(texts: readonly string[], least: number): number {
  return texts.reduce((most, text) => Math.max(most, text.length), least)
}

function wrapRow(row: readonly string[], widths: readonly number[], paintLine: LinePainter): string[] {
  return row.map((text, column) =>
    wrapText(text, widths[column] ?? 0)
      .map(paintLine(column))
      .join('\n'),
  )
}

function writeRecord(head: readonly string[], row: readonly string[], columns: number, paintLine: LinePainter): string {
  const width = longest(head, 0)
  const indent = ' '.repeat(width + 2)
  const lines = head.map((name, column) => {
    const text = wrapText(row[column] ?? '', columns - indent.length).map(paintLine(column))
    return `${name.padEnd(width)}  ${text.join(`\n${indent}`)}\n`
  })
  return lines.join('')
}

// A value of a row, as text that may be shown on a terminal.

import type { TonedText } from './tones.ts'

export type Cell = string | number | TonedText | null

/** Text from outside must not move the cursor or break a line. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export function visible(text: string): string {
  return text.replace(INVISIBLE, '?')
}

export function writeCell(cell: Cell): string {
  if (cell === null) return '-'
  return visible(typeof cell === 'object' ? cell.text : String(cell))
}

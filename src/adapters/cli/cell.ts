// A value of a row, as text that may be shown on a terminal.

export type Cell = string | number | null

/** Text from outside must not move the cursor or break a line. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export function visible(text: string): string {
  return text.replace(INVISIBLE, '?')
}

export function writeCell(cell: Cell): string {
  return cell === null ? '-' : visible(String(cell))
}

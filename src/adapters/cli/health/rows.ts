// Rows as people want them, in a table, and as programs do: one a line, fields between tabs.

/** Texts that come from elsewhere must not move the cursor, or break a line in two. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export const printable = (text: string): string => text.replace(UNSEEN, '?')

export async function writeRows(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isTerminal: boolean,
): Promise<string> {
  const cells = rows.map((row) => row.map(printable))
  if (!isTerminal || cells.length === 0) return cells.map((row) => `${row.join('\t')}\n`).join('')
  // Takes time to load, which a container that asks every few seconds should not spend.
  const { default: Table } = await import('cli-table3')
  const table = new Table({ head: [...head], style: { head: [], border: [] } })
  table.push(...cells)
  return `${table.toString()}\n`
}

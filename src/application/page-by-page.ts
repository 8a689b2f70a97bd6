// Reads a whole store without holding more than a page of it.

import type { Pause } from '../domain/ports/outbound/pause.ts'

/** Rows per page: a few milliseconds of work between two pauses. */
export const PAGE_ROWS = 5000

/** Where the page after `rows` continues; undefined when they were the last ones. */
export function nextAfter<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => number,
): number | undefined {
  const last = rows.at(-1)
  return last === undefined || rows.length < limit ? undefined : positionOf(last)
}

/** Calls `readPage` for one page after another, until it reports the last one, and pauses in between. */
export async function pageByPage(
  readPage: (after: number) => Promise<number | undefined>,
  pause: Pause,
): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    after = await readPage(after)
    await pause.rest()
  }
}

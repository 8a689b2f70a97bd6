// Reading all of a store without holding more than a page of it.

import type { Pause } from '../domain/ports/outbound/pause.ts'

/** Rows of a page: a few milliseconds of work between two rests. */
export const PAGE_ROWS = 5000

/** Where the page after `rows` goes on; undefined when they were the last ones. */
export function nextAfter<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => number,
): number | undefined {
  const last = rows.at(-1)
  return last === undefined || rows.length < limit ? undefined : positionOf(last)
}

/** Calls `readPage` for one page after the other, until it says that there are no more, and rests in between. */
export async function pageByPage(
  readPage: (after: number) => Promise<number | undefined>,
  pause: Pause,
): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    after = await readPage(after)
    await pause.rest()
  }
}

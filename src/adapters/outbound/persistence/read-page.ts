// Pages of readable rows. Unreadable rows are skipped and the page continues after them, so a short page means the end.

export interface RowSource<Row, Item> {
  /** Up to `count` rows with an id above `after`, in ascending order. */
  readonly rows: (after: number, count: number) => Promise<readonly Row[]>
  /** Undefined for an unreadable row. */
  readonly read: (row: Row) => Item | undefined
}

export async function readPage<Row extends { readonly id: number }, Item>(
  after: number,
  limit: number,
  { rows, read }: RowSource<Row, Item>,
): Promise<readonly Item[]> {
  const page: Item[] = []
  for (let from = after; page.length < limit; ) {
    const wanted = limit - page.length
    const found = await rows(from, wanted)
    for (const row of found) {
      const item = read(row)
      if (item !== undefined) page.push(item)
    }
    const last = found.at(-1)
    if (last === undefined || found.length < wanted) break
    from = Number(last.id)
  }
  return page
}

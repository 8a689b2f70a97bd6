// Reads a paged list of the API as one sequence of entries.

const MAX_PER_PAGE = 1000

export interface PageQuery {
  readonly limit: number
  readonly cursor?: string
}

export interface Page<Entry> {
  readonly entries: readonly Entry[]
  /** Null at the end. */
  readonly next: string | null
}

export class PageReader<Entry> {
  readonly #fetchPage: (query: PageQuery) => Promise<Page<Entry>>
  /** The maximum number of entries; undefined: no maximum. */
  readonly limit: number | undefined
  #hasMore = false

  constructor(limit: number | undefined, fetchPage: (query: PageQuery) => Promise<Page<Entry>>) {
    this.#fetchPage = fetchPage
    this.limit = limit
  }

  /** Valid after iteration: whether the tracker has more entries. */
  get hasMore(): boolean {
    return this.#hasMore
  }

  async *entries(): AsyncGenerator<Entry> {
    let left = this.limit ?? Number.POSITIVE_INFINITY
    let cursor: string | null | undefined
    while (left > 0 && cursor !== null) {
      const limit = Math.min(left, MAX_PER_PAGE)
      const page = await this.#fetchPage({ limit, ...(cursor === undefined ? {} : { cursor }) })
      yield* page.entries
      left -= page.entries.length
      cursor = page.next
    }
    this.#hasMore = cursor !== null
  }
}

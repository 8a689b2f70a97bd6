// Limits the rows that all listings in progress hold together, however many there are and however slowly their readers
// are: the first one gets half of what there is, the next one half of the rest.

/** About 40 bytes each. */
const MAX_ROWS = 2 ** 18
/** Granted in any case: a listing that cannot hold any rows would never end. */
const MIN_ROWS = 500

export class RowBudget {
  /** The highest number that is granted. */
  readonly maxGranted: number
  #free: number

  constructor(maxRows = MAX_ROWS) {
    this.maxGranted = Math.max(maxRows >> 1, MIN_ROWS)
    this.#free = maxRows
  }

  /** The number of rows granted; to be released. */
  take(wanted: number): number {
    const rows = Math.min(wanted, Math.max(this.#free >> 1, MIN_ROWS))
    this.#free -= rows
    return rows
  }

  release(rows: number): void {
    this.#free += rows
  }

  get free(): number {
    return this.#free
  }
}

// Making memory hold what a store holds, whoever changed the store, while everybody reads the memory and changes go on.
// Entries that stay are never away. When the store fails midway, nothing has been taken away.

import type { Pause } from '../../domain/ports/outbound/pause.ts'
import { nextAfter, PAGE_ROWS, pageByPage } from '../page-by-page.ts'
import { SerialQueue } from './serial-queue.ts'

/** A store and its image in memory. */
export interface Mirror<Row> {
  readonly page: (after: number, limit: number) => Promise<readonly Row[]>
  readonly positionOf: (row: Row) => number
  /** From now on memory notes what is put. */
  readonly begin: () => void
  readonly put: (rows: readonly Row[]) => void
  /** Takes away some of what was not put since `begin`; true when nothing is left. */
  readonly endSlice: () => boolean
}

export class Reloads<Row> {
  readonly #mirror: Mirror<Row>
  readonly #changes: SerialQueue
  readonly #pause: Pause
  /** Memory knows one reload at a time. */
  readonly #reloads = new SerialQueue()

  /** `changes` is where single changes of store and memory wait for each other. */
  constructor(mirror: Mirror<Row>, changes: SerialQueue, pause: Pause) {
    this.#mirror = mirror
    this.#changes = changes
    this.#pause = pause
  }

  /** Resolves with the number of rows; `progress` is told how many have been read so far. */
  run(progress: (rows: number) => void): Promise<number> {
    return this.#reloads.run(async () => {
      const { page, positionOf, begin, put, endSlice } = this.#mirror
      let read = 0
      begin()
      const readPage = async (after: number): Promise<number | undefined> => {
        const rows = await page(after, PAGE_ROWS)
        put(rows)
        read += rows.length
        progress(read)
        return nextAfter(rows, PAGE_ROWS, positionOf)
      }
      // A page is read and put in one turn: no row of it can be removed in between. Nor is one taken away while it is
      // added.
      await pageByPage((after) => this.#changes.run(() => readPage(after)), this.#pause)
      while (!(await this.#changes.run(async () => endSlice()))) await this.#pause.rest()
      return read
    })
  }
}

// Makes memory hold what a store holds, however the store was changed, while memory is being read and changes go on.
// Entries that stay are never missing. When the store fails midway, nothing has been removed.

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
  /** Removes some of what was not put since `begin`; true when nothing is left. */
  readonly endSlice: () => boolean
}

export class Reloads<Row> {
  readonly #mirror: Mirror<Row>
  readonly #changes: SerialQueue
  readonly #pause: Pause
  /** Memory supports one reload at a time. */
  readonly #reloads = new SerialQueue()

  /** `changes` is the queue of single changes to store and memory. */
  constructor(mirror: Mirror<Row>, changes: SerialQueue, pause: Pause) {
    this.#mirror = mirror
    this.#changes = changes
    this.#pause = pause
  }

  /** Resolves with the number of rows; `progress` receives the number read so far. */
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
      // A page is read and put as one change, so none of its rows can be removed in between, nor can a row be removed
      // while it is added.
      await pageByPage((after) => this.#changes.run(() => readPage(after)), this.#pause)
      while (!(await this.#changes.run(async () => endSlice()))) await this.#pause.rest()
      return read
    })
  }
}

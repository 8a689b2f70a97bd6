// Makes memory hold what a store holds, however the store was changed, while memory is being read and changes go on.
// Entries that stay are never missing. When the store fails midway, nothing has been removed.

import type { Pause } from '../../domain/ports/outbound/pause.ts'
import { nextAfter, PAGE_ROWS, pageByPage } from '../page-by-page.ts'
import type { SerialQueue } from '../serial-queue.ts'

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

interface ReloadListener {
  /** Receives the number of rows read so far. */
  readonly progress: (rows: number) => void
  /** Called whenever this reload, or the one before it, has made progress. */
  readonly isMoving: () => void
}

/** A reload that has not begun; all further calls share it. */
interface PendingReload {
  readonly listeners: ReloadListener[]
  readonly done: Promise<number>
}

export class Reloads<Row> {
  readonly #mirror: Mirror<Row>
  readonly #changes: SerialQueue
  readonly #pause: Pause
  /** Memory supports one reload at a time; one more may be pending. */
  #pending: PendingReload | undefined
  /** The one that is pending, or else the one that runs. */
  #last: Promise<number> | undefined
  readonly #listeners = new Set<ReloadListener>()

  /** `changes` is the queue of single changes to store and memory. */
  constructor(mirror: Mirror<Row>, changes: SerialQueue, pause: Pause) {
    this.#mirror = mirror
    this.#changes = changes
    this.#pause = pause
  }

  /** Resolves with the number of rows. The store is read after the call. */
  async run(listener?: ReloadListener): Promise<number> {
    this.#pending ??= this.#following(this.#last)
    const { listeners, done } = this.#pending
    if (listener === undefined) return done
    listeners.push(listener)
    this.#listeners.add(listener)
    try {
      return await done
    } finally {
      this.#listeners.delete(listener)
    }
  }

  /** When the earlier one fails, so does this one: it would find the same, and its callers have waited long enough. */
  #following(earlier: Promise<number> | undefined): PendingReload {
    const listeners: ReloadListener[] = []
    const work = async (): Promise<number> => {
      try {
        await earlier
        this.#pending = undefined
        return await this.#reload(listeners)
      } finally {
        if (this.#pending === pending) this.#pending = undefined
        if (this.#last === pending.done) this.#last = undefined
      }
    }
    const pending = { listeners, done: work() }
    this.#last = pending.done
    return pending
  }

  async #reload(listeners: readonly ReloadListener[]): Promise<number> {
    const { page, positionOf, begin, put, endSlice } = this.#mirror
    let read = 0
    begin()
    const readPage = async (after: number): Promise<number | undefined> => {
      const rows = await page(after, PAGE_ROWS)
      put(rows)
      read += rows.length
      for (const { progress } of listeners) progress(read)
      this.#noteMove()
      return nextAfter(rows, PAGE_ROWS, positionOf)
    }
    // A page is read and put as one change, so none of its rows can be removed in between, nor can a row be removed
    // while it is added.
    await pageByPage((after) => this.#changes.run(() => readPage(after)), this.#pause)
    while (!(await this.#changes.run(async () => endSlice()))) {
      this.#noteMove()
      await this.#pause.rest()
    }
    return read
  }

  #noteMove(): void {
    for (const { isMoving } of this.#listeners) isMoving()
  }
}

// Room in a table of the access memory, reserved for entries on their way to the store: an entry that the store has
// acknowledged must not find the table full.

import { Refusal } from '../../domain/refusal.ts'

export class TableRoom {
  readonly #capacity: number
  readonly #records: () => number
  readonly #setting: string
  #reserved = 0

  /** `records` returns the current number, `setting` is the option that an operator raises to get more room. */
  constructor(capacity: number, records: () => number, setting: string) {
    this.#capacity = capacity
    this.#records = records
    this.#setting = setting
  }

  /** Release it when the entries are in the table or will not come. Throws a `Refusal` 'table-full'. */
  reserve(count: number): void {
    this.expect(count)
    this.#reserved += count
  }

  release(count: number): void {
    this.#reserved -= count
  }

  /** Throws a `Refusal` 'table-full' unless there is room for `count` more besides what is reserved. */
  expect(count: number): void {
    if (this.#records() + this.#reserved + count <= this.#capacity) return
    throw new Refusal(
      'table-full',
      `no room for ${count} more entries, ${this.#capacity} at most: raise ${this.#setting} and restart`,
    )
  }
}

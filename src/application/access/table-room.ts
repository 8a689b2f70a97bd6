// Room in a table of the access memory, set aside for entries that are on their way to the store: what the store has
// acknowledged must not find the table full.

import { Refusal } from '../../domain/refusal.ts'

export class TableRoom {
  readonly #capacity: number
  readonly #records: () => number
  readonly #setting: string
  #reserved = 0

  /** `records` says how many there are, `setting` is what an operator raises to have more room. */
  constructor(capacity: number, records: () => number, setting: string) {
    this.#capacity = capacity
    this.#records = records
    this.#setting = setting
  }

  /** To be given back when the entries are in the table or will not come. Throws a `Refusal` 'table-full'. */
  reserve(count: number): void {
    this.expect(count)
    this.#reserved += count
  }

  release(count: number): void {
    this.#reserved -= count
  }

  /** Throws a `Refusal` 'table-full' unless there is room for so many besides what is set aside. */
  expect(count: number): void {
    if (this.#records() + this.#reserved + count <= this.#capacity) return
    throw new Refusal(
      'table-full',
      `there is room for ${this.#capacity} entries, and not for ${count} more: raise ${this.#setting} and start again`,
    )
  }
}

// What a contract is tested on: a store that starts empty, and a way to make it unavailable.

export interface Subject<Store> {
  readonly store: Store
  /** Makes every operation of the store fail from now on. */
  readonly makeUnavailable: () => Promise<void>
  readonly close: () => Promise<void>
}

export type Open<Store> = () => Promise<Subject<Store>>

/** Makes a subject for each test and closes it after. */
export class Subjects<Store> {
  readonly #open: Open<Store>
  readonly #opened: Subject<Store>[] = []

  constructor(open: Open<Store>) {
    this.#open = open
  }

  async fresh(): Promise<Subject<Store>> {
    const subject = await this.#open()
    this.#opened.push(subject)
    return subject
  }

  async close(): Promise<void> {
    for (const subject of this.#opened.splice(0)) await subject.close()
  }
}

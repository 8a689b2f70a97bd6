// A store with an image in memory that all threads read: what the store has acknowledged is put into memory, and only
// then reported. Changes run one at a time, so that store and memory see them in the same order; after an unconfirmed
// write, memory is reloaded from the store before anything else is done.

import type { Pause } from '../../domain/ports/outbound/pause.ts'
import { nextAfter } from '../page-by-page.ts'
import { type Mirror, Reloads } from './reloads.ts'
import { SerialQueue } from './serial-queue.ts'
import { UnconfirmedWrites } from './unconfirmed-writes.ts'

export class MirroredStore<Row> {
  readonly #mirror: Mirror<Row>
  readonly #changes = new SerialQueue()
  readonly #unconfirmed = new UnconfirmedWrites(() => this.reload())
  readonly #reloads: Reloads<Row>

  constructor(mirror: Mirror<Row>, pause: Pause) {
    this.#mirror = mirror
    this.#reloads = new Reloads(mirror, this.#changes, pause)
  }

  /** Runs `work`, which changes store and memory, after all earlier changes. It passes its write to `write`. */
  async change<T>(work: () => Promise<T>): Promise<T> {
    await this.#unconfirmed.resolve()
    return this.#changes.run(work)
  }

  /** Writes to the store; call it within a change. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.#unconfirmed.note(work)
  }

  /** Reads from the store, once memory is known to agree with it. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    await this.#unconfirmed.resolve()
    return work()
  }

  async page(after: number, limit: number): Promise<{ rows: readonly Row[]; next: number | undefined }> {
    const { page, positionOf } = this.#mirror
    const rows = await this.read(() => page(after, limit))
    return { rows, next: nextAfter(rows, limit, positionOf) }
  }

  /** Makes memory hold what the store holds; `progress` receives the number of rows read so far. */
  reload(progress: (rows: number) => void = () => {}): Promise<number> {
    return this.#reloads.run(progress)
  }
}

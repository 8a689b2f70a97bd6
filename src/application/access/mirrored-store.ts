// A store with an image in memory that all threads read: what the store has acknowledged is put into memory, and only
// then reported. Changes run one at a time, so that store and memory see them in the same order; after an unconfirmed
// write, memory is reloaded from the store before anything else is done.

import type { Pause } from '../../domain/ports/outbound/pause.ts'
import type { Timer } from '../../domain/ports/outbound/timer.ts'
import { Refusal } from '../../domain/refusal.ts'
import { nextAfter } from '../page-by-page.ts'
import { SerialQueue } from '../serial-queue.ts'
import { lateRefusal, withinDeadline } from './deadline.ts'
import { type Mirror, Reloads } from './reloads.ts'
import { UnconfirmedWrites } from './unconfirmed-writes.ts'

/** With a store that answers, changes take milliseconds; more than these are waiting for one that does not. */
export const MAX_WAITING_CHANGES = 256

export interface MirrorDependencies {
  readonly pause: Pause
  readonly timer: Timer
}

export class MirroredStore<Row> {
  readonly #mirror: Mirror<Row>
  readonly #changes = new SerialQueue()
  readonly #unconfirmed = new UnconfirmedWrites(() => this.#reloads.run())
  readonly #reloads: Reloads<Row>
  readonly #timer: Timer
  #waitingChanges = 0

  constructor(mirror: Mirror<Row>, { pause, timer }: MirrorDependencies) {
    this.#mirror = mirror
    this.#timer = timer
    this.#reloads = new Reloads(mirror, this.#changes, pause)
  }

  /**
   * Runs `work`, which changes store and memory, after all earlier changes. It passes its write to `write`. Rejects
   * with a `Refusal` 'store-unavailable' at the deadline, and at once when too many changes are waiting.
   */
  async change<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waitingChanges >= MAX_WAITING_CHANGES) {
      throw new Refusal('store-unavailable', 'too many changes are waiting for the database')
    }
    return withinDeadline(this.#timer, async (deadline) => {
      this.#waitingChanges++
      try {
        await this.#unconfirmed.resolve()
        return await this.#changes.run(async () => {
          if (deadline.hasPassed) throw lateRefusal()
          return work()
        })
      } finally {
        this.#waitingChanges--
      }
    })
  }

  /** Writes to the store; call it within a change. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.#unconfirmed.note(work)
  }

  /** Reads from the store, once memory is known to agree with it. Rejects at the deadline. */
  read<T>(work: () => Promise<T>): Promise<T> {
    return withinDeadline(this.#timer, async (deadline) => {
      await this.#unconfirmed.resolve()
      if (deadline.hasPassed) throw lateRefusal()
      return work()
    })
  }

  async page(after: number, limit: number): Promise<{ rows: readonly Row[]; next: number | undefined }> {
    const { page, positionOf } = this.#mirror
    const rows = await this.read(() => page(after, limit))
    return { rows, next: nextAfter(rows, limit, positionOf) }
  }

  /**
   * Makes memory hold what the store holds; `progress` receives the number of rows read so far. Rejects when no reload
   * makes any progress for as long as a deadline.
   */
  reload(progress: (rows: number) => void = () => {}): Promise<number> {
    return withinDeadline(this.#timer, ({ extend }) => this.#reloads.run({ progress, isMoving: extend }))
  }
}

// When swarms are saved: every so often, on request, and at the end. Never twice at once.

import type { SnapshotSaved, Snapshots } from '../../../domain/ports/inbound/snapshots.ts'
import { Repeater } from './repeater.ts'

export interface SnapshotWatch {
  readonly saved: (saved: SnapshotSaved, milliseconds: number) => void
  /** Told once, and again only after a success in between: a disk that is full stays so for a while. */
  readonly failed: (error: unknown) => void
}

export class SnapshotSchedule {
  readonly #saves: Repeater<SnapshotSaved>
  readonly #isPeriodic: boolean
  #isStarted = false

  /** With an interval of 0 swarms are saved on request and at the end. */
  constructor(snapshots: Snapshots, intervalSeconds: number, watch: SnapshotWatch) {
    this.#isPeriodic = intervalSeconds > 0
    this.#saves = new Repeater(() => snapshots.save(), {
      intervalMilliseconds: intervalSeconds * 1000,
      done: (saved, { milliseconds }) => watch.saved(saved, milliseconds),
      failed: (error, { failuresBefore }) => {
        if (failuresBefore === 0) watch.failed(error)
      },
    })
  }

  /** The first snapshot is due after one interval. */
  start(): void {
    this.#isStarted = true
    if (this.#isPeriodic) this.#saves.start()
  }

  /** A snapshot that is begun after this call; resolves when it is stored, or could not be. */
  async save(): Promise<void> {
    await this.#saves.runAfresh()
  }

  /** The last one, if there has been a start: to be called when announces have ended. */
  async stop(): Promise<void> {
    this.#saves.stop()
    if (!this.#isStarted) return
    this.#isStarted = false
    await this.save()
  }
}

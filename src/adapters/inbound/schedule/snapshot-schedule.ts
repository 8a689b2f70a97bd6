// Schedules saving the swarms: at an interval, on request, and at shutdown. Never two at once.

import type { SnapshotSaved, Snapshots } from '../../../domain/ports/inbound/snapshots.ts'
import { Repeater } from './repeater.ts'

export interface SnapshotWatch {
  readonly saved: (saved: SnapshotSaved, milliseconds: number) => void
  /** Called once, and again only after a success in between: a full disk stays full for a while. */
  readonly failed: (error: unknown) => void
}

export class SnapshotSchedule {
  readonly #saves: Repeater<SnapshotSaved>
  readonly #isPeriodic: boolean
  #isStarted = false

  /** With an interval of 0 swarms are saved only on request and at shutdown. */
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

  /** The first snapshot is taken after one interval. */
  start(): void {
    this.#isStarted = true
    if (this.#isPeriodic) this.#saves.start()
  }

  /** Takes a snapshot that begins after this call; resolves when it is stored or has failed. */
  async save(): Promise<void> {
    await this.#saves.runAfresh()
  }

  /** Takes the last snapshot if the schedule was started; to be called when announces have ended. */
  async stop(): Promise<void> {
    this.#saves.stop()
    if (!this.#isStarted) return
    this.#isStarted = false
    await this.save()
  }
}

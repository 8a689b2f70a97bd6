// When swarms are saved: every so often, when somebody asks, and at the end. Never twice at once.

import type { SnapshotSaved, Snapshots } from '../../../domain/ports/inbound/snapshots.ts'

export interface SnapshotWatch {
  readonly saved: (saved: SnapshotSaved, milliseconds: number) => void
  /** Told once, and again only after a success in between: a disk that is full stays so for a while. */
  readonly failed: (error: unknown) => void
}

export class SnapshotSchedule {
  readonly #snapshots: Snapshots
  readonly #intervalMilliseconds: number
  readonly #watch: SnapshotWatch
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> | undefined
  #next: Promise<void> | undefined
  #isStarted = false
  #hasFailed = false

  /** With an interval of 0 swarms are saved at the end and when somebody asks. */
  constructor(snapshots: Snapshots, intervalSeconds: number, watch: SnapshotWatch) {
    this.#snapshots = snapshots
    this.#intervalMilliseconds = intervalSeconds * 1000
    this.#watch = watch
  }

  /** The first snapshot is due after one interval. */
  start(): void {
    this.#isStarted = true
    if (this.#intervalMilliseconds === 0) return
    this.#timer = setTimeout(() => {
      // Whoever asked meanwhile has had it made.
      void (this.#saving ?? this.save()).then(() => {
        if (this.#timer !== undefined) this.start()
      })
    }, this.#intervalMilliseconds)
  }

  /** A snapshot that is begun after this call; resolves when it is stored, or could not be. */
  save(): Promise<void> {
    if (this.#saving === undefined) return this.#begin()
    this.#next ??= this.#saving.then(() => {
      this.#next = undefined
      return this.#begin()
    })
    return this.#next
  }

  /** The last one, if there has been a start: to be called when nobody announces any more. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#isStarted) return
    this.#isStarted = false
    await this.save()
  }

  #begin(): Promise<void> {
    const saving = this.#save().finally(() => {
      if (this.#saving === saving) this.#saving = undefined
    })
    this.#saving = saving
    return saving
  }

  async #save(): Promise<void> {
    const begun = performance.now()
    try {
      const saved = await this.#snapshots.save()
      this.#hasFailed = false
      this.#watch.saved(saved, performance.now() - begun)
    } catch (error) {
      if (!this.#hasFailed) this.#watch.failed(error)
      this.#hasFailed = true
    }
  }
}

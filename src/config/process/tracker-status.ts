// The progress of the start or stop, and the services that run so far, for the health API.

import type { RunningTracker, Service } from '../../adapters/inbound/health/running-tracker.ts'

export class TrackerStatus implements RunningTracker {
  readonly #sources: (() => readonly Service[])[] = []
  #state: ReturnType<RunningTracker['state']> = 'starting'
  #hasFailed = false
  #isUnderAttack = () => false
  #pingDatabase: (() => Promise<void>) | undefined
  readonly pingDatabase: RunningTracker['pingDatabase']

  /** `hasDatabase`: a database is configured, open or not. */
  constructor(hasDatabase: boolean) {
    this.pingDatabase = hasDatabase ? this.#ping : undefined
  }

  readonly services = (): readonly Service[] => this.#sources.flatMap((source) => source())
  readonly state = (): ReturnType<RunningTracker['state']> => this.#state
  readonly hasFailed = (): boolean => this.#hasFailed
  readonly isUnderAttack = (): boolean => this.#isUnderAttack()

  /** `source` is asked again each time. */
  addServices(source: () => readonly Service[]): void {
    this.#sources.push(source)
  }

  /** `ask` is asked each time. */
  watchAttacks(ask: () => boolean): void {
    this.#isUnderAttack = ask
  }

  markDatabaseOpen(ask: () => Promise<void>): void {
    this.#pingDatabase = ask
  }

  markReady(): void {
    this.#state = 'ready'
  }

  markStopping(): void {
    this.#state = 'stopping'
  }

  /** A thread has died. */
  markFailed(): void {
    this.#hasFailed = true
  }

  readonly #ping = async (): Promise<void> => {
    if (this.#pingDatabase === undefined) throw new Error('the database is not open yet')
    await this.#pingDatabase()
  }
}

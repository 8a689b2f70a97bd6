// Keeps swarms across restarts if configured: loads them at start, saves them periodically and at the end.

import { SnapshotSchedule } from '../../adapters/inbound/schedule/snapshot-schedule.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { Snapshots } from '../../domain/ports/inbound/snapshots.ts'
import type { Logger } from '../process/logger.ts'
import type { SnapshotSettings } from '../settings/settings.ts'
import type { Get } from '../wiring/bindings.ts'

export class SwarmKeeping {
  readonly #settings: SnapshotSettings
  readonly #snapshots: Snapshots
  readonly #logger: Logger
  readonly #schedule: SnapshotSchedule
  #isLive = false

  constructor(settings: SnapshotSettings, get: Get, logger: Logger) {
    this.#settings = settings
    this.#snapshots = get(Snapshots)
    this.#logger = logger
    this.#schedule = new SnapshotSchedule(this.#snapshots, settings.intervalSeconds, {
      saved: (saved, milliseconds) => logger.log('info', 'SNAPSHOT', 'swarms saved', { ...saved, milliseconds }),
      failed: (error) => logger.log('error', 'SNAPSHOT', `swarms cannot be saved: ${errorMessage(error)}`),
    })
  }

  get isEnabled(): boolean {
    return this.#settings.isEnabled
  }

  /** A problem with the snapshot is only logged: the tracker starts without it. */
  async load(): Promise<void> {
    if (!this.isEnabled) return
    const begun = performance.now()
    try {
      const outcome = await this.#snapshots.load()
      if (outcome === undefined) this.#logger.log('info', 'SNAPSHOT', 'no swarms have been saved yet')
      else if (outcome.kind === 'refused') this.#warn(outcome.reason)
      else {
        const { kind: _, ...figures } = outcome
        const milliseconds = performance.now() - begun
        this.#logger.log('info', 'SNAPSHOT', 'swarms loaded', { ...figures, milliseconds })
      }
    } catch (error) {
      this.#warn(errorMessage(error))
    }
  }

  /** From now on the swarms in memory are newer than those in the file. */
  start(): void {
    if (!this.isEnabled) return
    this.#isLive = true
    this.#schedule.start()
  }

  /** Starts an extra snapshot, unless the file still has the better data. */
  save(): void {
    if (this.#isLive) void this.#schedule.save()
  }

  async stop(): Promise<void> {
    await this.#schedule.stop()
  }

  #warn(reason: string): void {
    this.#logger.log('warn', 'SNAPSHOT', `saved swarms are not used: ${reason} (${this.#settings.file})`)
  }
}

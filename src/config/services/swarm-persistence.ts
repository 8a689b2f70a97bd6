// Keeps swarms across restarts if configured: loads them at start, saves them periodically and at the end.

import { SnapshotSchedule } from '../../adapters/inbound/schedule/snapshot-schedule.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { Snapshots } from '../../domain/ports/inbound/snapshots.ts'
import type { Logger } from '../process/logger.ts'
import type { SnapshotSettings } from '../settings/settings.ts'
import type { Get } from '../wiring/bindings.ts'
import { tenths } from './tenths.ts'

const NOT_USED = 'saved swarms are not used'

export class SwarmKeeping {
  readonly #settings: SnapshotSettings
  readonly #snapshots: Snapshots
  readonly #logger: Logger
  readonly #schedule: SnapshotSchedule
  #isLive = false
  #isWanted = false

  constructor(settings: SnapshotSettings, get: Get, logger: Logger) {
    this.#settings = settings
    this.#snapshots = get(Snapshots)
    this.#logger = logger
    this.#schedule = new SnapshotSchedule(this.#snapshots, settings.intervalSeconds, {
      saved: (saved, milliseconds) =>
        logger.log('info', 'SNAPSHOT', 'swarms saved', { ...saved, milliseconds: tenths(milliseconds) }),
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
      else if (outcome.kind === 'refused') this.#warn(NOT_USED, outcome.reason)
      else {
        const { kind: _, aheadSeconds, brokenOff, ...figures } = outcome
        if (aheadSeconds > 0) this.#warnOfClock(aheadSeconds)
        const details = { ...figures, milliseconds: tenths(performance.now() - begun) }
        if (brokenOff === undefined) this.#logger.log('info', 'SNAPSHOT', 'swarms loaded', details)
        else this.#warn('only a part of the saved swarms could be loaded', brokenOff, details)
      }
    } catch (error) {
      this.#warn(NOT_USED, errorMessage(error))
    }
  }

  /** From now on the swarms in memory are newer than those in the file. */
  start(): void {
    if (!this.isEnabled) return
    this.#isLive = true
    this.#schedule.start()
    if (this.#isWanted) this.save()
  }

  /** Starts an extra snapshot; while the file still has the better data, that waits. */
  save(): void {
    if (this.#isLive) void this.#schedule.save()
    else this.#isWanted = true
  }

  /** Rejects if the last snapshot could not be saved. */
  async stop(): Promise<void> {
    await this.#schedule.stop()
  }

  #warnOfClock(aheadSeconds: number): void {
    const sentence = `swarms were saved ${Math.round(aheadSeconds)} s in the future: the clock has been set back`
    this.#logger.log('warn', 'SNAPSHOT', `${sentence}; peers keep the ages they had then (${this.#settings.file})`)
  }

  #warn(sentence: string, reason: string, details?: Readonly<Record<string, unknown>>): void {
    this.#logger.log('warn', 'SNAPSHOT', `${sentence}: ${reason} (${this.#settings.file})`, details)
  }
}

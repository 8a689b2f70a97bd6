// Takes over from a running tracker in four steps, without a gap: it saves its swarms; we load them and listen beside
// it; it answers what it has received, saves again and exits; we add what it has learned in the meantime.

import type { Logger } from '../process/logger.ts'
import type { SwarmKeeping } from '../services/swarm-persistence.ts'
import type { Settings } from '../settings/settings.ts'
import type { ThreadGroups } from '../threads/thread-groups.ts'
import { Predecessor } from './predecessor.ts'

const SAVE_TIMEOUT_MS = 30_000
/** Added to the time that it may take to stop. */
const STOP_EXTRA_MS = 20_000

export class TakeOver {
  readonly #settings: Settings
  readonly #logger: Logger
  readonly #predecessor: Predecessor | undefined

  /** `pid` is the process that serves from the same data directory, if there is one. */
  constructor(pid: number | undefined, isWanted: boolean, settings: Settings, logger: Logger) {
    this.#settings = settings
    this.#logger = logger
    this.#predecessor = isWanted && pid !== undefined ? new Predecessor(pid) : undefined
    if (isWanted && pid === undefined)
      this.#report('info', 'no tracker is running from this data directory: nothing to take over')
    if (!isWanted && pid !== undefined) {
      this.#report('warn', `process ${pid} serves from the same data directory; both will write their files there`)
    }
  }

  /** Whether there is a process to take over from. */
  get hasPredecessor(): boolean {
    return this.#predecessor !== undefined
  }

  /** To be called before anything listens; loads swarms in any case. */
  async prepare(swarms: SwarmKeeping): Promise<void> {
    const predecessor = this.#predecessor
    if (predecessor !== undefined) {
      this.#report('info', `taking over from process ${predecessor.pid}`)
      const { file } = this.#settings.snapshot
      if (swarms.isEnabled && !(await predecessor.saveSwarms(file, SAVE_TIMEOUT_MS))) {
        this.#report('warn', 'it did not save its swarms on request')
      }
    }
    await swarms.load()
  }

  /** To be called when everything listens. */
  async complete(swarms: SwarmKeeping, groups: ThreadGroups): Promise<void> {
    const predecessor = this.#predecessor
    if (predecessor === undefined) return
    const timeoutMs = this.#settings.process.shutdownDeadlineSeconds * 1000 + STOP_EXTRA_MS
    if (await predecessor.stop(timeoutMs)) {
      this.#report('info', `process ${predecessor.pid} has exited`)
      await swarms.load()
    } else this.#report('warn', `process ${predecessor.pid} did not stop: both are serving`)
    groups.succeed()
  }

  #report(level: 'info' | 'warn', message: string): void {
    this.#logger.log(level, 'CORE', message)
  }
}

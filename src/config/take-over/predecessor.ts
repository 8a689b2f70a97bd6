// The process whose ports and swarms are taken over: controlled by signals, observed through their effects.

import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isRunning, startTime } from '../process/pid-file.ts'

const LOOK_EVERY_MS = 20
/** For the kernel, which has to free all its memory. */
const KILL_TIMEOUT_MS = 5000

export class Predecessor {
  readonly pid: number
  readonly #startedAt: string

  /** The process must be running. */
  constructor(pid: number) {
    this.pid = pid
    this.#startedAt = startTime(pid)
  }

  /** Makes it save its swarms in `file` while it serves; false if the file has not changed in time. */
  async saveSwarms(file: string, timeoutMs: number): Promise<boolean> {
    const before = versionOf(file)
    return this.#signal('SIGUSR2') && (await this.#becomes(() => versionOf(file) !== before, timeoutMs))
  }

  /**
   * Makes it stop: it answers what it has received, saves its swarms and exits. If it has not in time it is killed: two
   * trackers would split the swarms.
   */
  async stop(timeoutMs: number): Promise<'stopped' | 'killed' | 'running'> {
    if (await this.#ends('SIGTERM', timeoutMs)) return 'stopped'
    return (await this.#ends('SIGKILL', KILL_TIMEOUT_MS)) ? 'killed' : 'running'
  }

  async #ends(signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
    return !this.#signal(signal) || (await this.#becomes(() => !this.#isAlive(), timeoutMs))
  }

  /** By now another process may have its id. */
  #isAlive(): boolean {
    return isRunning(this.pid) && startTime(this.pid) === this.#startedAt
  }

  #signal(signal: NodeJS.Signals): boolean {
    try {
      return this.#isAlive() && process.kill(this.pid, signal)
    } catch {
      return false
    }
  }

  async #becomes(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await setTimeout(LOOK_EVERY_MS)) {
      if (isSo()) return true
    }
    return isSo()
  }
}

/** Changes when the file is replaced by another. */
function versionOf(file: string): string {
  const facts = statSync(file, { bigint: true, throwIfNoEntry: false })
  return facts === undefined ? '' : `${facts.ino} ${facts.mtimeNs}`
}

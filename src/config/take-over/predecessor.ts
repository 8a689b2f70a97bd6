// The process whose ports and swarms are taken over: asked by signals, watched through what it does.

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

  /** Has it save its swarms in `file`, while it serves; false when nothing came of it in time. */
  async saveSwarms(file: string, timeoutMs: number): Promise<boolean> {
    const before = versionOf(file)
    return this.#signal('SIGUSR2') && (await this.#becomes(() => versionOf(file) !== before, timeoutMs))
  }

  /**
   * Has it stop: it answers what has come in, saves its swarms and is gone. One that is not gone in time is killed:
   * two trackers would share the clients between them.
   */
  async stop(timeoutMs: number): Promise<'stopped' | 'killed' | 'running'> {
    if (await this.#ends('SIGTERM', timeoutMs)) return 'stopped'
    return (await this.#ends('SIGKILL', KILL_TIMEOUT_MS)) ? 'killed' : 'running'
  }

  async #ends(signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
    return !this.#signal(signal) || (await this.#becomes(() => !this.#isThere(), timeoutMs))
  }

  /** Its number may be another process's by now. */
  #isThere(): boolean {
    return isRunning(this.pid) && startTime(this.pid) === this.#startedAt
  }

  #signal(signal: NodeJS.Signals): boolean {
    try {
      return this.#isThere() && process.kill(this.pid, signal)
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

/** A file that was put in its place is another one. */
function versionOf(file: string): string {
  const facts = statSync(file, { bigint: true, throwIfNoEntry: false })
  return facts === undefined ? '' : `${facts.ino} ${facts.mtimeNs}`
}

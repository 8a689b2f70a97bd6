// The process whose ports and swarms are taken over: controlled by signals, observed through their effects.

import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isRunning } from '../process/pid-file.ts'

const LOOK_EVERY_MS = 20

export class Predecessor {
  readonly pid: number

  constructor(pid: number) {
    this.pid = pid
  }

  /** Makes it save its swarms in `file` while it serves; false if the file has not changed in time. */
  async saveSwarms(file: string, timeoutMs: number): Promise<boolean> {
    const before = versionOf(file)
    return this.#signal('SIGUSR2') && (await this.#becomes(() => versionOf(file) !== before, timeoutMs))
  }

  /** Makes it stop: it answers what it has received, saves its swarms and exits. False if it has not in time. */
  async stop(timeoutMs: number): Promise<boolean> {
    return !this.#signal('SIGTERM') || (await this.#becomes(() => !isRunning(this.pid), timeoutMs))
  }

  #signal(signal: NodeJS.Signals): boolean {
    try {
      return process.kill(this.pid, signal)
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

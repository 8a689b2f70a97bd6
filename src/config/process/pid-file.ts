// The process that serves from a data directory: its id and, where the system has it, its start time, so that a later
// process with the same id is not mistaken for it.

import { readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolders } from '../../adapters/outbound/make-folders.ts'
import { errorMessage } from '../../domain/error-message.ts'
import type { Logger } from './logger.ts'

/** Its name in the data directory. */
export const PID_FILE = 'muster.pid'

export class PidFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** The process in the file, if it is running and not this one. */
  otherPid(): number | undefined {
    const [pid, startedAt] = this.#read()
    if (pid === process.pid || !isRunning(pid)) return undefined
    return startTime(pid) === startedAt ? pid : undefined
  }

  /** Writes this process to the file. */
  write(): void {
    const draft = `${this.#path}.${process.pid}`
    makeFolders(dirname(this.#path))
    writeFileSync(draft, `${process.pid} ${startTime(process.pid)}\n`, { mode: 0o600 })
    renameSync(draft, this.#path)
  }

  /** Does nothing if the file names another process by now. */
  remove(): void {
    if (this.#read()[0] === process.pid) rmSync(this.#path, { force: true })
  }

  #read(): readonly [pid: number, startedAt: string] {
    try {
      const [pid = '', startedAt = ''] = readFileSync(this.#path, 'latin1').trim().split(' ')
      return [/^[1-9]\d{0,9}$/.test(pid) ? Number(pid) : 0, startedAt]
    } catch {
      return [0, '']
    }
  }
}

/** Only a take-over depends on it: the tracker serves even if the file cannot be written. */
export function nameProcess(pidFile: PidFile, logger: Logger): void {
  try {
    pidFile.write()
  } catch (error) {
    const reason = errorMessage(error)
    logger.log('warn', 'CORE', `no other process can take over from this one: ${reason}`)
  }
}

/** Whether a process is recognized by more than its number. */
export function knowsStartTimes(): boolean {
  return startTime(process.pid) !== '-'
}

export function isRunning(pid: number): boolean {
  if (pid === 0) return false
  try {
    process.kill(pid, 0)
    // A process that has ended waits as a zombie until its parent asks how.
    return statOf(pid)[0] !== 'Z'
  } catch {
    return false
  }
}

/** In ticks since the system was started; `-` if the system does not report it. */
export function startTime(pid: number): string {
  return statOf(pid)[19] ?? '-'
}

/** The fields of `/proc/PID/stat` from the state on; none if the file is missing or about other processes. */
function statOf(pid: number): readonly string[] {
  try {
    // In a PID namespace of its own a process may see the /proc of another one.
    if (readlinkSync('/proc/self') !== String(process.pid)) return []
    // The program's name, in brackets, may contain anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

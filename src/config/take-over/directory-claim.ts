// One data directory, one tracker: the right to write there, which the kernel holds for the life of the process, and
// its way from a process to its successor. Two locks: the tracker's, and that of a take-over while it lasts.

import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { FileLock } from '../../adapters/outbound/persistence/file-lock.ts'
import type { Logger } from '../process/logger.ts'
import { knowsStartTimes, nameProcess, PID_FILE, PidFile } from '../process/pid-file.ts'

const LOOK_EVERY_MS = 20
/** Another start looks at the lock of take-overs, which takes it a moment. */
const TAKE_OVER_TIMEOUT_MS = 100
/** From taking the lock until `muster.pid` is written. */
const NAME_TIMEOUT_MS = 1000
/** Another start may have the lock for a moment. */
const HAND_OVER_TIMEOUT_MS = 5000

export class DirectoryClaim {
  readonly #path: string
  readonly #pidFile: PidFile
  readonly #logger: Logger
  #tracker: FileLock | undefined
  #takeOver: FileLock | undefined
  #predecessorPid: number | undefined
  #cannotLock = false

  constructor(path: string, logger: Logger) {
    this.#path = resolve(path)
    this.#pidFile = new PidFile(this.#file(PID_FILE))
    this.#logger = logger
  }

  /** The process that serves from the directory and is to be replaced by this one. */
  get predecessorPid(): number | undefined {
    return this.#predecessorPid
  }

  /** Rejects with a message for the operator if another tracker serves from the directory and may not be replaced. */
  async take(takesOver: boolean): Promise<void> {
    if (takesOver) await this.#takePlace()
    else this.#takeFree()
    if (this.#predecessorPid === undefined) this.#settle()
  }

  /** To be called once the predecessor has exited, before anything is written to the directory. */
  async inherit(): Promise<void> {
    const isFree = await becomes(() => this.#tryTracker() !== 'taken', HAND_OVER_TIMEOUT_MS)
    if (!isFree) throw new Error(`another process than ${this.#predecessorPid} serves from ${this.#path} too`)
    this.#settle()
  }

  release(): void {
    this.#pidFile.remove()
    for (const lock of [this.#takeOver, this.#tracker]) lock?.release()
    this.#takeOver = undefined
    this.#tracker = undefined
  }

  #takeFree(): void {
    const outcome = this.#tryTracker()
    // Although the lock is free: a tracker of a version without locks, or its lock file was removed.
    const isCertain = outcome !== 'locked' || knowsStartTimes()
    const pid = isCertain ? this.#pidFile.otherPid() : undefined
    if (outcome === 'taken' || pid !== undefined) throw new Error(this.#inUse(pid))
    if (outcome === 'locked' && !this.#takeOverIsFree()) {
      throw new Error(`${this.#path} is being taken over by another process`)
    }
  }

  /** The lock of take-overs comes first: only its holder may look for a predecessor. */
  async #takePlace(): Promise<void> {
    const isFree = await becomes(() => this.#tryTakeOver() !== 'taken', TAKE_OVER_TIMEOUT_MS)
    if (!isFree) throw new Error(`another take-over of ${this.#path} is under way: wait until it is over`)
    const isKnown = await becomes(() => this.#findPredecessor() || this.#tryTracker() !== 'taken', NAME_TIMEOUT_MS)
    if (!isKnown) throw new Error(this.#inUse(undefined))
    // A predecessor of a version without locks does not hold it.
    if (this.#predecessorPid !== undefined) this.#tryTracker()
  }

  #findPredecessor(): boolean {
    this.#predecessorPid = this.#pidFile.otherPid()
    return this.#predecessorPid !== undefined
  }

  /** No other process serves from the directory. */
  #settle(): void {
    nameProcess(this.#pidFile, this.#logger)
    this.#takeOver?.release()
    this.#takeOver = undefined
  }

  #takeOverIsFree(): boolean {
    const attempt = FileLock.attempt(this.#file('muster.take-over.lock'))
    if (attempt.kind === 'locked') attempt.lock.release()
    return attempt.kind !== 'taken'
  }

  #tryTakeOver(): 'locked' | 'taken' | 'impossible' {
    const attempt = FileLock.attempt(this.#file('muster.take-over.lock'))
    if (attempt.kind === 'locked') this.#takeOver = attempt.lock
    return attempt.kind
  }

  #tryTracker(): 'locked' | 'taken' | 'impossible' {
    if (this.#tracker !== undefined) return 'locked'
    const attempt = FileLock.attempt(this.#file('muster.lock'))
    if (attempt.kind === 'locked') this.#tracker = attempt.lock
    if (attempt.kind === 'impossible' && !this.#cannotLock) {
      this.#cannotLock = true
      const sentence = `a second tracker cannot be kept away from ${this.#path}, which cannot be locked`
      this.#logger.log('warn', 'CORE', `${sentence}: ${attempt.reason}`)
    }
    return attempt.kind
  }

  #inUse(pid: number | undefined): string {
    const holder =
      pid === undefined ? 'a process that is not visible from here (of another container?)' : `process ${pid}`
    const wayOut = pid === undefined ? 'stop it first' : 'replace it with muster serve --take-over'
    return `${holder} serves from the same data directory, ${this.#path}: ${wayOut}, or set another process.data_directory`
  }

  #file(name: string): string {
    return join(this.#path, name)
  }
}

async function becomes(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await setTimeout(LOOK_EVERY_MS)) {
    if (isSo()) return true
  }
  return isSo()
}

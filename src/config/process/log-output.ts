// Writes log lines. A write never throws, never blocks and never grows memory without bound, whatever is at the other
// end: a full disk, a pipe that is not read, a closed pipe. What cannot be written waits in a bounded backlog; what
// does not fit there is dropped and counted.

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Bytes that may wait. */
export const MAX_BACKLOG_BYTES = 1024 * 1024
const RETRY_EVERY_MS = 100
/** The reader has closed its end: the backlog will never be read. */
const FINAL_ERRORS = ['EPIPE', 'EBADF', 'ECONNRESET']

/** Called once writing works again after lines were lost. */
export type OnRecovery = (droppedLines: number, reason: string) => void

export class LogOutput {
  /** Called for each line that is dropped. */
  onDrop: () => void = () => undefined
  /** Called when writing works again. */
  onRecovery: OnRecovery = () => undefined
  readonly #fd: number
  readonly #ownsFd: boolean
  #backlog: Uint8Array[] = []
  #backlogBytes = 0
  #retry: NodeJS.Timeout | undefined
  #droppedLines = 0
  #droppedSinceRecovery = 0
  #reason = ''

  constructor(fd: number) {
    const opened = withoutBlocking(fd)
    this.#fd = opened.fd
    this.#ownsFd = opened.isOwn
  }

  /** Lines lost so far. */
  get droppedLines(): number {
    return this.#droppedLines
  }

  /** Takes one line, including its line end. */
  write(line: string): void {
    const bytes = Buffer.from(line)
    if (this.#backlog.length > 0) this.#flush()
    const rest = this.#backlog.length > 0 ? bytes : this.#tryToWrite(bytes)
    if (rest.length > 0) this.#keep(rest)
    else this.#reportRecovery()
  }

  /** Waits at most `deadlineMs` for the backlog to be written; the rest is lost and counted. */
  async close(deadlineMs: number): Promise<void> {
    const end = performance.now() + deadlineMs
    this.#flush()
    while (this.#backlog.length > 0 && performance.now() < end) {
      await delay(Math.min(RETRY_EVERY_MS, deadlineMs))
      this.#flush()
    }
    this.#dropBacklog()
    clearTimeout(this.#retry)
    if (this.#ownsFd) closeSync(this.#fd)
  }

  /** Returns what could not be written, empty when all was. */
  #tryToWrite(bytes: Uint8Array): Uint8Array {
    this.#reason = ''
    let rest = bytes
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest))
    } catch (error) {
      this.#reason = (error as NodeJS.ErrnoException).code ?? String(error)
    }
    return rest
  }

  #flush(): void {
    while (this.#backlog.length > 0) {
      const [first] = this.#backlog
      const rest = this.#tryToWrite(first)
      this.#backlogBytes -= first.length - rest.length
      if (rest.length > 0) {
        this.#backlog[0] = rest
        if (FINAL_ERRORS.includes(this.#reason)) this.#dropBacklog()
        break
      }
      this.#backlog.shift()
    }
    if (this.#backlog.length > 0) this.#retryLater()
  }

  #keep(bytes: Uint8Array): void {
    if (FINAL_ERRORS.includes(this.#reason) || this.#backlogBytes + bytes.length > MAX_BACKLOG_BYTES) {
      this.#countDrop()
      return
    }
    this.#backlog.push(bytes)
    this.#backlogBytes += bytes.length
    this.#retryLater()
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined
      this.#flush()
      if (this.#backlog.length === 0) this.#reportRecovery()
    }, RETRY_EVERY_MS).unref()
  }

  #dropBacklog(): void {
    for (const _ of this.#backlog) this.#countDrop()
    this.#backlog = []
    this.#backlogBytes = 0
  }

  #countDrop(): void {
    this.#droppedLines++
    this.#droppedSinceRecovery++
    this.onDrop()
  }

  #reportRecovery(): void {
    const dropped = this.#droppedSinceRecovery
    if (dropped === 0) return
    this.#droppedSinceRecovery = 0
    this.onRecovery(dropped, this.#reason)
  }
}

/**
 * A non-blocking descriptor for the target of `fd`, and whether it is ours to close. A pipe or terminal is reopened:
 * the flag belongs to the open file, which the process shares with its parent. A socket cannot be reopened; it gets
 * the flag itself. Files do not block.
 */
function withoutBlocking(fd: number): { readonly fd: number; readonly isOwn: boolean } {
  try {
    if (fstatSync(fd).isFile()) return { fd, isOwn: false }
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY
    return { fd: openSync(`/proc/self/fd/${fd}`, flags), isOwn: true }
  } catch {
    setNonBlocking(fd)
    return { fd, isOwn: false }
  }
}

/** Node.js sets the flag when it creates a stream for a descriptor; the stream itself is not used. */
function setNonBlocking(fd: number): void {
  try {
    new Socket({ fd, readable: false, writable: true }).on('error', () => undefined).unref()
  } catch {
    // Neither pipe nor socket: a terminal on a system without /proc. It blocks only while its user has paused it.
  }
}

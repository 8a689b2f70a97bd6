// The file of a monitor: an event a line, appended as they come, and read when the monitor is restarted.

import { createReadStream } from 'node:fs'
import { appendFile, stat } from 'node:fs/promises'
import { errorMessage } from '../../../domain/error-message.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { readInputLines, systemCodeOf, unreadable } from '../input.ts'
import { type ProbeEvent, readProbeEvent, writeProbeEvent } from './probe-event.ts'
import type { Records } from './records.ts'

const NEWLINE = 0x0a

export interface HistoryReading {
  /** Events of any tracker. */
  readonly events: number
  /** Those of trackers that are watched. */
  readonly taken: number
  /** Lines that are no events: cut off, or not of a monitor. */
  readonly unread: number
}

export class History {
  readonly #path: string
  readonly #err: CliEnvironment['err']
  /** Written before the first event, if the file ends within a line. */
  #prefix = ''
  #isFailing = false

  constructor(path: string, err: CliEnvironment['err']) {
    this.#path = path
    this.#err = err
  }

  /** Adds the events of the file to the records. A file that does not exist has none. */
  async read(records: Records): Promise<HistoryReading> {
    const reading = { events: 0, taken: 0, unread: 0 }
    if (!(await this.#exists())) return reading
    for await (const { text } of readInputLines(this.#path, { openInput: (path) => this.#remembering(path) })) {
      const event = readProbeEvent(text)
      if (event === undefined) {
        reading.unread++
        continue
      }
      reading.events++
      if (records.add(event)) reading.taken++
    }
    return reading
  }

  /** Never rejects: a full disk must not end the monitor. */
  async append(event: ProbeEvent): Promise<void> {
    try {
      await appendFile(this.#path, `${this.#prefix}${writeProbeEvent(event)}`)
      this.#prefix = ''
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#err(`${this.#path} cannot be written: ${errorMessage(error)}\n`)
      this.#isFailing = true
      // The line may have been written in part.
      this.#prefix = '\n'
    }
  }

  async #exists(): Promise<boolean> {
    try {
      await stat(this.#path)
      return true
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return false
      throw unreadable(this.#path, error)
    }
  }

  async *#remembering(path: string): AsyncGenerator<Uint8Array> {
    for await (const piece of createReadStream(path)) {
      if (piece.length > 0) this.#prefix = piece[piece.length - 1] === NEWLINE ? '' : '\n'
      yield piece
    }
  }
}

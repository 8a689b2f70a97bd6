// Writes events to the debug log. Clients determine how many there are, so lines are limited, and omitted ones are
// counted.

import type { TrackerEvent } from '../../domain/ports/inbound/events.ts'
import type { Logger } from '../process/logger.ts'

const MAX_LINES = 100
const WINDOW_MILLISECONDS = 1000

export class EventLog {
  readonly #logger: Logger
  #window: NodeJS.Timeout | undefined
  #lines = 0
  #leftOut = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  readonly write = (event: TrackerEvent): void => {
    this.#window ??= setTimeout(() => this.#endWindow(), WINDOW_MILLISECONDS)
    if (this.#lines >= MAX_LINES) {
      this.#leftOut++
      return
    }
    this.#lines++
    const { kind, ...details } = event
    this.#logger.log('debug', 'EVENTS', kind.replace('-', ' '), details)
  }

  /** Reports what has been omitted until now. */
  close(): void {
    if (this.#window !== undefined) this.#endWindow()
  }

  #endWindow(): void {
    clearTimeout(this.#window)
    if (this.#leftOut > 0)
      this.#logger.log('debug', 'EVENTS', 'more events than are logged', { leftOut: this.#leftOut })
    this.#window = undefined
    this.#lines = 0
    this.#leftOut = 0
  }
}

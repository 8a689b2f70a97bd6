// The time that this thread has waited for a core: the second number in /proc/thread-self/schedstat, in nanoseconds.

import { closeSync, openSync, readSync } from 'node:fs'

export class CoreWaits {
  readonly #file = openSync('/proc/thread-self/schedstat', 'r')
  readonly #text = Buffer.alloc(128)

  microseconds(): number {
    const length = readSync(this.#file, this.#text, 0, 128, 0)
    return Number(this.#text.toString('latin1', 0, length).split(' ')[1]) / 1000
  }

  close(): void {
    closeSync(this.#file)
  }
}

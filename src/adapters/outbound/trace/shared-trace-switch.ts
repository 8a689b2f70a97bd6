// Turns tracing on and off in shared memory (see trace-memory.ts).

import type { ClientRange } from '../../../domain/client-range.ts'
import type { TraceSwitch } from '../../../domain/ports/outbound/trace-switch.ts'
import { TraceWord } from './trace-memory.ts'

const MAX_NUMBER = 0x7fffffff

export class SharedTraceSwitch implements TraceSwitch {
  readonly #words: Int32Array
  #number = 0

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory)
  }

  turnOn({ family, words }: ClientRange, maxLines: number): number {
    // A thread must not compare addresses with half of a new one.
    this.turnOff()
    this.#words[TraceWord.Family] = family
    this.#words[TraceWord.Compared] = words.length
    this.#words.set(words, TraceWord.Address)
    this.#words[TraceWord.Left] = maxLines
    this.#words[TraceWord.Dropped] = 0
    this.#number = this.#number === MAX_NUMBER ? 1 : this.#number + 1
    Atomics.store(this.#words, TraceWord.Number, this.#number)
    return this.#number
  }

  turnOff(): void {
    Atomics.store(this.#words, TraceWord.Number, 0)
  }

  droppedLines(): number {
    return Atomics.load(this.#words, TraceWord.Dropped)
  }
}

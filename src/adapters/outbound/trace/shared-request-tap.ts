// A thread's end of a client trace (see trace-memory.ts). Limits the lines of all threads before any is sent, because
// the client decides how many there are.

import type { RequestTap, TracedRequest } from '../../../domain/ports/outbound/request-tap.ts'
import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import { MAX_LINES_PER_SECOND, TraceWord, WINDOW_BITS } from './trace-memory.ts'

const LINES_MASK = (1 << WINDOW_BITS) - 1
/** As many bits of the second as the window has room for. */
const SECONDS_MASK = (1 << (31 - WINDOW_BITS)) - 1

export class SharedRequestTap implements RequestTap {
  readonly #words: Int32Array
  readonly #clock: SteadyClock
  readonly #send: (trace: number, request: TracedRequest) => void

  /** `send` passes a request to the main thread, with the number of its trace. */
  constructor(memory: SharedArrayBuffer, clock: SteadyClock, send: (trace: number, request: TracedRequest) => void) {
    this.#words = new Int32Array(memory)
    this.#clock = clock
    this.#send = send
  }

  isOn(): boolean {
    return Atomics.load(this.#words, TraceWord.Number) !== 0
  }

  isTraced(family: number, words: Int32Array, wordAt: number): boolean {
    const own = this.#words
    if (own[TraceWord.Family] !== family) return false
    const compared = own[TraceWord.Compared]
    for (let i = 0; i < compared; i++) if (own[TraceWord.Address + i] !== words[wordAt + i]) return false
    return true
  }

  note(request: TracedRequest): void {
    const words = this.#words
    const trace = Atomics.load(words, TraceWord.Number)
    if (trace === 0 || Atomics.load(words, TraceWord.Left) <= 0) return
    if (!this.#hasRoomInSecond()) Atomics.add(words, TraceWord.Dropped, 1)
    // Another thread may have taken the last line meanwhile.
    else if (Atomics.sub(words, TraceWord.Left, 1) > 0) this.#send(trace, request)
  }

  #hasRoomInSecond(): boolean {
    const words = this.#words
    const second = this.#clock.steadySeconds() & SECONDS_MASK
    for (;;) {
      const window = Atomics.load(words, TraceWord.Window)
      const lines = window >> WINDOW_BITS === second ? window & LINES_MASK : 0
      if (lines >= MAX_LINES_PER_SECOND) return false
      const next = (second << WINDOW_BITS) | (lines + 1)
      if (Atomics.compareExchange(words, TraceWord.Window, window, next) === window) return true
    }
  }
}

// A timeout for each step of an exchange: the answer, and every chunk of a long body.

export class IdleTimeout {
  readonly #controller = new AbortController()
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined
  #isAnswered = false

  /** Starts the timeout. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
    this.restart()
  }

  /** Aborted when the timeout expires. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The full time again, from now. */
  restart(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#controller.abort(new Error(`no answer within ${this.#timeoutMs} ms`))
    }, this.#timeoutMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** The answer has begun. A server may answer before it has read the whole body, which no longer matters then. */
  noteAnswer(): void {
    this.#isAnswered = true
    this.stop()
  }

  /** Passes `chunks` on, until the answer begins; each restarts the timeout. */
  async *restartOnEach(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      if (this.#isAnswered) return
      this.restart()
      yield chunk
    }
    if (!this.#isAnswered) this.restart()
  }
}

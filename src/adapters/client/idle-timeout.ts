// A timeout for each step of an exchange: the answer, and every chunk of a long body.

export class IdleTimeout {
  readonly #controller = new AbortController()
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined

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

  /** Passes `chunks` on; each restarts the timeout. */
  async *restartOnEach(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.restart()
      yield chunk
    }
    this.restart()
  }
}

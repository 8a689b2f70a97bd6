// How long a client waits: for an answer, and for each piece of what is long.

export class IdleTimeout {
  readonly #controller = new AbortController()
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined

  /** Begins to wait. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
    this.restart()
  }

  /** Aborted when the wait was too long. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** From now on, anew. */
  restart(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#controller.abort(new Error(`no answer within ${this.#timeoutMs} ms`))
    }, this.#timeoutMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** The same pieces; each that is taken begins the wait anew. */
  async *restartOnEach(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.restart()
      yield piece
    }
    this.restart()
  }
}

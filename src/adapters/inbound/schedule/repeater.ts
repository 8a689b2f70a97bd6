// Calls a task repeatedly: one interval after the start, then one interval after each call has ended. Two calls never
// run at once, whether scheduled or requested.

/** Pauses after failures: the first, then doubled each time, up to the maximum. */
interface BackOff {
  readonly firstMilliseconds: number
  readonly maxMilliseconds: number
}

/** What is reported about a finished call. */
interface RepeaterCall {
  readonly milliseconds: number
  /** Failures in a row before this call. */
  readonly failuresBefore: number
}

export interface RepeaterOptions<T> {
  readonly intervalMilliseconds: number
  /** Replaces the interval while the task fails. */
  readonly backOff?: BackOff
  readonly done?: (result: T, call: RepeaterCall) => void
  /** Without it a failure is a bug and ends the process like any other uncaught error. */
  readonly failed?: (error: unknown, call: RepeaterCall) => void
}

export class Repeater<T = void> {
  readonly #task: () => T | Promise<T>
  readonly #options: RepeaterOptions<T>
  #timer: NodeJS.Timeout | undefined
  #running: Promise<boolean> | undefined
  #next: Promise<boolean> | undefined
  #failures = 0
  #isStarted = false

  constructor(task: () => T | Promise<T>, options: RepeaterOptions<T>) {
    this.#task = task
    this.#options = options
  }

  /** To be called once. */
  start(): void {
    this.#isStarted = true
    this.#schedule()
  }

  /** Ends the schedule; a running call goes on. */
  stop(): void {
    this.#isStarted = false
    clearTimeout(this.#timer)
  }

  /** The running call, or else one that begins now, whether or not the schedule is started. False if it fails. */
  run(): Promise<boolean> {
    this.#running ??= this.#call().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** The same, but never joins a running call: the call begins after this moment and sees everything up to it. */
  runAfresh(): Promise<boolean> {
    if (this.#running === undefined) return this.run()
    const begin = (): Promise<boolean> => {
      this.#next = undefined
      return this.run()
    }
    this.#next ??= this.#running.then(begin, begin)
    return this.#next
  }

  #schedule(): void {
    if (!this.#isStarted) return
    this.#timer = setTimeout(async () => {
      await this.run()
      this.#schedule()
    }, this.#pauseMilliseconds())
  }

  #pauseMilliseconds(): number {
    const { backOff, intervalMilliseconds } = this.#options
    if (this.#failures === 0 || backOff === undefined) return intervalMilliseconds
    return Math.min(backOff.firstMilliseconds * 2 ** (this.#failures - 1), backOff.maxMilliseconds)
  }

  async #call(): Promise<boolean> {
    const { done, failed } = this.#options
    const began = performance.now()
    const failuresBefore = this.#failures
    try {
      const result = await this.#task()
      this.#failures = 0
      done?.(result, { milliseconds: performance.now() - began, failuresBefore })
      return true
    } catch (error) {
      if (failed === undefined) throw error
      this.#failures++
      failed(error, { milliseconds: performance.now() - began, failuresBefore })
      return false
    }
  }
}

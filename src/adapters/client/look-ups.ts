// Look-ups of names by the system, a few at a time. libuv does no more of them at once than half its threads, and lets
// the others wait: a time limit that ran meanwhile would make a few lame name servers fail every name behind them.

import { lookup } from 'node:dns/promises'
import { Slots } from './slots.ts'
import { TrackerError } from './tracker-error.ts'

export interface LookUpLimits {
  /** From when the system begins with it. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface FoundAddress {
  readonly address: string
  readonly family: number
}

type LookUp = (host: string) => Promise<readonly FoundAddress[]>

/** libuv's own number of threads, and the variable with another. */
const THREADS = 4
const THREADS_VARIABLE = 'UV_THREADPOOL_SIZE'

export class LookUps {
  readonly #lookUp: LookUp
  readonly #slots: Slots

  constructor(lookUp: LookUp, concurrency: number) {
    this.#lookUp = lookUp
    this.#slots = new Slots(concurrency)
  }

  /** As many at a time as the system really does. */
  static ofSystem(): LookUps {
    const threads = Number(process.env[THREADS_VARIABLE]) || THREADS
    return new LookUps((host) => lookup(host, { all: true, order: 'verbatim' }), Math.ceil(threads / 2))
  }

  /** Rejects with the system's error, or with a `TrackerError` if it was too slow or the signal is aborted. */
  async addressesOf(host: string, { timeoutMs, signal }: LookUpLimits = {}): Promise<readonly FoundAddress[]> {
    const stopped = Promise.withResolvers<never>()
    const stop = (reason: unknown): void => stopped.reject(TrackerError.stopped('resolve', reason))
    const abort = (): void => stop(signal?.reason)
    let timer: NodeJS.Timeout | undefined
    signal?.addEventListener('abort', abort)
    try {
      await this.#slots.take(signal).catch((reason: unknown) => {
        throw TrackerError.stopped('resolve', reason)
      })
      if (timeoutMs !== undefined) timer = setTimeout(() => stop(tooSlow(timeoutMs)), timeoutMs)
      // The system's look-up cannot be stopped, only left alone: its slot is free when it has really ended.
      const found = this.#lookUp(host).finally(() => this.#slots.giveBack())
      return await Promise.race([stopped.promise, found])
    } finally {
      // In case that nobody waits for it any more.
      stopped.promise.catch(() => undefined)
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

function tooSlow(timeoutMs: number): DOMException {
  return new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')
}

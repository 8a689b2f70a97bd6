// The requests that wait for a reply. A transaction id is the place of the request in this table and how often the
// place has been used, so that finding a request takes no search.

import type { LoadPlan } from '../load-plan.ts'

export const MAX_PLACES = 2 ** 20
/** Room for requests that are overdue and not yet known to be lost. */
const SPARE = 1.2
/** How many places one call looks at for requests that are too old. */
const SWEEP = 1024

/** How many requests of a thread may wait at once; no more than `MAX_PLACES` can. */
export function neededPlaces(plan: LoadPlan): number {
  const { inFlight, requestsPerSecond, sockets, threads, timeoutSeconds } = plan
  const overdue = ((requestsPerSecond ?? 0) / threads) * timeoutSeconds * SPARE
  return Math.ceil(Math.max(sockets * inFlight, overdue))
}

export class PendingRequests {
  readonly capacity: number
  /** By place. When a reply was due to be asked for, in microseconds. */
  readonly dueAt: Float64Array
  readonly kinds: Uint8Array
  readonly sockets: Uint16Array
  /** Of an announce the peer, of a scrape the number of hashes. */
  readonly details: Int32Array
  readonly transactions: Int32Array
  /** Places whose requests the last sweep has ended. */
  readonly expired = new Int32Array(SWEEP)
  readonly #isWaiting: Uint8Array
  readonly #free: Int32Array
  #freeCount: number
  /** No place from here on has been used yet. */
  #usedUpTo = 0
  #sweptAt = 0

  /** `capacity` becomes a power of two. */
  constructor(capacity: number) {
    this.capacity = Math.min(MAX_PLACES, 2 ** Math.ceil(Math.log2(Math.max(capacity, 64))))
    this.dueAt = new Float64Array(this.capacity)
    this.kinds = new Uint8Array(this.capacity)
    this.sockets = new Uint16Array(this.capacity)
    this.details = new Int32Array(this.capacity)
    this.transactions = new Int32Array(this.capacity)
    this.#isWaiting = new Uint8Array(this.capacity)
    this.#free = new Int32Array(this.capacity)
    this.#freeCount = this.capacity
    for (let place = 0; place < this.capacity; place++) {
      this.#free[place] = this.capacity - 1 - place
      this.transactions[place] = place
    }
  }

  get waiting(): number {
    return this.capacity - this.#freeCount
  }

  /** A place for a request; -1 if there is none. Its transaction id is in `transactions`. */
  claim(dueAt: number, kind: number, socket: number, detail: number): number {
    if (this.#freeCount === 0) return -1
    const place = this.#free[--this.#freeCount]
    if (place >= this.#usedUpTo) this.#usedUpTo = place + 1
    this.transactions[place] = (this.transactions[place] + this.capacity) | 0
    this.dueAt[place] = dueAt
    this.kinds[place] = kind
    this.sockets[place] = socket
    this.details[place] = detail
    this.#isWaiting[place] = 1
    return place
  }

  /** The place of the request that waits with this transaction id; -1 if none does. */
  find(transaction: number): number {
    const place = transaction & (this.capacity - 1)
    return this.#isWaiting[place] === 1 && this.transactions[place] === transaction ? place : -1
  }

  release(place: number): void {
    this.#isWaiting[place] = 0
    this.#free[this.#freeCount++] = place
  }

  /** Releases some requests that were due before `before`; returns how many there are in `expired`. */
  sweep(before: number): number {
    let count = 0
    for (let step = Math.min(SWEEP, this.#usedUpTo); step > 0; step--) {
      if (this.#sweptAt >= this.#usedUpTo) this.#sweptAt = 0
      const place = this.#sweptAt++
      if (this.#isWaiting[place] === 0 || this.dueAt[place] >= before) continue
      this.release(place)
      this.expired[count++] = place
    }
    return count
  }
}

// Whether the database is usable, as observed by its operations. During an outage each kind of fault is reported once.

import { codeOf } from './database-faults.ts'
import type { DatabaseOptions, OutageWatch } from './database-options.ts'
import { driverReason } from './driver-reason.ts'

/**
 * How demanding an operation is: a full database can still be read, and one that answers may have data that cannot be
 * read.
 */
const DEMANDS = { ping: 0, read: 1, write: 2 } as const
export type OperationKind = keyof typeof DEMANDS

export class Availability {
  readonly #options: DatabaseOptions
  readonly #listener: OutageWatch
  readonly #reportedCodes = new Set<string>()
  /** The most demanding operation that has failed since the outage began. */
  #demand = 0
  #isClosed = false

  constructor(options: DatabaseOptions, listener: OutageWatch) {
    this.#options = options
    this.#listener = listener
  }

  failed(operation: OperationKind, error: unknown): void {
    if (this.#isClosed) return
    this.#listener.operationFailed()
    this.#demand = Math.max(this.#demand, DEMANDS[operation])
    const code = codeOf(error)
    if (this.#reportedCodes.has(code)) return
    this.#reportedCodes.add(code)
    this.#listener.unavailable({ code, reason: driverReason(error, this.#options) })
  }

  succeeded(operation: OperationKind): void {
    if (this.#reportedCodes.size === 0 || DEMANDS[operation] < this.#demand) return
    this.#reportedCodes.clear()
    this.#demand = 0
    this.#listener.available()
  }

  /** From now on failures are expected and not reported. */
  close(): void {
    this.#isClosed = true
  }
}

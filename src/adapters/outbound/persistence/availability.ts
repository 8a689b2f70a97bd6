// Whether the database is usable, as observed by its operations. During an outage each kind of fault is reported once.
// Tables that are missing or forbidden are an outage of their own, while the others remain in use.

import { codeOf } from './database-faults.ts'
import type { DatabaseOptions, OutageWatch } from './database-options.ts'
import { driverReason } from './driver-reason.ts'

/**
 * How demanding an operation is: a full database can still be read, and one that answers may have data that cannot be
 * read.
 */
const DEMANDS = { ping: 0, read: 1, write: 2 } as const
export type OperationKind = keyof typeof DEMANDS

const WHOLE_DATABASE = 'the database'

interface Outage {
  readonly reportedCodes: Set<string>
  /** The most demanding operation that has failed since it began. */
  demand: number
}

export class Availability {
  readonly #options: DatabaseOptions
  readonly #listener: OutageWatch
  /** Keyed by what is unavailable, in words. */
  readonly #outages = new Map<string, Outage>()
  #isClosed = false

  constructor(options: DatabaseOptions, listener: OutageWatch) {
    this.#options = options
    this.#listener = listener
  }

  /** True once the database is closed, so that its operations fail. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** `tables` names the unavailable ones, in words; undefined for the whole database. */
  failed(operation: OperationKind, error: unknown, tables: string | undefined): void {
    if (this.#isClosed) return
    this.#listener.operationFailed()
    const subject = tables ?? WHOLE_DATABASE
    const outage = this.#outages.get(subject) ?? { reportedCodes: new Set(), demand: 0 }
    this.#outages.set(subject, outage)
    outage.demand = Math.max(outage.demand, DEMANDS[operation])
    const code = codeOf(error)
    if (outage.reportedCodes.has(code)) return
    outage.reportedCodes.add(code)
    this.#listener.unavailable({ subject, code, reason: driverReason(error, this.#options) })
  }

  /** `tables` names those that the operation used. */
  succeeded(operation: OperationKind, tables: string | undefined): void {
    if (this.#outages.size === 0) return
    for (const subject of [WHOLE_DATABASE, tables]) {
      const outage = subject && this.#outages.get(subject)
      if (!outage || DEMANDS[operation] < outage.demand) continue
      this.#outages.delete(subject)
      this.#listener.available(subject)
    }
  }

  /** From now on failures are expected and not reported. */
  close(): void {
    this.#isClosed = true
  }
}

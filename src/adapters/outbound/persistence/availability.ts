// Whether the database can be used, as its operations find out: each kind of fault is told once as long as the outage
// lasts. Tables that are gone or forbidden are an outage of their own, while the others are used.

import { codeOf } from './database-faults.ts'
import type { DatabaseOptions, OutageWatch } from './database-options.ts'
import { driverReason } from './driver-reason.ts'

/**
 * What is asked of the database, the more the higher: one that is full can be read, one that answers may hold what
 * cannot be.
 */
const DEMANDS = { ping: 0, read: 1, write: 2 } as const
export type OperationKind = keyof typeof DEMANDS

const WHOLE_DATABASE = 'the database'

interface Outage {
  readonly toldCodes: Set<string>
  /** The most demanding operation that failed since it began. */
  demand: number
}

export class Availability {
  readonly #options: DatabaseOptions
  readonly #listener: OutageWatch
  /** By what cannot be used, in words. */
  readonly #outages = new Map<string, Outage>()
  #isClosed = false

  constructor(options: DatabaseOptions, listener: OutageWatch) {
    this.#options = options
    this.#listener = listener
  }

  /** True when operations fail because the database was closed. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** `tables` are the words for those that cannot be used; undefined when it is the whole database. */
  failed(operation: OperationKind, error: unknown, tables: string | undefined): void {
    if (this.#isClosed) return
    this.#listener.operationFailed()
    const subject = tables ?? WHOLE_DATABASE
    const outage = this.#outages.get(subject) ?? { toldCodes: new Set(), demand: 0 }
    this.#outages.set(subject, outage)
    outage.demand = Math.max(outage.demand, DEMANDS[operation])
    const code = codeOf(error)
    if (outage.toldCodes.has(code)) return
    outage.toldCodes.add(code)
    this.#listener.unavailable({ subject, code, reason: driverReason(error, this.#options) })
  }

  /** `tables` are those that the operation needed. */
  succeeded(operation: OperationKind, tables: string | undefined): void {
    if (this.#outages.size === 0) return
    for (const subject of [WHOLE_DATABASE, tables]) {
      const outage = subject && this.#outages.get(subject)
      if (!outage || DEMANDS[operation] < outage.demand) continue
      this.#outages.delete(subject)
      this.#listener.available(subject)
    }
  }

  /** From now on refusals are meant. */
  close(): void {
    this.#isClosed = true
  }
}

// What each socket of a thread knows: its connection id, and how many requests it has in flight.

import type { Family } from '../../../domain/announce.ts'
import { type LoadPlan, targetOfSocket } from '../load-plan.ts'

/** A client may use a connection id for a minute (BEP 15). */
const RENEW_AFTER = 50_000_000
/** Microseconds in which a connection id does not become wrong. */
const MIN_AGE = 1_000_000

export class UdpLinks {
  readonly count: number
  readonly inFlight: Int32Array
  readonly families: readonly Family[]
  readonly isConnected: Uint8Array
  readonly idHigh: Int32Array
  readonly idLow: Int32Array
  /** Whether a newer connection id has been asked for. */
  readonly isRenewing: Uint8Array
  readonly #isSuspect: Uint8Array
  readonly #connectedAt: Float64Array

  constructor(plan: LoadPlan, thread: number) {
    this.count = plan.sockets
    this.inFlight = new Int32Array(this.count)
    this.isConnected = new Uint8Array(this.count)
    this.isRenewing = new Uint8Array(this.count)
    this.idHigh = new Int32Array(this.count)
    this.idLow = new Int32Array(this.count)
    this.#isSuspect = new Uint8Array(this.count)
    this.#connectedAt = new Float64Array(this.count)
    const first = thread * plan.sockets
    this.families = Array.from({ length: this.count }, (_, link) => targetOfSocket(plan, first + link).family)
  }

  connect(link: number, idHigh: number, idLow: number, now: number): void {
    this.isConnected[link] = 1
    this.isRenewing[link] = 0
    this.#isSuspect[link] = 0
    this.idHigh[link] = idHigh
    this.idLow[link] = idLow
    this.#connectedAt[link] = now
  }

  /**
   * The tracker has refused a request: its connection id may be why. The id is used until there is another, and a new
   * one is not suspected, so that a tracker that refuses much is not asked for ids all the time.
   */
  suspect(link: number, now: number): void {
    if (now - this.#connectedAt[link] > MIN_AGE) this.#isSuspect[link] = 1
  }

  get areConnected(): boolean {
    return this.isConnected.every((isConnected) => isConnected === 1)
  }

  needsConnect(link: number, now: number): boolean {
    if (this.isConnected[link] === 0) return true
    if (this.isRenewing[link] === 1) return false
    return this.#isSuspect[link] === 1 || now - this.#connectedAt[link] > RENEW_AFTER
  }
}

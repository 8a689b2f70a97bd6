// What each socket of a thread knows: its connection id, and how many requests it has in flight.

import type { Family } from '../../../domain/announce.ts'
import { type LoadPlan, targetOfSocket } from '../load-plan.ts'

/** A client may use a connection id for a minute (BEP 15). */
const RENEW_AFTER = 50_000_000

export class UdpLinks {
  readonly count: number
  readonly inFlight: Int32Array
  readonly families: readonly Family[]
  readonly isConnected: Uint8Array
  readonly idHigh: Int32Array
  readonly idLow: Int32Array
  /** Whether a newer connection id has been asked for. */
  readonly isRenewing: Uint8Array
  readonly #connectedAt: Float64Array

  constructor(plan: LoadPlan, thread: number) {
    this.count = plan.sockets
    this.inFlight = new Int32Array(this.count)
    this.isConnected = new Uint8Array(this.count)
    this.isRenewing = new Uint8Array(this.count)
    this.idHigh = new Int32Array(this.count)
    this.idLow = new Int32Array(this.count)
    this.#connectedAt = new Float64Array(this.count)
    const first = thread * plan.sockets
    this.families = Array.from({ length: this.count }, (_, link) => targetOfSocket(plan, first + link).family)
  }

  connect(link: number, idHigh: number, idLow: number, now: number): void {
    this.isConnected[link] = 1
    this.isRenewing[link] = 0
    this.idHigh[link] = idHigh
    this.idLow[link] = idLow
    this.#connectedAt[link] = now
  }

  disconnect(link: number): void {
    this.isConnected[link] = 0
    this.isRenewing[link] = 0
  }

  get areConnected(): boolean {
    return this.isConnected.every((isConnected) => isConnected === 1)
  }

  needsConnect(link: number, now: number): boolean {
    if (this.isConnected[link] === 0) return true
    return this.isRenewing[link] === 0 && now - this.#connectedAt[link] > RENEW_AFTER
  }
}

// Connections that send a byte of a request's head now and then and never finish it (Slowloris), beside the load.

import { LOAD_COUNTS } from '../load-memory.ts'
import type { LoadTally } from '../load-tally.ts'
import type { HttpConnections } from './http-connections.ts'

/** A byte a second for each. */
const EVERY = 1_000_000
const HEAD = new TextEncoder().encode('GET /announce?info_hash=')

export class SlowHeads {
  readonly #connections: HttpConnections
  readonly #tally: LoadTally
  readonly #position: Int32Array
  #sentAt = Number.NEGATIVE_INFINITY

  constructor(connections: HttpConnections, tally: LoadTally) {
    this.#connections = connections
    this.#tally = tally
    this.#position = new Int32Array(connections.count)
  }

  /** Sends the next bytes if it is time. The tracker may have closed some: those begin again. */
  everyNow(now: number): void {
    if (now - this.#sentAt < EVERY) return
    this.#sentAt = now
    for (let connection = 0; connection < this.#connections.count; connection++) this.#next(connection)
  }

  close(): void {
    this.#connections.closeAll()
  }

  #next(connection: number): void {
    if (!this.#connections.isOpen(connection)) {
      if (!this.#connections.open(connection)) return
      this.#position[connection] = 0
      this.#tally.counts[LOAD_COUNTS.hostileSent]++
    }
    const position = this.#position[connection]++
    this.#connections.requests.set(HEAD.subarray(position % HEAD.length).subarray(0, 1), connection * this.#slotBytes)
    this.#connections.request(connection, 1)
    if (this.#connections.flush(connection) < 0) this.#connections.close(connection)
  }

  get #slotBytes(): number {
    return this.#connections.requests.length / this.#connections.count
  }
}

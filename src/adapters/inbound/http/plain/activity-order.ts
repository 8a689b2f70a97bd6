// The connections of the plain driver in the order of their last activity, so that the silent ones are found without a
// timer for each.

import type { PlainConnection } from './plain-connection.ts'

export class ActivityOrder {
  oldest: PlainConnection | undefined
  #newest: PlainConnection | undefined

  append(connection: PlainConnection): void {
    connection.older = this.#newest
    if (this.#newest === undefined) this.oldest = connection
    else this.#newest.newer = connection
    this.#newest = connection
  }

  remove(connection: PlainConnection): void {
    const { older, newer } = connection
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    connection.older = undefined
    connection.newer = undefined
  }

  /** Notes that a connection was active at this time, which is not earlier than that of any other. */
  touch(connection: PlainConnection, nowSeconds: number): void {
    if (connection.activeAtSeconds === nowSeconds) return
    connection.activeAtSeconds = nowSeconds
    this.remove(connection)
    this.append(connection)
  }
}

// One connection of the plain driver.

import type { BoundedConnection, Closable } from '../../bounded-connection.ts'
import type { RemoteEnd } from '../../connection-table.ts'

/** The plain driver reads whole requests only. */
export const WHOLE_REQUEST = { complete: true } as const

/** What has accepted a connection. */
interface Owner {
  close(connection: PlainConnection): void
}

export class PlainConnection implements Closable {
  readonly fd: number
  /** Index of the listening socket among those of its loop. */
  readonly socket: number
  readonly remote: RemoteEnd
  /** Its place in the table of connections. */
  bounded: BoundedConnection | undefined
  /** Whether the kernel reports what arrives. */
  isPolled = false
  /** Whether something may be unread after its next answer, of which the kernel has reported already. */
  mayHaveMore = false
  /** Whether it has a slot of the batch. */
  isInBatch = false
  requests = 0
  /** Of the steady clock, when it was accepted or last answered. */
  activeAtSeconds: number
  readonly #owner: Owner
  // Its neighbours in the order of `activeAtSeconds`.
  older: PlainConnection | undefined
  newer: PlainConnection | undefined

  constructor(fd: number, socket: number, remote: RemoteEnd, nowSeconds: number, owner: Owner) {
    this.fd = fd
    this.socket = socket
    this.#owner = owner
    this.remote = remote
    this.activeAtSeconds = nowSeconds
  }

  /** Called by the table when it gives way to a newcomer. */
  destroy(): void {
    this.#owner.close(this)
  }
}

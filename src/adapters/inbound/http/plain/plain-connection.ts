// One connection of the plain driver.

import type { BoundedConnection, Closable } from '../../bounded-connection.ts'
import type { RemoteEnd } from '../../connection-table.ts'
import type { PlainListener } from './plain-listener.ts'

/** The plain driver reads whole requests only. */
export const WHOLE_REQUEST = { complete: true } as const

export class PlainConnection implements Closable {
  readonly fd: number
  readonly listener: PlainListener
  readonly remote: RemoteEnd
  /** Its place in the table of connections. */
  bounded: BoundedConnection | undefined
  /** Whether the kernel reports what arrives. */
  isPolled = false
  requests = 0
  /** Of the steady clock, when it was accepted or last answered. */
  activeAtSeconds: number
  // Its neighbours in the order of `activeAtSeconds`.
  older: PlainConnection | undefined
  newer: PlainConnection | undefined

  constructor(fd: number, listener: PlainListener, remote: RemoteEnd, nowSeconds: number) {
    this.fd = fd
    this.listener = listener
    this.remote = remote
    this.activeAtSeconds = nowSeconds
  }

  /** Called by the table when it gives way to a newcomer. */
  destroy(): void {
    this.listener.loop.close(this)
  }
}

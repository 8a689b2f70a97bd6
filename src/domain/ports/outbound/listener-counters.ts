// What the tracker's listeners have counted, one by one.

import { port } from '../port.ts'

export interface ListenerCounts {
  readonly protocol: 'udp' | 'http' | 'https'
  /** The IP address that it is bound to, as configured, and its real port. */
  readonly address: string
  readonly port: number
  /** The URL that clients know it by, if one is configured. */
  readonly publicUrl?: string | undefined
  /** False if its operator has turned off its statistics of requests, which then stay 0. */
  readonly countsRequests: boolean
  /** The sum of all threads for one counter; may lag slightly behind concurrent additions. */
  total(counter: number): number
}

export interface ListenerCounters {
  /** All listeners, in the order in which they were started. */
  listeners(): readonly ListenerCounts[]
}
export const ListenerCounters = port<ListenerCounters>('ListenerCounters')

// What an HTTP thread passes to the thread of its plain driver, and what that one reports.

import type { HandOver } from '../../adapters/inbound/http/plain/plain-loop.ts'
import type { ThreadOptions } from './thread-options.ts'

/** The first word of the shared state; the second counts the connections on their way to the HTTP thread. */
export const PlainState = { Serving: 0, Draining: 1, Stopping: 2 } as const

export interface PlainThreadOptions extends ThreadOptions {
  readonly companion: number
  /** The sockets that it accepts from, and the index of each one's listener. */
  readonly sockets: readonly { readonly listener: number; readonly fd: number }[]
  readonly state: SharedArrayBuffer
}

export type PlainReport = { readonly kind: 'serving' } | { readonly kind: 'handed-over'; readonly connection: HandOver }

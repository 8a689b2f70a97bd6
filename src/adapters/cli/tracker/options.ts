// The options of `muster announce` and `muster scrape`, as read from the command line.

import type { EventName } from '../../client/announce-call.ts'

/** Of both commands. */
export interface QueryOptions {
  /** As given on the command line, like `family`. */
  readonly timeout: string
  readonly family?: '4' | '6'
  /** Undefined: text on a terminal, else JSON. */
  readonly format?: 'text' | 'json'
  readonly strict?: boolean
  readonly insecure?: boolean
}

export interface AnnounceOptions extends QueryOptions {
  readonly event: EventName
  readonly port: number
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly left: bigint
  readonly numwant?: number
  readonly peerId?: Uint8Array
  readonly key?: number
  readonly ip?: string
  readonly compact: '0' | '1'
}

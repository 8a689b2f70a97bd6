// The options of `tracker-client` commands, as read from the command line.

import type { EventName } from '../../client/announce-call.ts'
import type { OutputFormat } from './output.ts'

export interface UdpAnnounceOptions {
  readonly event?: EventName
  readonly uploaded?: bigint
  readonly downloaded?: bigint
  readonly left?: bigint
  readonly port?: number
  readonly ipAddress?: string
  readonly peerId?: Uint8Array
  readonly key?: number
  readonly peersWanted?: number
  readonly format: OutputFormat
}

export interface HttpAnnounceOptions {
  readonly event?: EventName
  readonly uploaded?: bigint
  readonly downloaded?: bigint
  readonly left?: bigint
  readonly port?: number
  readonly peerAddr?: string
  readonly peerId?: Uint8Array
  readonly compact?: '0' | '1'
  readonly format: OutputFormat
}

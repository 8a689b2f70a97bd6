// Replies that are owed on a connection: their requests have been read, and they are not out yet. Whatever else is
// wrong with the connection, they go out first.

import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

const OWED = Symbol('owed')
const ENDS = Symbol('ends')

interface OwingSocket extends Duplex {
  [OWED]?: Set<ServerResponse>
  /** True when the connection ends with the last reply that is owed. */
  [ENDS]?: boolean
}

/** Notes a reply that does not go out at once, or that ends its connection; the latter needs a moment to go. */
export function owe(response: ServerResponse): void {
  const socket: OwingSocket = response.req.socket
  socket[OWED] ??= new Set()
  socket[OWED].add(response)
  response.once('close', settle)
}

/**
 * True when replies are owed on `socket`, which ends with the last of them. A request that has been read in part only
 * is owed nothing.
 */
export function endsWithOwedReplies(socket: Duplex): boolean {
  const owing: OwingSocket = socket
  const owed = owing[OWED]
  if (owed === undefined) return false
  let last: ServerResponse | undefined
  for (const response of owed) {
    if (response.req.complete) last = response
    else owed.delete(response)
  }
  if (last === undefined) return false
  owing[ENDS] = true
  if (!last.headersSent) last.setHeader('Connection', 'close')
  return true
}

function settle(this: ServerResponse): void {
  const socket: OwingSocket = this.req.socket
  socket[OWED]?.delete(this)
  if (socket[ENDS] && socket[OWED]?.size === 0) socket.end(() => socket.destroy())
}

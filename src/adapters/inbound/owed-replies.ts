// Replies that are owed on a connection: their requests have been read, but they have not been sent yet. They are sent
// before the connection ends, even if bad input follows.

import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

const OWED = Symbol('owed')
const ENDS = Symbol('ends')

interface OwingSocket extends Duplex {
  [OWED]?: Set<ServerResponse>
  /** True when the connection ends after its last owed reply. */
  [ENDS]?: boolean
}

/** Records a reply that is not sent at once, or that ends its connection, because sending that takes a moment. */
export function owe(response: ServerResponse): void {
  const socket: OwingSocket = response.req.socket
  socket[OWED] ??= new Set()
  socket[OWED].add(response)
  response.once('close', settle)
}

/**
 * True when replies are owed on `socket`, which then ends after the last of them. A request that was only partly read
 * is owed no reply.
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

// What a connection is told when what came over it is not HTTP, or not in time.

import type { Duplex } from 'node:stream'
import { endsWithOwedReplies } from './owed-replies.ts'

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', refusal('431 Request Header Fields Too Large')],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', refusal('413 Payload Too Large')],
  ['ERR_HTTP_REQUEST_TIMEOUT', refusal('408 Request Timeout')],
])
const BAD_REQUEST = refusal('400 Bad Request')

/** Something came behind a request that was the last of its connection. */
const AFTER_THE_LAST = 'HPE_CLOSED_CONNECTION'

/**
 * For the event `clientError` of a server. Requests that were read get their replies, and nothing after those; a
 * connection that is to close is told nothing, as its client expects no more.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = error.code ?? ''
  const isSpoilt = code.startsWith('HPE_') || REFUSALS.has(code)
  if (isSpoilt && (code === AFTER_THE_LAST || socket.writableEnded || endsWithOwedReplies(socket))) return
  const answer = REFUSALS.get(code) ?? (code.startsWith('HPE_') ? BAD_REQUEST : undefined)
  // Whoever failed to agree on TLS, or is gone, is told nothing.
  if (answer === undefined || !socket.writable) socket.destroy()
  else socket.end(answer, () => socket.destroy())
}

function refusal(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
}

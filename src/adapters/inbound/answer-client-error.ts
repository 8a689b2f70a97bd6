// The answer to a connection whose data is not HTTP or is late.

import type { Duplex } from 'node:stream'
import { endsWithOwedReplies } from './owed-replies.ts'

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', refusal('431 Request Header Fields Too Large')],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', refusal('413 Payload Too Large')],
  ['ERR_HTTP_REQUEST_TIMEOUT', refusal('408 Request Timeout')],
])
const BAD_REQUEST = refusal('400 Bad Request')

/** Data arrived after the last request of the connection. */
const AFTER_THE_LAST = 'HPE_CLOSED_CONNECTION'

/**
 * For the event `clientError` of a server. Requests that were read get their replies, and nothing follows those; a
 * connection that is about to close gets no answer, because its client expects none.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = error.code ?? ''
  const isBadInput = code.startsWith('HPE_') || REFUSALS.has(code)
  if (isBadInput && (code === AFTER_THE_LAST || socket.writableEnded || endsWithOwedReplies(socket))) return
  const answer = REFUSALS.get(code) ?? (code.startsWith('HPE_') ? BAD_REQUEST : undefined)
  // A client that failed the TLS handshake or has disconnected gets no answer.
  if (answer === undefined || !socket.writable) socket.destroy()
  else socket.end(answer, () => socket.destroy())
}

function refusal(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
}

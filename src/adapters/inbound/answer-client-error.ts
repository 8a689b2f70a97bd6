// The answer to a connection whose data is not HTTP or is late.

import type { Duplex } from 'node:stream'

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', refusal('431 Request Header Fields Too Large')],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', refusal('413 Payload Too Large')],
  ['ERR_HTTP_REQUEST_TIMEOUT', refusal('408 Request Timeout')],
])
const BAD_REQUEST = refusal('400 Bad Request')

/** For the event `clientError` of a server. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = error.code ?? ''
  const answer = REFUSALS.get(code) ?? (code.startsWith('HPE_') ? BAD_REQUEST : undefined)
  // A client that failed the TLS handshake or has disconnected gets no answer.
  if (answer === undefined || !socket.writable) socket.destroy()
  else socket.end(answer, () => socket.destroy())
}

function refusal(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
}

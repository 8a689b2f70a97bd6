// HTTP over a bare TCP connection: sends exactly the given bytes, and reports the answers and which side disconnected.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type BencodedMap, decodeMap } from '../fixtures/bencode.ts'
import { noteRequest } from './discreet-log.ts'

export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

export interface Conversation {
  readonly answers: HttpAnswer[]
  readonly closed: boolean
}

/** Opens a connection to the host and port of `url`. */
export async function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}

/** Sends `request` and reads until `count` answers have arrived or, with `Infinity`, until the tracker disconnects. */
export async function converse(url: string, request: string | Uint8Array, count = 1): Promise<Conversation> {
  const socket = await dial(url)
  noteRequest(request)
  socket.write(typeof request === 'string' ? Buffer.from(request, 'latin1') : request)
  const conversation = await listen(socket, count)
  socket.destroy()
  return conversation
}

/** Like `converse`, on an open connection. */
export function listen(socket: Socket, count: number): Promise<Conversation> {
  return new Promise((done) => {
    let received: Buffer = Buffer.alloc(0)
    const finish = (closed: boolean) => done({ answers: parseAnswers(received), closed })
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (parseAnswers(received).length >= count) finish(false)
    })
    socket.on('end', () => finish(true))
    socket.on('close', () => finish(true))
    // A reset is one way of disconnecting; `close` follows it.
    socket.on('error', () => undefined)
  })
}

/** A plain GET on a connection of its own. */
export async function get(url: string, target: string, headers: readonly string[] = []): Promise<HttpAnswer> {
  const request = ['GET ', target, ' HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n']
  const { answers } = await converse(url, [...request, ...headers.map((line) => `${line}\r\n`), '\r\n'].join(''))
  if (answers[0] === undefined) throw new Error(`no answer to ${target}`)
  return answers[0]
}

/** GET of an announce or a scrape: returns the dictionary of the 200 answer. */
export async function ask(url: string, target: string, headers: readonly string[] = []): Promise<BencodedMap> {
  const answer = await get(url, target, headers)
  if (answer.status !== 200) throw new Error(`${answer.status} to ${target}`)
  return decodeMap(answer.body)
}

/** Complete answers at the start of `received`. */
function parseAnswers(received: Buffer): HttpAnswer[] {
  const answers: HttpAnswer[] = []
  let at = 0
  for (;;) {
    const headEnd = received.indexOf('\r\n\r\n', at)
    if (headEnd < 0) return answers
    const [statusLine = '', ...lines] = received.toString('latin1', at, headEnd).split('\r\n')
    const headers = new Map(
      lines.map((line) => [line.split(':', 1).join().toLowerCase(), line.replace(/^[^:]*:\s*/, '')]),
    )
    const bodyAt = headEnd + 4
    const bodyEnd = bodyAt + Number(headers.get('content-length') ?? 0)
    if (received.length < bodyEnd) return answers
    answers.push({ status: Number(statusLine.split(' ')[1]), headers, body: received.subarray(bodyAt, bodyEnd) })
    at = bodyEnd
  }
}

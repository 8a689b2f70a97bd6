// Heads of requests that the plain HTTP driver answers itself: whatever it takes for plain, Node.js's parser (llhttp)
// reads as exactly one request without a body, with the same target, version, persistence and forwarded address.

import { createServer, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { joinedHeader } from '../../../src/adapters/inbound/raw-headers.ts'
import { KnownHeads } from '../../../src/adapters/protocol/http/known-heads.ts'
import { PlainHead } from '../../../src/adapters/protocol/http/plain-head.ts'
import { ANNOUNCE_QUERY } from '../../fixtures/http-vectors.ts'
import { type FuzzTarget, hold, latin1, same } from '../target.ts'

interface Reading {
  readonly url: string | undefined
  readonly isHttp10: boolean
  readonly isKept: boolean
  readonly forwarded: string
  readonly acceptsEncodings: boolean
}

/** The requests in `bytes` by llhttp, and whether it finds fault with them. */
async function readByNode(
  bytes: Uint8Array,
): Promise<{ readonly requests: readonly Reading[]; readonly isFaulty: boolean }> {
  const requests: Reading[] = []
  let isFaulty = false
  const server = createServer((request: IncomingMessage, response) => {
    requests.push({
      url: request.url,
      isHttp10: request.httpVersion === '1.0',
      isKept: response.shouldKeepAlive,
      forwarded: joinedHeader(request.rawHeaders, 'x-forwarded-for') ?? '',
      acceptsEncodings: joinedHeader(request.rawHeaders, 'accept-encoding') !== undefined,
    })
    response.end()
  })
  server.on('clientError', (_, socket) => {
    isFaulty = true
    socket.destroy()
  })
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  const closed = new Promise<void>((done) => socket.on('close', () => done()))
  server.emit('connection', socket)
  socket.push(bytes)
  socket.push(null)
  await closed
  return { requests, isFaulty }
}

/** Of all inputs: what is remembered of one must not change how another is read. */
const KNOWN = new KnownHeads()

async function check(input: Uint8Array): Promise<void> {
  const bytes = Buffer.from(input)
  const head = new PlainHead(KNOWN)
  if (!head.read(bytes, 0, bytes.length)) return
  const { end, targetAt, targetEnd, isHttp10, isKept } = head
  hold(end <= bytes.length && targetAt < targetEnd && targetEnd < end, 'a head is within what was received')
  for (let cut = 0; cut < end; cut += 1 + (cut >> 3))
    hold(!new PlainHead(new KnownHeads()).read(bytes, 0, cut), 'a part is no head')
  const { requests, isFaulty } = await readByNode(bytes.subarray(0, end))
  same([requests.length, isFaulty], [1, false], 'requests that llhttp reads')
  const forwarded = bytes.toString('latin1', head.forwardedAt, head.forwardedEnd)
  const url = bytes.toString('latin1', targetAt, targetEnd)
  same(requests[0], { url, isHttp10, isKept, forwarded, acceptsEncodings: head.hasAcceptEncoding }, 'the request')
}

export function openPlainHeads(): FuzzTarget {
  const head = (version: string, ...lines: readonly string[]): Uint8Array =>
    latin1([`GET /announce?${ANNOUNCE_QUERY} HTTP/1.${version}`, ...lines, '', ''].join('\r\n'))
  return {
    seeds: [
      head(
        '1',
        'Host: tracker.example:6969',
        'User-Agent: qBittorrent/5.2.4',
        'Accept-Encoding: gzip',
        'Connection: close',
      ),
      head('0'),
      head('0', 'Connection: keep-alive', 'Accept: */*'),
      head('1', 'host:\t t \t', 'X-Forwarded-For: 203.0.113.7, 10.0.0.1', 'Connection: Keep-Alive'),
      head('1', 'Host: t', 'Content-Length: 0', 'Transfer-Encoding: chunked', 'Upgrade: h2c', 'Expect: 100-continue'),
      latin1(`GET / HTTP/1.1\r\nHost: t\r\n${'a: b\r\n'.repeat(60)}\r\n`),
    ],
    dictionary: [
      ...['\r\n', '\n', '\r', '\r\n\r\n', ': ', ':', ' ', '\t', '\0', 'GET /', ' HTTP/1.1', ' HTTP/1.0', ' HTTP/1.2'],
      ...['Host: ', 'Connection: ', 'close', 'keep-alive', 'Upgrade', 'Content-Length: 1', 'Transfer-Encoding: x'],
      ...[
        'X-Forwarded-For: ',
        'Accept-Encoding:',
        'Trailer: x',
        'TE: x',
        'Keep-Alive: 5',
        '#',
        '%',
        '\x80',
        '\xff',
        ',',
      ],
    ],
    maxBytes: 4096,
    check,
  }
}

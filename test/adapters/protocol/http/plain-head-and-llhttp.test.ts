// What is plain for PlainHead is read alike by the parser of node:http (llhttp): both get mutated requests.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { joinedHeader, readTraits, Trait } from '../../../../src/adapters/inbound/raw-headers.ts'
import { KnownHeads } from '../../../../src/adapters/protocol/http/known-heads.ts'
import { PlainHead } from '../../../../src/adapters/protocol/http/plain-head.ts'
import { SeededRandom } from '../../../model/seeded-random.ts'

const MAX_HEAD_BYTES = 1024
const NEXT = Buffer.from('GET /next HTTP/1.1\r\nHost: next\r\n\r\n')

interface ParseError extends Error {
  readonly code?: string
  readonly bytesParsed?: number
}

/** What the server made of the bytes of one connection. */
interface Reading {
  readonly requests: { readonly request: IncomingMessage; readonly response: ServerResponse }[]
  readonly errors: ParseError[]
}

/** Accepts everything written to it, and delivers what is pushed. */
class Pipe extends Duplex {
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }
}

let server: Server
let reading: Reading

beforeAll(() => {
  server = createServer({ maxHeaderSize: MAX_HEAD_BYTES, requireHostHeader: false })
  const note = (request: IncomingMessage, response: ServerResponse): void => {
    reading.requests.push({ request, response })
  }
  // Answers nothing: then nothing but the parser decides what is read.
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, note)
  // Without a request, the test fails.
  for (const event of ['connect', 'upgrade']) server.on(event, () => {})
  server.on('clientError', (error) => reading.errors.push(error))
})
afterAll(() => {
  server.close()
})

/** All of it is parsed in the turn in which it arrives. */
async function parse(bytes: Uint8Array): Promise<Reading> {
  reading = { requests: [], errors: [] }
  const pipe = new Pipe()
  server.emit('connection', pipe)
  pipe.push(bytes)
  await new Promise(setImmediate)
  pipe.destroy()
  return reading
}

/** Choices of one part of a request: the plain ones, and odd ones. */
interface Part {
  readonly plain: readonly string[]
  readonly odd: readonly string[]
}

const METHOD: Part = { plain: ['GET'], odd: ['get', 'HEAD', 'POST', 'OPTIONS', 'G ET', 'GETT', 'CONNECT', 'PRI', ''] }
const TARGET: Part = {
  plain: [
    '/announce?info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A&port=1',
    '/',
    '//',
    '/?',
    '/"<>\\^`{|}~?!$&@',
  ],
  odd: ['/a#b', '*', 'http://t/announce', 't:80', '', '/a b', '/\x80', '/\x7f'],
}
const VERSION: Part = {
  plain: ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'],
  odd: ['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/1.1 ', 'HTTP/11', 'HTTP/1.01', 'HTTP/1,1', 'http/1.1', 'ICE/1.0', ''],
}
const NAME: Part = {
  plain: [
    'Connection',
    'Accept-Encoding',
    'X-Forwarded-For',
    'User-Agent',
    'Keep-Alive',
    'Hos',
    "X_y~|!#$%&'*+.^`",
    'x'.repeat(31),
    'x'.repeat(32),
    'x'.repeat(40),
  ],
  odd: [
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'TE',
    'Proxy-Connection',
    'Origin',
    'Sec-Fetch-Site',
    'Connection ',
    ' Folded',
    '',
  ],
}
const VALUE: Part = {
  plain: ['close', 'keep-alive', 'Keep-Alive', 'CLOSE', 'gzip', '1.2.3.4, 5.6.7.8', 't', '"\\', '', 'y'.repeat(100)],
  odd: [
    'close, keep-alive',
    'upgrade',
    'keep-alive,',
    'clos',
    'closed',
    '0',
    '5',
    '+0',
    'chunked',
    '100-continue',
    '\xe4',
    'y'.repeat(900),
  ],
}
const COLON: Part = { plain: [':'], odd: ['', ' :', '::'] }
const END: Part = { plain: ['\r\n'], odd: ['\n', '\r', '\r\r\n', '\r\n ', '\r\n\t', '\n\r', '\0\r\n', '\r\n\r\n'] }
const SPACE: Part = { plain: [' '], odd: ['', '  ', '\t', ' \t ', '\v', '\r\n ', '\xa0'] }
/** Around a value. */
const BLANK: Part = { plain: ['', ' ', '\t', ' \t '], odd: ['\v', '\f', '\xa0'] }
const ODD_BYTES = [0, 9, 10, 11, 12, 13, 32, 34, 35, 44, 47, 58, 59, 63, 92, 95, 127, 128, 160, 255]

class Mutator {
  readonly #random: SeededRandom

  constructor(random: SeededRandom) {
    this.#random = random
  }

  next(): Buffer {
    const random = this.#random
    let text = this.#request()
    if (random.oneIn(6)) text += this.#request()
    const bytes = Buffer.from(text, 'latin1')
    if (bytes.length === 0 || random.oneIn(2)) return bytes
    return this.#mutated(bytes)
  }

  #pick({ plain, odd }: Part): string {
    return this.#random.pick(this.#random.oneIn(40) ? odd : plain)
  }

  #request(): string {
    const random = this.#random
    let text = [METHOD, SPACE, TARGET, SPACE, VERSION, END].map((part) => this.#pick(part)).join('')
    if (!random.oneIn(8)) text += this.#line('Host')
    for (let count = random.below(5); count > 0; count--) text += this.#line(this.#pick(NAME))
    return text + this.#pick(END)
  }

  #line(name: string): string {
    return this.#cased(name) + [COLON, BLANK, VALUE, BLANK, END].map((part) => this.#pick(part)).join('')
  }

  #cased(name: string): string {
    const random = this.#random
    if (random.oneIn(2)) return name
    return random.oneIn(2) ? name.toLowerCase() : name.toUpperCase()
  }

  #mutated(bytes: Buffer): Buffer {
    const random = this.#random
    const at = random.below(bytes.length)
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)]
    const byte = Buffer.of(random.oneIn(2) ? random.pick(ODD_BYTES) : random.below(256))
    switch (random.below(5)) {
      case 0:
        return Buffer.concat([before, byte, after])
      case 1:
        return Buffer.concat([before, byte, bytes.subarray(at)])
      case 2:
        return Buffer.concat([before, after])
      case 3:
        return Buffer.from(before)
      default:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(bytes.length))])
    }
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes).toString('latin1', from, to)
}

/** Both read the head that begins at 0. */
async function expectAlike(head: PlainHead, bytes: Buffer): Promise<void> {
  const { requests, errors } = await parse(Buffer.concat([bytes.subarray(0, head.end), NEXT]))
  const [first, second] = requests
  if (first === undefined) throw new Error(`llhttp takes no request: ${errors[0]?.code}`)
  const { request, response } = first
  expect(request.method).toBe('GET')
  expect(request.url).toBe(textOf(bytes, head.targetAt, head.targetEnd))
  expect(request.httpVersion).toBe(head.isHttp10 ? '1.0' : '1.1')
  expect(response.shouldKeepAlive).toBe(head.isKept)
  const { rawHeaders } = request
  expect(joinedHeader(rawHeaders, 'accept-encoding') !== undefined).toBe(head.hasAcceptEncoding)
  expect(joinedHeader(rawHeaders, 'x-forwarded-for') ?? '').toBe(textOf(bytes, head.forwardedAt, head.forwardedEnd))
  const traits = readTraits(rawHeaders)
  expect(traits & (Trait.HasBody | Trait.CrossSite)).toBe(0)
  if (!head.isHttp10) expect(traits).toBe(Trait.HasHost)
  // It ends at the same byte, without a body: the next request begins there, or is refused there.
  if (head.isKept) {
    expect(errors).toEqual([])
    expect([requests.length, second?.request.url, second?.request.rawHeaders]).toEqual([2, '/next', ['Host', 'next']])
  } else {
    expect(requests).toHaveLength(1)
    expect(errors).toMatchObject([{ code: 'HPE_CLOSED_CONNECTION', bytesParsed: head.end + 1 }])
  }
}

it.each([1, 2, 3, 4, 5, 6])('reads as llhttp does, or leaves it to llhttp (seed %i)', async (seed) => {
  const mutator = new Mutator(new SeededRandom(seed))
  const head = new PlainHead(new KnownHeads())
  let taken = 0
  for (let round = 0; round < 5000; round++) {
    const bytes = mutator.next()
    if (!head.read(bytes, 0, bytes.length) || head.end > MAX_HEAD_BYTES) continue
    taken++
    const message = JSON.stringify(textOf(bytes, 0, bytes.length))
    await expectAlike(head, bytes).catch((error: Error) => {
      throw new Error(`${message}: ${error.message}`)
    })
    // It reads alike when what follows its target is known.
    const before = { ...head }
    if (!head.read(bytes, 0, bytes.length)) throw new Error(`not plain again: ${message}`)
    expect({ ...head }).toEqual(before)
    // No part of it is plain.
    const { end } = head
    for (let to = 0; to < end; to++) if (head.read(bytes, 0, to)) throw new Error(`plain up to ${to}: ${message}`)
  }
  expect(taken).toBeGreaterThan(300)
})

it('is not read by llhttp where it is cut, at any byte', async () => {
  const text = 'GET /a?b HTTP/1.0\r\nHost: t\r\nConnection: keep-alive\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n'
  for (let length = 0; length < text.length; length++) {
    expect((await parse(Buffer.from(text.slice(0, length)))).requests).toEqual([])
  }
  expect((await parse(Buffer.from(text))).requests).toHaveLength(1)
})

it('counts more bytes than llhttp does, which is stricter', async () => {
  const head = new PlainHead(new KnownHeads())
  for (let length = MAX_HEAD_BYTES - 100; length <= MAX_HEAD_BYTES; length++) {
    const frame = 'GET / HTTP/1.1\r\nHost: t\r\nX: \r\n\r\n'
    const bytes = Buffer.from(frame.replace('X: ', `X: ${'y'.repeat(length - frame.length)}`))
    expect(bytes).toHaveLength(length)
    expect(head.read(bytes, 0, length)).toBe(true)
    await expectAlike(head, bytes)
  }
})

import { describe, expect, it } from '@jest/globals'
import { KnownHeads } from '../../../../src/adapters/protocol/http/known-heads.ts'
import { PlainHead } from '../../../../src/adapters/protocol/http/plain-head.ts'

const TARGET = '/announce?info_hash=%124Vx&port=1'
const HEAD = `GET ${TARGET} HTTP/1.1\r\nHost: t\r\n\r\n`

/** Of a head alone in its buffer; undefined if it is not plain. */
function read(text: string): PlainHead | undefined {
  const head = new PlainHead(new KnownHeads())
  return head.read(Buffer.from(text, 'latin1'), 0, text.length) ? head : undefined
}

function withLines(...lines: string[]): string {
  return `GET ${TARGET} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
}

describe('PlainHead', () => {
  it('finds the target, the end and what the client wants', () => {
    const head = read(HEAD)
    expect(head).toMatchObject({ end: HEAD.length, isHttp10: false, isKept: true, hasAcceptEncoding: false })
    expect(HEAD.slice(head?.targetAt, head?.targetEnd)).toBe(TARGET)
    expect(head?.forwardedAt).toBe(head?.forwardedEnd)
  })

  it('reads between its bounds only', () => {
    const text = `x${HEAD}${HEAD}`
    const bytes = Buffer.from(text, 'latin1')
    const head = new PlainHead(new KnownHeads())
    expect(head.read(bytes, 1, text.length)).toBe(true)
    expect([head.targetAt, head.end]).toEqual([5, 1 + HEAD.length])
    for (let to = 1; to < 1 + HEAD.length; to++) expect(head.read(bytes, 1, to)).toBe(false)
  })

  it('reads a head that ends like one before it, whatever else differs', () => {
    const known = new KnownHeads()
    const lines = (more: string) => `HTTP/1.1\r\nHost: t\r\nUser-Agent: x\r\n${more}\r\n`
    const ends = [
      lines(''),
      lines('Connection: close\r\n'),
      lines('Accept-Encoding: gzip\r\n'),
      lines('').replace('1.1', '1.0'),
      lines('X-Forwarded-For: 1.1.1.1\r\n'),
      lines('X-Forwarded-For: 1.1.1.2\r\n'),
      lines('').replace('User-Agent', 'Expect'),
      lines('').replace('Host', 'Hosts'),
      lines(`Y: ${'y'.repeat(400)}\r\n`),
    ]
    const facts = (end: string, target: string, seen: KnownHeads) => {
      const text = `GET ${target} ${end}`
      const head = new PlainHead(seen)
      if (!head.read(Buffer.from(text, 'latin1'), 0, text.length)) return undefined
      return { ...head, forwarded: text.slice(head.forwardedAt, head.forwardedEnd) }
    }
    // Targets of different lengths, so that what follows is at different places in its words.
    for (const target of ['/a', '/ab', '/abc', '/abcd', TARGET, '/a#']) {
      for (const end of [...ends, ...ends])
        expect(facts(end, target, known)).toEqual(facts(end, target, new KnownHeads()))
    }
    expect(facts(ends[1] ?? '', '/a', known)).toMatchObject({ isKept: false })
    expect(facts(ends[6] ?? '', '/a', known)).toBeUndefined()
  })

  it('knows a head again by all its bytes', () => {
    const known = new KnownHeads()
    const text = `${TARGET} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
    const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const bytes = Buffer.from(text)
    const at = TARGET.length
    const entry = known.remember(view(bytes), at, bytes.length)
    expect(entry).toBeDefined()
    expect(known.find(view(bytes), at, bytes.length)).toBe(entry)
    for (let i = at; i < bytes.length; i++) {
      const other = Buffer.from(text)
      other[i] = (other[i] ?? 0) ^ 1
      expect(known.find(view(other), at, other.length)).toBeUndefined()
    }
    expect(known.find(view(bytes), at, bytes.length - 1)).toBeUndefined()
  })

  it('forgets the head before it', () => {
    const head = new PlainHead(new KnownHeads())
    const first = withLines('Host: t', 'Connection: close', 'Accept-Encoding: gzip', 'X-Forwarded-For: 9.9.9.9')
    expect(head.read(Buffer.from(first), 0, first.length)).toBe(true)
    expect(head.read(Buffer.from(HEAD), 0, HEAD.length)).toBe(true)
    expect(head).toMatchObject({ isKept: true, hasAcceptEncoding: false, forwardedAt: 0, forwardedEnd: 0 })
    const noHost = withLines()
    expect(head.read(Buffer.from(noHost), 0, noHost.length)).toBe(false)
  })

  it.each([
    ['1.1', [], true],
    ['1.1', ['Connection: close'], false],
    ['1.1', ['connection:CLOSE \t'], false],
    ['1.1', ['Connection: Keep-Alive'], true],
    ['1.0', [], false],
    ['1.0', ['Connection: keep-alive'], true],
    ['1.0', ['Connection: close'], false],
  ] as const)('keeps a connection of HTTP/%s with %j: %s', (version, lines, isKept) => {
    expect(read(withLines('Host: t', ...lines).replace('HTTP/1.1', `HTTP/${version}`))).toMatchObject({ isKept })
  })

  it.each([
    ['X-Forwarded-For: 9.9.9.9', '9.9.9.9'],
    ['x-forwarded-for:1.1.1.1,\t2.2.2.2 \t ', '1.1.1.1,\t2.2.2.2'],
    ['X-FORWARDED-FOR:', ''],
    ['X-Forwarded-For:  \t ', ''],
    ['X-Forwarded-Fox: 9.9.9.9', ''],
  ])('reads %j', (line, value) => {
    const text = withLines('Host: t', line)
    const head = read(text)
    expect(text.slice(head?.forwardedAt, head?.forwardedEnd)).toBe(value)
    expect(head).toBeDefined()
  })

  it('finds Accept-Encoding, whatever it says', () => {
    for (const line of ['Accept-Encoding: gzip', 'ACCEPT-ENCODING:']) {
      expect(read(withLines('Host: t', line))).toMatchObject({ hasAcceptEncoding: true })
    }
  })

  it('needs a host in HTTP/1.1 only', () => {
    expect(read(withLines())).toBeUndefined()
    expect(read(withLines('Hos: t', 'Hostt: t'))).toBeUndefined()
    expect(read(`GET ${TARGET} HTTP/1.0\r\n\r\n`)).toMatchObject({ isHttp10: true })
  })

  it.each([
    'Content-Length: 0',
    'Transfer-Encoding: chunked',
    'Expect: 100-continue',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    'TE: trailers',
    'Trailer: x',
    'Proxy-Connection: close',
    'Origin: null',
    'Sec-Fetch-Site: none',
    'Connection: upgrade',
    'Connection: keep-alive, close',
    'Connection:',
    'Connection: closed',
    ': empty',
    'No colon',
    'Space : before',
    ' Folded: first',
    'Name: \x7f',
    'Name: \x80',
    'Name: \0',
    'Name: a\rb',
    'Name: a\nb',
    'N\xe4me: a',
    'Name: a\r\n folded',
    'Name: a\r',
  ])('leaves %j to a full parser, in any case', (line) => {
    expect(read(withLines('Host: t', 'Name: a'))).toBeDefined()
    for (const spelled of [line, line.toLowerCase(), line.toUpperCase()]) {
      expect(read(withLines('Host: t', spelled))).toBeUndefined()
      expect(read(withLines(spelled, 'Host: t'))).toBeUndefined()
    }
  })

  it.each(['Connection: close', 'X-Forwarded-For: 9.9.9.9'])('leaves a repeated %s to a full parser', (line) => {
    expect(read(withLines('Host: t', line))).toBeDefined()
    expect(read(withLines('Host: t', line, line.toLowerCase()))).toBeUndefined()
  })

  it.each([
    HEAD.replace('GET', 'get'),
    HEAD.replace('GET', 'HEAD'),
    HEAD.replace('GET ', 'GET  '),
    HEAD.replace('GET ', 'GET\t'),
    `\r\n${HEAD}`,
    ` ${HEAD}`,
    HEAD.replace('/announce', 'http://t/announce'),
    HEAD.replace('/announce', '*'),
    HEAD.replace('info_hash', 'info#hash'),
    HEAD.replace('info_hash', 'info\x80hash'),
    HEAD.replace('info_hash', 'info\x7fhash'),
    HEAD.replace('info_hash', 'info hash'),
    HEAD.replace('info_hash', 'info\thash'),
    HEAD.replace(' HTTP', '  HTTP'),
    HEAD.replace('HTTP', 'http'),
    HEAD.replace('HTTP/1.1', 'HTTP/1.2'),
    HEAD.replace('HTTP/1.1', 'HTTP/2.0'),
    HEAD.replace('HTTP/1.1', 'HTTP/1.11'),
    HEAD.replace('HTTP/1.1', 'HTTP/1.1 '),
    HEAD.replace(' HTTP/1.1', ''),
    HEAD.replaceAll('\r\n', '\n'),
    HEAD.replace('\r\n', '\n'),
    HEAD.replace('\r\n\r\n', '\r\n\n'),
    HEAD.replace('\r\n\r\n', '\r\n\rx'),
    HEAD.replace('\r\n', '\r\r\n'),
    '',
  ])('leaves %j to a full parser', (text) => {
    expect(read(text)).toBeUndefined()
  })

  it('takes a bounded number of headers', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: y`)
    expect(read(withLines('Host: t', ...lines(62)))).toBeDefined()
    expect(read(withLines('Host: t', ...lines(64)))).toBeUndefined()
  })

  it('takes names of any length', () => {
    for (let length = 1; length < 100; length++)
      expect(read(withLines('Host: t', `${'x'.repeat(length)}: y`))).toBeDefined()
  })
})

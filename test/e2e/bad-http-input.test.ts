// Bad and odd HTTP requests against the running tracker. After every row the process is alive, an honest client is
// served, and the row's torrent holds exactly what it should.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget, escaped, scrapeTarget } from '../fixtures/announce-targets.ts'
import { type BencodedMap, decodeMap } from '../fixtures/bencode.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { HTTP_ROWS } from './bad-http-rows.ts'
import { aDocument, HTTP_DRIVERS } from './documents.ts'
import { ask, converse, dial, get, listen } from './http-client.ts'
import { TrackerProcess } from './tracker-process.ts'

const LIMITS = `
[core.announce_policy]
downloaders_in_scrape = true
[http_tracker_server]
headers_timeout = 1
request_timeout = 2
connection_check_interval = 1
`
const PROXIED = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8", "10.0.0.0/8"]
`
const DUAL_STACK = `
[[http_trackers]]
bind_address = "[::]:0"
[http_trackers.network]
ipv6_v6only = false
`

describe.each(HTTP_DRIVERS)('with the %s driver,', (httpDriver) => {
  let tracker: TrackerProcess
  let plain: string
  let ipv6: string
  let proxied: string
  let dualStack: string

  beforeAll(async () => {
    tracker = await TrackerProcess.start(
      aDocument({ httpDriver, http: ['127.0.0.1:0', '[::1]:0'], more: LIMITS + PROXIED + DUAL_STACK }),
    )
    ;[plain = '', ipv6 = '', proxied = '', dualStack = ''] = tracker.http
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  /** Ends in `#`, which must not be treated as a fragment. */
  function anInfoHash() {
    return Buffer.concat([randomBytes(19), Buffer.from('#')])
  }

  async function counts(infoHash: Buffer): Promise<string> {
    const files = (await ask(plain, scrapeTarget(infoHash))).get('files') as BencodedMap
    const row = files.get(infoHash.toString('latin1')) as BencodedMap
    return `${row.get('complete')}/${row.get('downloaded')}/${row.get('incomplete')}`
  }

  function peersOf(reply: BencodedMap): string[] {
    const of = (key: string, stride: 6 | 18) =>
      compactPeers(Buffer.from(String(reply.get(key) ?? ''), 'latin1'), stride)
    return [...of('peers', 6), ...of('peers6', 18)].sort()
  }

  /** The peers that a new leecher receives. */
  async function peersToldOf(infoHash: Buffer, url = plain, headers: readonly string[] = []): Promise<string[]> {
    const target = announceTarget(infoHash, { peer_id: '-TR3000-newcomer0000', port: '7001' })
    return peersOf(await ask(url, target, headers))
  }

  async function expectUnharmed(): Promise<void> {
    expect(tracker.isRunning).toBe(true)
    expect((await ask(plain, announceTarget(Buffer.alloc(20, 7)))).get('incomplete')).toBe(1)
  }

  describe('a request', () => {
    it.each(HTTP_ROWS)('with $input is answered as it should be ($id)', async (row) => {
      const infoHash = anInfoHash()
      for (const earlier of row.before ?? []) await ask(plain, announceTarget(infoHash, earlier))
      const text = row.request(infoHash)
      const request = text.includes('\n') ? text : `GET ${text} HTTP/1.1\r\nHost: tracker\r\n\r\n`
      const { answers, closed } = await converse(plain, request, row.hangsUp ? Number.POSITIVE_INFINITY : 1)

      expect(answers).toHaveLength(1)
      const [answer] = answers
      if (answer === undefined) throw new Error('no answer')
      expect(closed).toBe(row.hangsUp ?? false)
      expect([...answer.headers.keys()]).not.toContain('access-control-allow-origin')

      if (typeof row.answer === 'object' && 'status' in row.answer) {
        expect([row.answer.status].flat()).toContain(answer.status)
      } else {
        expect(answer.status).toBe(200)
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
        expect(answer.headers.get('content-length')).toBe(String(answer.body.length))
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
        expect(answer.headers.get('cache-control')).toBe('no-store')
        const reply = decodeMap(answer.body)
        const interval = Number(reply.get('interval'))
        expect(interval).toBeGreaterThanOrEqual(300)
        expect(interval).toBeLessThanOrEqual(10800)
        expect(Number(reply.get('min interval'))).toBeLessThanOrEqual(interval)
        if (row.answer === 'success') {
          const keys = ['complete', 'downloaded', 'incomplete', 'interval', 'min interval', 'peers']
          expect([...reply.keys()]).toEqual(expect.arrayContaining(keys))
          expect([...reply.keys()]).not.toContain('failure reason')
          for (const [key, value] of Object.entries(row.reply ?? {})) expect(reply.get(key)).toEqual(value)
        } else {
          expect(reply.get('failure reason')).toBe(row.answer.failure)
        }
      }

      expect(await counts(infoHash)).toBe(row.counts ?? '0/0/0')
      expect(await peersToldOf(infoHash)).toEqual((row.listed ?? []).map((port) => `127.0.0.1:${port}`).sort())
      await expectUnharmed()
    })

    it('with another method is answered with the allowed ones (HTTP-08)', async () => {
      const request = (method: string) => `${method} /announce HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
      for (const method of ['POST', 'OPTIONS']) {
        const { answers } = await converse(plain, request(method))
        expect(answers[0]?.headers.get('allow')).toBe('GET, HEAD')
        expect(answers[0]?.body).toHaveLength(0)
      }
    })

    it('may be pipelined; answers keep the order (BH-73)', async () => {
      const [first, second] = [anInfoHash(), anInfoHash()]
      const one = (infoHash: Buffer, left: string) =>
        `GET ${announceTarget(infoHash, { left })} HTTP/1.1\r\nHost: t\r\n\r\n`
      const { answers } = await converse(plain, one(first, '0') + one(second, '1'), 2)
      expect(answers.map(({ body }) => decodeMap(body).get('complete'))).toEqual([1, 0])
    })

    it('with a body does not disturb the next one (BH-72)', async () => {
      const request = `GET ${announceTarget(anInfoHash())} HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello`
      const { answers, closed } = await converse(plain, request + request, 2)
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      expect(answers.length === 2 || closed).toBe(true)
    })

    it('that is a TLS ClientHello gets an error or no answer (BH-76)', async () => {
      const hello = Buffer.concat([Buffer.from('160301020001000100', 'hex'), randomBytes(200)])
      const { answers, closed } = await converse(plain, hello, Number.POSITIVE_INFINITY)
      expect(closed).toBe(true)
      expect(answers.map(({ status }) => status).filter((status) => status !== 400)).toEqual([])
      await expectUnharmed()
    })

    it('that never arrives times out (BH-78)', async () => {
      const { answers } = await listen(await dial(plain), Number.POSITIVE_INFINITY)
      expect(answers.map(({ status }) => status).filter((status) => status !== 408)).toEqual([])
      await expectUnharmed()
    })

    it('that arrives byte by byte times out (BH-77)', async () => {
      const socket = await dial(plain)
      const ending = listen(socket, Number.POSITIVE_INFINITY)
      const slowly = setInterval(() => socket.write('G'), 200)
      await ending
      clearInterval(slowly)
      await expectUnharmed()
    })

    it('whose client disconnects at once does no harm (BH-80)', async () => {
      for (let count = 0; count < 50; count++) {
        const socket = await dial(plain)
        socket.write(`GET ${announceTarget(anInfoHash())} HTTP/1.1\r\nHost: t\r\n\r\n`)
        socket.resetAndDestroy()
      }
      await expectUnharmed()
    })

    it('leaves no terminal escape in the log (BH-92)', async () => {
      await converse(
        plain,
        `GET ${announceTarget(anInfoHash())} HTTP/1.1\r\nHost: t\r\nUser-Agent: \x1b[31mred\r\n\r\n`,
      )
      await expectUnharmed()
      expect(tracker.lines.filter((line) => line.includes('\x1b'))).toEqual([])
    })
  })

  describe('swarms', () => {
    it('are separate if hashes differ only in bytes above 7f (BH-14)', async () => {
      const [one, other] = [Buffer.from('a6b798ad', 'hex'), Buffer.from('a7b899ae', 'hex')]
      const rest = randomBytes(16)
      await ask(plain, announceTarget(Buffer.concat([rest, one])))
      expect(await counts(Buffer.concat([rest, one]))).toBe('0/0/1')
      expect(await counts(Buffer.concat([rest, other]))).toBe('0/0/0')
    })

    it('treat + as a space in an odd hash (HTTP-04)', async () => {
      const infoHash = Buffer.from('00ff2b2025263d3b232f3f80c3280a0d2227417e', 'hex')
      const written = '%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~'
      await ask(plain, announceTarget(infoHash, { info_hash: written }))
      expect(await counts(infoHash)).toBe('0/0/1')
    })

    it('keep one entry for an address and port, whatever the peer id (BH-94)', async () => {
      const infoHash = anInfoHash()
      await ask(plain, announceTarget(infoHash))
      await ask(plain, announceTarget(infoHash, { peer_id: '-TR4100-0123456789ab' }))
      expect(await counts(infoHash)).toBe('0/0/1')
    })

    it('count a client with an address of each family once (BH-98)', async () => {
      const infoHash = anInfoHash()
      for (const url of [plain, ipv6]) await ask(url, announceTarget(infoHash, { key: 'A1B2C3D4' }))
      expect(await counts(infoHash)).toBe('0/0/1')
      expect(await peersToldOf(infoHash)).toEqual(['127.0.0.1:51413', '[::1]:51413'])
    })

    it('know an IPv4 client of a dual-stack listener by its IPv4 address (HTTP-33)', async () => {
      const infoHash = anInfoHash()
      const url = dualStack.replace('[::]', '127.0.0.1')
      expect((await ask(url, announceTarget(infoHash))).get('external ip')).toBe('\x7f\0\0\x01')
      expect(await peersToldOf(infoHash)).toEqual(['127.0.0.1:51413'])
    })

    it('are returned to IPv6 clients in peers6 (HTTP-33)', async () => {
      const infoHash = anInfoHash()
      await ask(ipv6, announceTarget(infoHash))
      const reply = await ask(ipv6, announceTarget(infoHash, { port: '7002', peer_id: '-TR4100-0123456789ab' }))
      expect(reply.get('peers')).toBe('')
      expect(peersOf(reply)).toEqual(['[::1]:51413'])
      expect(reply.get('external ip')).toBe(`${'\0'.repeat(15)}\x01`)
    })

    it('hand out 50 peers by default, and at most 200 (HTTP-23)', async () => {
      const infoHash = anInfoHash()
      for (let index = 0; index < 205; index++) {
        const peer = {
          port: String(10_000 + index),
          peer_id: `-XX0000-${String(index).padStart(12, '0')}`,
          numwant: '0',
        }
        await ask(plain, announceTarget(infoHash, peer))
      }
      for (const [numwant, most] of [
        [undefined, 50],
        ['-1', 50],
        ['7', 7],
        ['1000000', 200],
        ['9'.repeat(20), 200],
        ['9'.repeat(30), 50],
      ] as const) {
        const peers = peersOf(await ask(plain, announceTarget(infoHash, { numwant })))
        expect(new Set(peers)).toHaveProperty('size', most)
        expect(peers).not.toContain('127.0.0.1:51413')
      }
    })
  })

  describe('a scrape', () => {
    const rows = async (...infoHashes: Buffer[]) =>
      (await ask(plain, scrapeTarget(...infoHashes))).get('files') as BencodedMap
    const names = (files: BencodedMap) => [...files.keys()]

    it('answers 74 hashes of 75 (BH-82)', async () => {
      const hashes = Array.from({ length: 75 }, () => randomBytes(20))
      const asked = hashes.slice(0, 74).map((hash) => hash.toString('latin1'))
      expect(names(await rows(...hashes))).toEqual(asked.sort())
    })

    it('has one entry for a repeated hash (BH-84)', async () => {
      const infoHash = anInfoHash()
      expect(names(await rows(infoHash, infoHash))).toEqual([infoHash.toString('latin1')])
    })

    it('shows zeros for unknown torrents, and sorts by bytes (BH-85, BH-86)', async () => {
      const hashes = [Buffer.alloc(20, 0xff), Buffer.alloc(20, 0x80), Buffer.alloc(20, 0x31), Buffer.alloc(20, 0x00)]
      const files = await rows(...hashes)
      expect(names(files)).toEqual(hashes.map((hash) => hash.toString('latin1')).reverse())
      for (const row of files.values()) {
        expect(Object.fromEntries(row as BencodedMap)).toEqual({
          complete: 0,
          downloaded: 0,
          downloaders: 0,
          incomplete: 0,
        })
      }
    })

    it('distinguishes partial seeds from downloaders (BEP 21)', async () => {
      const infoHash = anInfoHash()
      for (const [port, event] of [
        ['7001', 'started'],
        ['7002', 'started'],
        ['7003', 'paused'],
      ]) {
        await ask(plain, announceTarget(infoHash, { port, event, peer_id: `-XX0000-0000000${port}0` }))
      }
      const row = (await rows(infoHash)).get(infoHash.toString('latin1')) as BencodedMap
      expect(Object.fromEntries(row)).toEqual({ complete: 0, downloaded: 0, downloaders: 2, incomplete: 3 })
    })

    it('works at a path with a key, as clients derive it', async () => {
      const key = '0123456789abcdef0123456789abcdef'
      for (const path of [`/${key}/scrape`, `/scrape/${key}`, '/scrape/']) {
        const target = `${path}?info_hash=${escaped(Buffer.alloc(20, 9))}`
        expect((await get(plain, target)).status).toBe(200)
      }
    })
  })

  describe('behind a reverse proxy', () => {
    it.each([
      ['the rightmost address that is not a proxy', ['X-Forwarded-For: 66.6.6.6, 99.9.9.9'], '99.9.9.9'],
      ['the address before a trusted proxy', ['X-Forwarded-For: 99.9.9.9, 127.0.0.1, 10.1.2.3'], '99.9.9.9'],
      ['an address with a port', ['X-Forwarded-For: 99.9.9.9:4711'], '99.9.9.9'],
      ['an IPv6 address in brackets', ['X-Forwarded-For: [2600::9]:4711'], '[2600::9]'],
      ['one in the network of the proxies', ['X-Forwarded-For: 10.0.0.5, 127.0.0.1, 10.0.0.1'], '10.0.0.5'],
      ['an address between empty elements', ['X-Forwarded-For: , 99.9.9.9, , 10.0.0.7, '], '99.9.9.9'],
      ['an address right of an unreadable element', ['X-Forwarded-For: 99.9.9.9, unknown, 10.0.0.5'], '10.0.0.5'],
      ['the last of two header lines', ['X-Forwarded-For: 66.6.6.6', 'X-Forwarded-For: 99.9.9.9'], '99.9.9.9'],
    ])('the client is %s (BH-48)', async (_what, headers, address) => {
      const infoHash = anInfoHash()
      await ask(proxied, announceTarget(infoHash), headers)
      expect(await peersToldOf(infoHash, proxied, ['X-Forwarded-For: 10.8.8.8'])).toEqual([`${address}:51413`])
    })

    it.each([
      ['no header', []],
      ['unknown', ['X-Forwarded-For: unknown']],
      ['no address', ['X-Forwarded-For: 1.2.3.4.5']],
      ['an empty header', ['X-Forwarded-For: ']],
      ['empty elements only', ['X-Forwarded-For: , ,']],
    ])('%s fails the announce and adds no peer (BH-49)', async (_what, headers) => {
      const infoHash = anInfoHash()
      const reply = await ask(proxied, announceTarget(infoHash), headers)
      expect(reply.get('failure reason')).toBe('client address unknown')
      expect(await counts(infoHash)).toBe('0/0/0')
    })
  })
})

// Nothing that clients send reaches the log (SEC-40 to SEC-42): neither keys, tokens, peer ids and addresses, nor texts
// made to look like log lines. The same search ends every other file of end-to-end tests.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget, escaped } from '../fixtures/announce-targets.ts'
import { announceDatagram } from '../fixtures/udp-datagrams.ts'
import { indiscretionsOf, noteDatagram, noteRequest } from './discreet-log.ts'
import { API_TOKEN, aDocument, SQLITE } from './documents.ts'
import { converse } from './http-client.ts'
import { askV1, managementOf } from './management-client.ts'
import { ready } from './tidy.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const LINE_BREAK = 'x\r\n{"level":"error","msg":"forged"}'
const HOSTILE = [LINE_BREAK, '\u001b[31mred\u001b]0;title\u0007', '\u2028\u2029\u0085\u009b2J', 'long'.repeat(2048)]
const OTHER_KEY = 'Zz9'.repeat(11).slice(0, 32)
const PROXIED = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8"]
`
const PARTS = {
  udp: ['127.0.0.1:0'],
  http: ['127.0.0.1:0'],
  isPrivate: true,
  database: SQLITE,
  hasApi: true,
  more: PROXIED,
}

function request(target: string, ...headers: readonly string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n')
}

describe('the log of everything', () => {
  it('has no key, token, peer id or address, and no text, of any client', async () => {
    const tracker = await ready(aDocument(PARTS))
    const [http = '', proxied = ''] = tracker.http
    const { key } = await managementOf(tracker).call('issueKey', { body: {} })
    const infoHash = anInfoHash()
    const ids = { peer_id: escaped(Buffer.from('-XX0001-\u001b[31m\r\n<b>\u0085\u009b', 'latin1')) }
    const ordinary = announceTarget(infoHash, ids)
    for (const each of [key, OTHER_KEY]) {
      await converse(http, request(ordinary.replace('/announce', `/${each}/announce`)))
      await converse(http, request(announceTarget(infoHash, { ...ids, passkey: each })))
    }
    for (const text of HOSTILE) {
      const bytes = Buffer.from(text)
      await converse(http, request(ordinary, `User-Agent: ${text.replaceAll(/[\r\n]/g, ' ')}`))
      await converse(http, request(`/${escaped(bytes.subarray(0, 2000))}/announce?${text.slice(0, 5000)}`))
      await converse(tracker.api, request('/api/v2/stats', `Authorization: Bearer ${text}`))
      await converse(tracker.api, request(`/api/v1/whitelist/${escaped(bytes.subarray(0, 1000))}?token=${API_TOKEN}`))
      await converse(http, `${text}\r\n\r\n`, Number.POSITIVE_INFINITY)
    }
    for (const client of ['203.0.113.77', '2001:db8:7::77', `203.0.113.78, ${HOSTILE[1]}`]) {
      await converse(proxied, request(ordinary, `X-Forwarded-For: ${client}`))
    }
    await askV1(tracker, 'POST', 'keys', { key: OTHER_KEY, seconds_valid: 60 })
    const udp = await UdpClient.open(tracker.udp[0] ?? '', '127.0.0.9')
    const id = await udp.connectionId()
    for (const path of [`/${key}/announce`, `/${OTHER_KEY}/announce`, '\u001b[31m\r\n{"level":"error"}']) {
      const options = `02${Buffer.from([path.length]).toString('hex')}${Buffer.from(path, 'latin1').toString('hex')}`
      await udp.exchange(announceDatagram(id, { infoHash, peerId: '-XX0001-\u001b[31m\r\n<b>\u0085\u009b', options }))
    }
    udp.close()
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    expect(tracker.indiscretions).toEqual([])
    expect(tracker.log).toHaveLength(tracker.lines.length)
    expect(tracker.log.filter(({ target }) => target === 'EVENTS').length).toBeGreaterThan(0)
    const log = tracker.lines.join('\n')
    for (const trait of ['forged', '[31m', 'longlong', '203.0.113', '127.0.0.9', '-XX0001', OTHER_KEY, key]) {
      expect(log).not.toContain(trait)
    }
    expect(Math.max(...tracker.lines.map((line) => line.length))).toBeLessThan(1024)
  })

  it('has no text of a client that is traced, but its address', async () => {
    const tracker = await ready(aDocument({ ...PARTS, isPrivate: false }))
    await managementOf(tracker).call('startTrace', { body: { address: '127.0.0.1' } })
    const infoHash = anInfoHash()
    for (const text of HOSTILE) {
      const target = announceTarget(infoHash, { event: escaped(Buffer.from(text)), passkey: OTHER_KEY })
      await converse(tracker.http[0] ?? '', request(target, `User-Agent: ${text.replaceAll(/[\r\n]/g, ' ')}`))
      await converse(tracker.http[0] ?? '', request(`/${escaped(Buffer.from(text).subarray(0, 2000))}`))
    }
    await converse(tracker.http[0] ?? '', request(announceTarget(infoHash)))
    await tracker.printed((line) => line.includes('CLIENT TRACE') && line.includes(infoHash.toString('hex')))
    await tracker.stop()
    expect(tracker.indiscretions).toEqual([])
    expect(Math.max(...tracker.lines.map((line) => line.length))).toBeLessThan(1024)
  })
})

describe('the search', () => {
  const document = `[core.database]\npassword = "pass word/1"\npath = "mysql://u:p%40ss-word@192.0.2.9/db"
[http_api.access_tokens]\nadmin = "some-admin-token"`
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'muster-'))
    writeFileSync(join(directory, 'token'), 'a-token-of-its-own\n', { mode: 0o600 })
    writeFileSync(join(directory, 'key'), Buffer.alloc(16, 0xa7), { mode: 0o600 })
    noteRequest(
      `GET /${'Kk7'.repeat(11).slice(1)}/announce?peer_id=-PEER01-123456789012 HTTP/1.1\r\nUser-Agent: Client/99\r\n\r\n`,
    )
    noteDatagram(
      announceDatagram(Buffer.from('c0ffee00c0ffee01', 'hex'), {
        infoHash: Buffer.alloc(20),
        peerId: '-UU0001-abcdefghijkl',
      }),
    )
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  function found(line: string, errors = ''): string[] {
    const environment = { MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS__READER: 'a-token-from-outside' }
    const lines = ['Started on: udp://198.51.100.1:6969', 'tracing 203.0.113.9 for 60 s', line]
    return indiscretionsOf({ lines, errors, document, environment, args: [], directory })
  }

  it.each([
    'pass word/1',
    'of p@ss-word',
    'some-admin-token',
    'a-token-from-outside',
    'a-token-of-its-own',
    'a7'.repeat(16),
    'Kk7'.repeat(11).slice(1),
    '-PEER01-123456789012',
    'Client/99',
    '-UU0001-abcdefghijkl',
    'c0ffee00c0ffee01',
    'from 203.0.113.7:5000',
    'from 203.0.113.7',
    'from 127.0.0.1:5000',
    'from [2001:db8::7]:5000',
    'from [2001:db8::7]',
    '{"msg":"x\u2028y"}',
    '{"msg":"x\u001b[0m"}',
  ])('finds %j, on both outputs', (text) => {
    expect(found(`a line with ${text} in it`.replace(/^.*(\{.*\}).*$/su, '$1'))).toHaveLength(1)
    if (!text.startsWith('{')) expect(found('', `a line with ${text} in it`)).toHaveLength(1)
  })

  it.each([
    'Started on: udp://198.51.100.1:6969',
    'the database at 192.0.2.9',
    '203.0.113.9:5000 announced',
    'from 203.0.113.0/24 and [2001:db8::]/48',
    'muster 0.1.0 on Node.js v26.10.0',
    'on 127.0.0.1 only',
    '{"msg":"x\\u2028y"}',
  ])('accepts %j', (line) => expect(found(line)).toEqual([]))
})

// Bans over HTTP: a connection of a banned address is closed at once; a request gets 403 where its client is known
// later.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { announceTarget, scrapeTarget } from '../../../fixtures/announce-targets.ts'
import { aBanRange } from '../../../fixtures/ban-ranges.ts'
import { certify, filesIn } from '../../../fixtures/certificates.ts'
import { unlimitedRates } from '../../../fixtures/rates.ts'
import { bansInMemory } from '../../../model/bans.ts'
import { closeAll, connectTo, exchange, get, listen, splitReplies, untilClosed, untilReplies } from './http-exchange.ts'

const INFO_HASH = Buffer.alloc(20, 7)
const ANNOUNCE = announceTarget(INFO_HASH)
const PROXIED = { trustedProxies: ['127.0.0.0/8'] }

const directory = mkdtempSync(join(tmpdir(), 'muster-http-bans-'))
afterEach(closeAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** A listener whose bans can be changed. */
async function withBans(changes: Parameters<typeof listen>[0] = {}) {
  const { keeper, bans } = bansInMemory()
  const ban = (text: string) => keeper.put([{ range: aBanRange(text) }])
  const lift = (text: string) => keeper.lift([text])
  return { ban, lift, opened: await listen(changes, unlimitedRates(), bans) }
}

describe('a client that connects from a banned address', () => {
  it('is disconnected before it has sent anything, until the ban is lifted', async () => {
    const { ban, lift, opened } = await withBans()
    await ban('127.0.0.0/8')
    expect(await untilClosed(connectTo(opened.port))).toBe('')
    expect(opened.counters.of('http_requests_banned')).toBe(1)
    expect(opened.counters.of('http_requests')).toBe(0)
    await lift('127.0.0.0/8')
    expect((await get(opened.port, ANNOUNCE)).status).toBe(200)
  })

  it('does not affect the address next to it', async () => {
    const { ban, opened } = await withBans()
    await ban('127.0.0.2')
    const from = (address: string) =>
      exchange(opened.port, `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`, '127.0.0.1', address)
    expect([(await from('127.0.0.2')).status, (await from('127.0.0.3')).status]).toEqual([0, 200])
  })

  it('is disconnected before the TLS handshake', async () => {
    const { ban, opened } = await withBans({ tls: filesIn(certify(directory, 'banned')) })
    await ban('127.0.0.1')
    const socket = connectTls({ port: opened.port, host: '127.0.0.1', rejectUnauthorized: false })
    let hasHandshake = false
    socket.on('secureConnect', () => {
      hasHandshake = true
    })
    expect(await untilClosed(socket)).toBe('')
    expect(hasHandshake).toBe(false)
    expect(opened.counters.of('http_requests_banned')).toBe(1)
  })

  it('gets one 403, and is disconnected, where the connection is older than the ban', async () => {
    const { ban, opened } = await withBans()
    const socket = connectTo(opened.port)
    const request = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`
    socket.write(request)
    await untilReplies(socket, 1)
    await ban('127.0.0.1')
    socket.removeAllListeners('close')
    socket.write(request)
    const replies = splitReplies(await untilClosed(socket))
    expect(replies.map(({ status, body }) => [status, body])).toEqual([[403, '']])
    expect(replies[0]?.headers.get('connection')).toBe('close')
    expect(opened.tracker.announces).toHaveLength(1)
  })
})

describe('a banned client behind a trusted proxy', () => {
  const from = (address: string) => `X-Forwarded-For: ${address}`

  it.each(['192.0.2.7', '::ffff:192.0.2.7', '2001:db8:1::7'])(
    'gets 403 as %s, and others are served',
    async (address) => {
      const { ban, opened } = await withBans(PROXIED)
      await ban('192.0.2.0/24')
      await ban('2001:db8:1::/48')
      for (const target of [ANNOUNCE, scrapeTarget(INFO_HASH), '/announce']) {
        expect(await get(opened.port, target, from(address))).toMatchObject({ status: 403, body: '' })
      }
      for (const other of ['192.0.3.7', '2001:db8:2::7']) {
        expect((await get(opened.port, ANNOUNCE, from(other))).status).toBe(200)
      }
      expect(opened.tracker.announces).toHaveLength(2)
    },
  )

  it('is counted as banned only', async () => {
    const { ban, opened } = await withBans(PROXIED)
    await ban('192.0.2.7')
    await get(opened.port, ANNOUNCE, from('192.0.2.7'))
    expect(opened.counters.of('http_requests_banned')).toBe(1)
    expect(opened.counters.of('http_rejected_requests')).toBe(0)
  })

  it.each([
    ['another method', 'POST', []],
    ['a request of a web page', 'GET', ['Origin: https://example.com']],
  ])('learns nothing from %s', async (_name, method, lines) => {
    const { ban, opened } = await withBans(PROXIED)
    await ban('192.0.2.7')
    const head = [`${method} ${ANNOUNCE} HTTP/1.1`, 'Host: t', 'Connection: close', from('192.0.2.7'), ...lines]
    expect((await exchange(opened.port, `${head.join('\r\n')}\r\n\r\n`)).status).toBe(403)
    expect(opened.counters.of('http_requests_banned')).toBe(1)
  })

  it('is told apart from the proxy, whose own address may be banned', async () => {
    const { ban, opened } = await withBans(PROXIED)
    await ban('127.0.0.0/8')
    expect((await get(opened.port, ANNOUNCE, from('192.0.2.7'))).status).toBe(200)
    expect((await get(opened.port, '/health_check')).status).toBe(200)
  })

  it('is disconnected once a PROXY header has named it, before its request is read', async () => {
    const { ban, opened } = await withBans({ ...PROXIED, proxyProtocol: true, ignoresForwarded: true })
    await ban('192.0.2.0/24')
    const ask = (client: string) =>
      exchange(
        opened.port,
        `PROXY TCP4 ${client} 198.51.100.9 5000 443\r\nGET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`,
      )
    expect([(await ask('192.0.2.7')).status, (await ask('192.0.3.7')).status]).toEqual([0, 200])
    expect(opened.counters.of('http_requests_banned')).toBe(1)
    expect(opened.counters.of('http_requests')).toBe(1)
  })
})

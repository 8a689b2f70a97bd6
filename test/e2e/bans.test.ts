// Bans of a whole tracker: in force on every thread and over every protocol once the command has ended, and kept.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { announceDatagram, connectDatagram } from '../fixtures/udp-datagrams.ts'
import { aDocument, DRIVERS, HTTP_DRIVERS, SQLITE } from './documents.ts'
import { ask, dial, get, listen } from './http-client.ts'
import { askV1, managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const PROXIED = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8"]
`

/** Answered while it is not banned, like any other. */
const BANNED = '127.0.0.77'

describe.each(DRIVERS)('a ban, over UDP by the %s driver', (driver) => {
  let tracker: TrackerProcess
  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ driver, udp: ['127.0.0.1:0'], hasApi: true, database: SQLITE }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  it('silences an address at once, connection id or not, and ends when it is lifted', async () => {
    const management = managementOf(tracker)
    const [url = ''] = tracker.udp
    const client = await UdpClient.open(url, BANNED)
    const other = await UdpClient.open(url, '127.0.0.78')
    try {
      const id = await client.connectionId()
      await management.call('ban', { body: { addresses: [BANNED], seconds: 3600 } })
      await client.send(connectDatagram(1))
      await client.send(announceDatagram(id, { infoHash: anInfoHash() }))
      // Each thread has a socket, and this address may reach another one: its answers say that theirs were dropped.
      await other.announce({ infoHash: anInfoHash() })
      const counted = async (): Promise<number> => {
        const stats: string = await management.call('getMetrics')
        return Number(/^muster_udp_rejects_total\{reason="banned"\} (\d+)$/m.exec(stats)?.[1])
      }
      while ((await counted()) < 2);
      await management.call('liftBan', { query: { address: BANNED } })
      expect(await client.announce({ infoHash: anInfoHash() })).toBeDefined()
    } finally {
      client.close()
      other.close()
    }
  })
})

/** One more is a ban. */
const MAX_ERRORS = 3
const ID_BANS = `
[limits]
apply_to_private = true
rate_limits = false
`

describe.each(DRIVERS)('bans for wrong connection ids, over UDP by the %s driver', (driver) => {
  let tracker: TrackerProcess
  beforeAll(async () => {
    const document = aDocument({ driver, udp: ['127.0.0.1:0'], hasApi: true, more: ID_BANS })
    const option = `max_connection_id_errors_per_ip = ${MAX_ERRORS}`
    tracker = await TrackerProcess.start(document.replace('[udp_tracker_server]', `[udp_tracker_server]\n${option}`))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  const figures = async (): Promise<Record<string, number>> =>
    JSON.parse((await askV1(tracker, 'GET', 'stats')).replace(/^200 /, ''))

  it('silence an address after one error too many, on every thread', async () => {
    const [url = ''] = tracker.udp
    const wrong = announceDatagram(Buffer.alloc(8, 0xff), { infoHash: anInfoHash() })
    const client = await UdpClient.open(url, BANNED)
    const other = await UdpClient.open(url, '127.0.0.78')
    try {
      for (let i = 0; i < MAX_ERRORS; i++) expect((await client.ask(wrong)).readUInt32BE(0)).toBe(3)
      expect((await other.ask(wrong)).readUInt32BE(0)).toBe(3)
      expect(await figures()).toMatchObject({ udp_requests_banned: 0, udp_banned_ips_total: 2 })
      // The last error is answered; what comes after it is not.
      await client.send(wrong)
      while ((await figures())['udp4_errors_handled'] !== MAX_ERRORS + 2);
      // From enough ports to reach each thread.
      for (let port = 0; port < 16; port++) {
        const another = await UdpClient.open(url, BANNED)
        await another.send(connectDatagram(port))
        another.close()
      }
      while ((await figures())['udp_requests_banned'] !== 16);
      expect(await figures()).toMatchObject({ udp_banned_ips_total: 2, udp4_connections_handled: MAX_ERRORS + 1 })
      expect(await askV1(tracker, 'GET', 'metrics')).toMatch(/"udp_tracker_server_ips_banned_total".*?"value":2[,.}]/s)
      expect(await other.announce({ infoHash: anInfoHash() })).toBeDefined()
    } finally {
      client.close()
      other.close()
    }
  })
})

describe.each(HTTP_DRIVERS)('a ban, over HTTP by the %s driver', (httpDriver) => {
  let tracker: TrackerProcess
  beforeAll(async () => {
    const document = aDocument({ httpDriver, http: ['127.0.0.1:0'], hasApi: true, database: SQLITE, more: PROXIED })
    tracker = await TrackerProcess.start(document)
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  it('ends a connection that is older than it', async () => {
    const management = managementOf(tracker)
    const [direct = ''] = tracker.http
    const request = `GET ${announceTarget(anInfoHash())} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    const socket = await dial(direct)
    const first = listen(socket, 1)
    socket.write(request, 'latin1')
    expect((await first).answers).toMatchObject([{ status: 200 }])
    await management.call('ban', { body: { addresses: ['127.0.0.1'] } })
    const rest = listen(socket, Number.POSITIVE_INFINITY)
    socket.write(request, 'latin1')
    expect(await rest).toMatchObject({ answers: [{ status: 403 }], closed: true })
    socket.destroy()
    await management.call('liftBan', { query: { address: '127.0.0.1' } })
  })

  it('closes connections of an address, and refuses it behind a proxy', async () => {
    const management = managementOf(tracker)
    const [direct = '', proxied = ''] = tracker.http
    const target = announceTarget(anInfoHash())
    const from = (address: string) => [`X-Forwarded-For: ${address}`]
    await management.call('ban', { body: { addresses: ['198.51.100.0/24', '2001:db8::/32'] } })
    for (const address of ['198.51.100.7', '2001:db8::7']) {
      expect(await get(proxied, target, from(address))).toMatchObject({ status: 403 })
    }
    expect((await ask(proxied, target, from('198.51.101.7'))).get('interval')).toBeDefined()
    await management.call('ban', { body: { addresses: ['127.0.0.0/8'] } })
    await expect(get(direct, target)).rejects.toThrow()
    // A proxy's own address is not its clients'.
    expect((await ask(proxied, target, from('198.51.101.7'))).get('interval')).toBeDefined()
    await management.call('liftBan', { query: { address: '127.0.0.0/8' } })
    expect((await ask(direct, target)).get('interval')).toBeDefined()
  })
})

it('a ban is in force again after a restart, and the operator is never shut out', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-bans-'))
  const document = aDocument({ http: ['127.0.0.1:0'], hasApi: true, database: SQLITE })
  try {
    {
      await using tracker = await TrackerProcess.start(document, { directory })
      await managementOf(tracker).call('ban', { body: { addresses: ['127.0.0.1'], reason: 'a test' } })
    }
    await using tracker = await TrackerProcess.start(document, { directory })
    await expect(get(tracker.http[0] ?? '', announceTarget(anInfoHash()))).rejects.toThrow()
    expect(await managementOf(tracker).call('listBans', { query: {} })).toMatchObject({
      bans: [{ address: '127.0.0.1', reason: 'a test' }],
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

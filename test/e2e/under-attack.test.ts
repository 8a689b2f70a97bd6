// A running tracker under a flood of junk: it notices, says so everywhere, sends an alert, and serves its clients.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { connectDatagram } from '../fixtures/udp-datagrams.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const SECRET = 'hunter2-hunter2'
const BURST = 60
const EVERY_MS = 100

/** Sends junk until it is disposed of. */
function flood(url: string): Disposable {
  const { hostname, port } = new URL(url)
  const socket = createSocket('udp4')
  const junk = connectDatagram().subarray(0, 15)
  const sending = setInterval(() => {
    for (let i = 0; i < BURST; i++) socket.send(junk, Number(port), hostname)
  }, EVERY_MS)
  return {
    [Symbol.dispose]: () => {
      clearInterval(sending)
      socket.close()
    },
  }
}

/** Accepts one alert, and never answers. */
async function aSilentReceiver() {
  const bodies: string[] = []
  const server = createServer(async (request) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    bodies.push(body)
    server.emit('alert', body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${SECRET}?token=${SECRET}`
  return { server, url, alert: once(server, 'alert') }
}

it('closes silent connections in half the time, with the plain HTTP driver', async () => {
  const more = '[attack]\nmin_rate = 200\n[http_tracker_server]\nheaders_timeout = 12'
  await using tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], more }))
  using _ = flood(tracker.udp[0] ?? '')
  await tracker.printed((text) => text.includes('under attack'))
  const { hostname, port } = new URL(tracker.http[0] ?? '')
  const began = performance.now()
  const silent = connect(Number(port), hostname).resume()
  await once(silent, 'close')
  const lastedMs = performance.now() - began
  expect(lastedMs).toBeGreaterThan(5000)
  expect(lastedMs).toBeLessThan(11_000)
})

describe.each(DRIVERS)('a tracker under attack, with the %s driver', (driver) => {
  it('says so in log, metrics, statistics, health and an alert, serves its clients, and stops at once', async () => {
    const { server, url, alert } = await aSilentReceiver()
    const more = `[attack]\nmin_rate = 200\nalert_webhook = "${url}"\n[health_check_api]\nbind_address = "127.0.0.1:0"`
    const document = aDocument({ udp: ['127.0.0.1:0'], hasApi: true, driver, more })
    await using tracker = await TrackerProcess.start(document)
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    await client.announce({ infoHash: anInfoHash(), port: 7000 })
    using _ = flood(tracker.udp[0] ?? '')
    const line = await tracker.printed((text) => text.includes('under attack'))
    expect(JSON.parse(line)).toMatchObject({ level: 'WARN', target: 'CORE' })
    expect(JSON.parse(line).msg).toMatch(/^under attack: junk [0-9]+\/s \(more than 200\/s\)$/)
    const [body] = await alert
    expect(JSON.parse(body)).toMatchObject({ event: 'attack_began', rates: { junk: expect.any(Number) } })

    const api = managementOf(tracker)
    const metrics = String(await api.call('getMetrics'))
    expect(metrics).toContain('\nmuster_under_attack 1\n')
    expect(metrics).toContain('\nmuster_attacks_total 1\n')
    expect(await api.call('getStatistics')).toMatchObject({ under_attack: true, counters: { attacks: 1 } })
    const health = tracker.log.find(({ msg }) => /^Started on: .*\/health_check$/.test(msg))?.msg ?? ''
    const ready = await fetch(health.replace(/^Started on: /, '').replace('health_check', 'readyz'))
    expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining('the tracker is under attack')])
    expect((await client.announce({ infoHash: anInfoHash(), port: 7001 })).intervalSeconds).toBeGreaterThan(0)
    client.close()

    const began = performance.now()
    expect(await tracker.stop()).toMatchObject({ code: 0 })
    // Not only after the five seconds that the receiver has.
    expect(performance.now() - began).toBeLessThan(4000)
    expect(tracker.log.map(({ msg }) => msg)).toContain('an alert was not delivered before the stop')
    expect(tracker.lines.join('\n') + tracker.errors).not.toContain(SECRET)
    server.closeAllConnections()
    server.close()
  })
})

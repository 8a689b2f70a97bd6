// Clients that open as many connections as they can and finish no request, at every kind of HTTP listener.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { probeHttp, probeUdpTracker } from '../../../src/adapters/client/service-probe.ts'
import { type HealthListener, openHealthListener } from '../../../src/adapters/inbound/health/health-server.ts'
import type { RunningTracker } from '../../../src/adapters/inbound/health/running-tracker.ts'
import { REST_LIMITS } from '../../../src/adapters/inbound/rest/rest-limits.ts'
import { Counter } from '../../../src/adapters/protocol/metrics/counters.ts'
import { ANNOUNCE_QUERY } from '../../fixtures/http-vectors.ts'
import {
  type Changes,
  closeAll as closeTrackers,
  connectTo,
  DRIVERS,
  exchange,
  listen as listenWith,
  splitReplies,
  untilClosed,
} from './http/http-exchange.ts'
import { closeAll, listen, MANAGER } from './rest/rest-fixture.ts'

const FLOODER = '127.0.0.2'
const OTHER = '127.0.0.3'
const flood: Socket[] = []
let health: HealthListener | undefined

afterEach(async () => {
  for (const socket of flood.splice(0)) socket.destroy()
  await closeAll()
  await closeTrackers()
  await health?.close(0)
  health = undefined
})

/** Fewer than the kernel queues for a listener. */
const BATCH = 100

/** Connections that have sent `bytes` and send nothing more; resolves once the kernel has them. */
async function stuckConnections(
  port: number,
  count: number,
  from: (i: number) => string,
  bytes = '',
): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - sockets.length) }, (_, i) => {
      const socket = connectTo(port, '127.0.0.1', from(sockets.length + i))
      // Displaced connections may be reset.
      socket.on('error', () => socket.destroy())
      // Noticed only by those who read.
      socket.resume()
      if (bytes !== '') socket.write(bytes)
      return socket
    })
    sockets.push(...batch)
    flood.push(...batch)
    await Promise.all(batch.map((socket) => once(socket, 'connect')))
  }
  return sockets
}

function silentConnections(port: number, from: string, count: number): Promise<readonly Socket[]> {
  return stuckConnections(port, count, () => from)
}

/** The status of an answer to a client at this address; 0 if its connection is refused. */
async function statusFor(address: string, port: number, path: string, ...lines: string[]): Promise<number> {
  const request = [`GET ${path} HTTP/1.1`, 'Host: t', 'Connection: close', ...lines, '', ''].join('\r\n')
  return (await exchange(port, request, '127.0.0.1', address)).status
}

describe.each(DRIVERS)('the HTTP tracker over the %s driver', (driver) => {
  const listenTracker = (changes: Changes) => listenWith({ driver, ...changes })

  it.each<[string, 'prefix' | 'total', number, (i: number) => string]>([
    ['one /24', 'prefix', 1300 - 250, (i) => `127.1.1.${1 + (i % 100)}`],
    ['100 networks', 'total', 300, (i) => `127.1.${i % 100}.1`],
  ])('serves all others beside 1,300 silent connections from 100 addresses of %s', async (_, kind, above, from) => {
    const limits = { maxConnections: 1000, appliesToPrivate: true }
    const { port, counters, tracker } = await listenTracker({ limits })
    await stuckConnections(port, 1300, from)
    const statuses: number[] = []
    for (let i = 0; i < 498; i += 83) {
      const clients = Array.from({ length: 83 }, (_, j) => `127.2.${(i + j) >> 8}.${(i + j) & 255 || 1}`)
      statuses.push(...(await Promise.all(clients.map((from) => statusFor(from, port, `/announce?${ANNOUNCE_QUERY}`)))))
    }
    expect(statuses).toEqual(Array(498).fill(200))
    expect(tracker.announces).toHaveLength(498)
    expect(counters.of('http_connections_refused')).toBe(0)
    const displaced = counters.of(`http_connections_displaced_by_${kind}`)
    expect(displaced).toBeGreaterThanOrEqual(above)
    // Each client takes the place of one silent connection at most.
    expect(displaced).toBeLessThanOrEqual(above + 498)
  })

  it('refuses a newcomer if all others are owed replies that they do not read', async () => {
    const { port, counters } = await listenTracker({
      limits: { maxConnections: 1, maxRequestsPerConnection: 1_000_000 },
    })
    const reader = connectTo(port)
    flood.push(reader)
    reader.pause()
    reader.on('error', () => {})
    const hashes = Array.from({ length: 74 }, (_, i) => `info_hash=${`%${(i + 16).toString(16)}`.repeat(20)}`)
    reader.write(`GET /scrape?${hashes.join('&')} HTTP/1.1\r\nHost: t\r\n\r\n`.repeat(4000))
    // The kernel takes some of the replies, and no request is read while the rest is owed.
    for (let before = -1; before < 1 || before !== counters.of('http_requests'); ) {
      before = counters.of('http_requests')
      for (let i = 0; i < 50; i++) await new Promise(setImmediate)
    }
    expect(counters.of('http_requests')).toBeLessThan(4000)
    expect(await statusFor(OTHER, port, '/health_check')).toBe(0)
    expect(counters.of('http_connections_refused')).toBe(1)
  })
})

describe('the management API', () => {
  it('answers everyone while one address opens more silent connections than there may be in total', async () => {
    const { port, ports } = await listen({ limits: { maxConnections: 300 } })
    await silentConnections(port, FLOODER, 400)
    expect(await statusFor(OTHER, port, '/api/health_check')).toBe(200)
    expect(await statusFor(FLOODER, port, '/api/health_check')).toBe(200)
    const served = REST_LIMITS.maxConnectionsPerAddress
    expect(ports.counters.total(Counter.rest_connections_displaced_by_address)).toBe(400 - served + 1)
    expect(ports.counters.total(Counter.rest_connections_displaced_by_total)).toBe(0)
    expect(ports.counters.total(Counter.rest_connections_refused)).toBe(0)
    expect(served).toBeLessThan(REST_LIMITS.maxConnections)
  })

  it('lets nobody be locked out by slow requests, even if they use up the total', async () => {
    const { port, ports } = await listen({ limits: { maxConnections: 20, maxConnectionsPerAddress: 20 } })
    const slow = `POST /api/v2/whitelist HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${MANAGER}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`
    await stuckConnections(port, 20, () => FLOODER, slow)
    while (ports.counters.total(Counter.rest_requests) < 20) await new Promise(setImmediate)
    expect(await statusFor(OTHER, port, '/api/health_check')).toBe(200)
    expect(ports.counters.total(Counter.rest_connections_displaced_by_total)).toBe(1)
  })

  it('serves an address up to its maximum, and displaces its oldest connection for one more', async () => {
    const { port, ports } = await listen({ limits: { maxConnectionsPerAddress: 3 } })
    const counters = ports.counters
    await silentConnections(port, FLOODER, 2)
    expect(await statusFor(FLOODER, port, '/api/health_check')).toBe(200)
    expect(counters.total(Counter.rest_connections_displaced_by_address)).toBe(0)
    const [oldest, ...others] = await silentConnections(port, OTHER, 3)
    const end = untilClosed(oldest)
    expect(await statusFor(OTHER, port, '/api/health_check')).toBe(200)
    await end
    expect(others.map((socket) => socket.destroyed)).toEqual([false, false])
    expect(counters.total(Counter.rest_connections_displaced_by_address)).toBe(1)
  })

  it('counts the connections of trusted proxies only towards the total', async () => {
    const limits = { maxConnectionsPerAddress: 2, maxConnections: 10 }
    const { port, ports } = await listen({ trustedProxies: [FLOODER], limits })
    await silentConnections(port, FLOODER, 9)
    const forwarded = 'X-Forwarded-For: 192.0.2.1'
    expect(await statusFor(FLOODER, port, '/api/health_check', forwarded)).toBe(200)
    expect(ports.counters.total(Counter.rest_connections_displaced_by_total)).toBe(0)
    const { port: full, ports: others } = await listen({ trustedProxies: [FLOODER], limits })
    await silentConnections(full, FLOODER, 10)
    expect(await statusFor(FLOODER, full, '/api/health_check', forwarded)).toBe(200)
    expect(others.counters.total(Counter.rest_connections_displaced_by_total)).toBe(1)
    expect(others.counters.total(Counter.rest_connections_displaced_by_address)).toBe(0)
  })

  it('never displaces a connection whose answer is due', async () => {
    const { port, ports } = await listen({ limits: { maxConnections: 3 } })
    let release = () => {}
    ports.whitelist.trouble.obstacle = new Promise((resolve) => {
      release = resolve
    })
    const request = `GET /api/v2/whitelist HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${MANAGER}\r\nConnection: close\r\n\r\n`
    const answer = exchange(port, request, '127.0.0.1', OTHER)
    while (ports.whitelist.trouble.calls === 0) await new Promise(setImmediate)
    await silentConnections(port, FLOODER, 50)
    expect(await statusFor('127.0.0.4', port, '/api/health_check')).toBe(200)
    release()
    expect((await answer).status).toBe(200)
    expect(ports.counters.total(Counter.rest_connections_displaced_by_total)).toBe(49)
  })

  it('never displaces an import on its way', async () => {
    const { port, ports } = await listen({ limits: { maxConnections: 3 } })
    const socket = connectTo(port, '127.0.0.1', OTHER)
    const answer = untilClosed(socket)
    const line = `{"info_hash":"${'a'.repeat(40)}"}\n`
    socket.write(
      `POST /api/v2/whitelist/import HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${MANAGER}\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${line.length}\r\n\r\n`,
    )
    while (ports.counters.total(Counter.rest_requests) === 0) await new Promise(setImmediate)
    await silentConnections(port, FLOODER, 50)
    expect(await statusFor('127.0.0.4', port, '/api/health_check')).toBe(200)
    socket.write(line)
    expect(splitReplies(await answer)[0]).toMatchObject({ status: 200 })
  })
})

describe('the health API', () => {
  async function openHealth(): Promise<number> {
    const tracker: RunningTracker = {
      services: () => [],
      state: () => 'ready',
      hasFailed: () => false,
      isUnderAttack: () => false,
      pingDatabase: undefined,
    }
    const probes = { udp: probeUdpTracker, http: probeHttp }
    const options = { host: '127.0.0.1', port: 0, allowedHosts: ['t'], limitsPrivate: false }
    health = await openHealthListener(options, tracker, probes, () => {})
    return health.address.port
  }

  it('answers everyone while one address opens more silent connections than there may be in total', async () => {
    const port = await openHealth()
    const sockets = await silentConnections(port, FLOODER, 150)
    expect(await statusFor(OTHER, port, '/livez')).toBe(200)
    expect(await statusFor(FLOODER, port, '/livez')).toBe(200)
    while (sockets.filter(({ destroyed }) => !destroyed).length > 20) await new Promise(setImmediate)
  })

  it('answers everyone while many addresses use up the total', async () => {
    const port = await openHealth()
    await stuckConnections(port, 150, (i) => `127.1.0.${1 + i}`)
    expect(await statusFor(OTHER, port, '/livez')).toBe(200)
  })
})

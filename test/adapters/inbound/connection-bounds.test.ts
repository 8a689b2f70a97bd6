// One address that opens as many connections as it can, at the listeners of the management API and the health API.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { probeHttp, probeUdpTracker } from '../../../src/adapters/client/service-probe.ts'
import { type HealthListener, openHealthListener } from '../../../src/adapters/inbound/health/health-server.ts'
import type { RunningTracker } from '../../../src/adapters/inbound/health/running-tracker.ts'
import { REST_LIMITS } from '../../../src/adapters/inbound/rest/rest-limits.ts'
import { Counter } from '../../../src/adapters/protocol/metrics/counters.ts'
import { connectTo, exchange } from './http/http-exchange.ts'
import { closeAll, listen } from './rest/rest-fixture.ts'

const FLOODER = '127.0.0.2'
const OTHER = '127.0.0.3'
const flood: Socket[] = []
let health: HealthListener | undefined

afterEach(async () => {
  for (const socket of flood.splice(0)) socket.destroy()
  await closeAll()
  await health?.close(0)
  health = undefined
})

/** Connections that never send anything; resolves once the kernel has queued all of them for the listener. */
async function silentConnections(port: number, from: string, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connectTo(port, '127.0.0.1', from)
    // Refused connections may be reset.
    socket.on('error', () => socket.destroy())
    return socket
  })
  flood.push(...sockets)
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  return sockets
}

/** The status of an answer to a client at this address; 0 if its connection is refused. */
async function statusFor(address: string, port: number, path: string, ...lines: string[]): Promise<number> {
  const request = [`GET ${path} HTTP/1.1`, 'Host: t', 'Connection: close', ...lines, '', ''].join('\r\n')
  return (await exchange(port, request, '127.0.0.1', address)).status
}

describe('the management API', () => {
  it('answers other addresses while one opens more silent connections than there may be in total', async () => {
    // Fewer than a thousand, because the kernel queues 511 at most.
    const { port, ports } = await listen({ limits: { maxConnections: 300 } })
    const sockets = await silentConnections(port, FLOODER, 400)
    expect(await statusFor(OTHER, port, '/api/health_check')).toBe(200)
    expect(await statusFor(FLOODER, port, '/api/health_check')).toBe(0)
    const served = REST_LIMITS.maxConnectionsPerAddress
    expect(ports.counters.total(Counter.rest_connections_refused)).toBe(400 - served + 1)
    expect(served).toBeLessThan(REST_LIMITS.maxConnections)

    for (const socket of sockets) socket.destroy()
    // Once the listener has noticed that they are closed.
    while ((await statusFor(FLOODER, port, '/api/health_check')) !== 200) await new Promise(setImmediate)
  })

  it('serves an address up to its maximum, and refuses one more', async () => {
    const { port } = await listen({ limits: { maxConnectionsPerAddress: 3 } })
    await silentConnections(port, FLOODER, 2)
    expect(await statusFor(FLOODER, port, '/api/health_check')).toBe(200)
    await silentConnections(port, OTHER, 3)
    expect(await statusFor(OTHER, port, '/api/health_check')).toBe(0)
  })

  it('counts the connections of trusted proxies only towards the total', async () => {
    const limits = { maxConnectionsPerAddress: 2, maxConnections: 10 }
    const { port } = await listen({ trustedProxies: [FLOODER], limits })
    await silentConnections(port, FLOODER, 9)
    expect(await statusFor(FLOODER, port, '/api/health_check', 'X-Forwarded-For: 192.0.2.1')).toBe(200)
    const { port: full } = await listen({ trustedProxies: [FLOODER], limits })
    await silentConnections(full, FLOODER, 10)
    expect(await statusFor(FLOODER, full, '/api/health_check')).toBe(0)
  })
})

describe('the health API', () => {
  it('answers other addresses while one opens more silent connections than there may be in total', async () => {
    const tracker: RunningTracker = {
      services: () => [],
      state: () => 'ready',
      hasFailed: () => false,
      pingDatabase: undefined,
    }
    const probes = { udp: probeUdpTracker, http: probeHttp }
    health = await openHealthListener({ host: '127.0.0.1', port: 0, allowedHosts: ['t'] }, tracker, probes, () => {})
    const { port } = health.address
    await silentConnections(port, FLOODER, 150)
    expect(await statusFor(OTHER, port, '/livez')).toBe(200)
    expect(await statusFor(FLOODER, port, '/livez')).toBe(0)
  })
})

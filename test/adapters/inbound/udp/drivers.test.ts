import { createSocket, type RemoteInfo } from 'node:dgram'
import { afterEach, describe, expect, it } from '@jest/globals'
import { claimUdpPorts } from '../../../../src/adapters/inbound/udp/claim-ports.ts'
import type { SocketOptions } from '../../../../src/adapters/inbound/udp/listener.ts'
import type { Endpoint } from '../../../../src/adapters/inbound/udp/own-endpoints.ts'
import type { CounterName } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { readAnnounceReply } from '../../../../src/adapters/protocol/udp/announce.ts'
import { readConnectReply } from '../../../../src/adapters/protocol/udp/connect.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { aConnect, anAnnounceWith, Client } from './driver-client.ts'
import type { DriverOptions } from './driver-thread.ts'
import { DriverThread } from './driver-threads.ts'

const ALONE: SocketOptions = { receiveBufferBytes: 1 << 20, sendBufferBytes: 1 << 20, sharesPorts: false }

const started: (DriverThread | Client)[] = []
afterEach(async () => {
  for (const thing of started.splice(0)) {
    if (thing instanceof Client) thing.close()
    else await thing.stop()
  }
})

function startDriver(
  driver: DriverOptions['driver'],
  listeners: readonly Endpoint[],
  options: SocketOptions = ALONE,
): DriverThread {
  const thread = new DriverThread(driver, listeners, options)
  started.push(thread)
  return thread
}

function aClientOf(server: Endpoint): Client {
  const client = new Client(server)
  started.push(client)
  return client
}

/** Connects and announces; returns the family that the server saw, and the source of the reply. */
async function announceTo(server: Endpoint): Promise<{ family: number | undefined; from: RemoteInfo }> {
  const client = aClientOf(server)
  const connected = await client.ask(aConnect())
  const connectionId = readConnectReply(connected.reply)?.connectionId ?? 0n
  const { reply, from } = await client.ask(anAnnounceWith(connectionId))
  return { family: readAnnounceReply(reply, Family.IPv4)?.leechers, from }
}

describe.each(['batched', 'dgram'] as const)('the %s driver', (driver) => {
  it('serves one listener and reports its port', async () => {
    const thread = startDriver(driver, [{ address: '127.0.0.1', port: 0 }])
    const [server] = (await thread.started()).bound
    expect(server.port).toBeGreaterThan(0)
    expect((await announceTo(server)).family).toBe(Family.IPv4)
    expect(await thread.counted('udp4_announces')).toBe(1)
  })

  it('serves several listeners of both families', async () => {
    const addresses = ['127.0.0.1', '127.0.0.3', '::1']
    const thread = startDriver(
      driver,
      addresses.map((address) => ({ address, port: 0 })),
    )
    const { bound } = await thread.started()
    expect(bound.map(({ address }) => address)).toEqual(addresses)
    const families: (number | undefined)[] = []
    for (const server of bound) families.push((await announceTo(server)).family)
    expect(families).toEqual([Family.IPv4, Family.IPv4, Family.IPv6])
  })

  it('counts for each listener what arrived there, also when all are busy at once', async () => {
    const listeners = ['127.0.0.1', '127.0.0.3', '::1'].map((address) => ({ address, port: 0 }))
    const thread = startDriver(driver, listeners)
    const { bound } = await thread.started()
    const requests = [70, 9, 130]
    thread.stall()
    const answered = bound.map((server, listener) => aClientOf(server).askTimes(aConnect(), requests[listener]))
    thread.resume()
    await Promise.all(answered)
    await thread.stop()
    const countsOf = (name: CounterName) => listeners.map((_, listener) => thread.total(name, listener))
    expect(countsOf('udp4_connects')).toEqual([70, 9, 0])
    expect(countsOf('udp6_connects')).toEqual([0, 0, 130])
    expect(countsOf('udp4_replies_sent')).toEqual([70, 9, 0])
    expect(countsOf('udp6_replies_sent')).toEqual([0, 0, 130])
    expect(countsOf('udp_bytes_received')).toEqual(requests.map((count) => 16 * count))
    expect(countsOf('udp_bytes_sent')).toEqual(requests.map((count) => 16 * count))
    expect(Math.min(...countsOf('udp_batches'))).toBeGreaterThan(0)
  })

  it('serves both wildcards on one port', async () => {
    const [{ port }] = await claimUdpPorts([{ address: '::', port: 0 }])
    const thread = startDriver(driver, [
      { address: '0.0.0.0', port },
      { address: '::', port },
    ])
    await thread.started()
    expect((await announceTo({ address: '127.0.0.1', port })).family).toBe(Family.IPv4)
    expect((await announceTo({ address: '::1', port })).family).toBe(Family.IPv6)
  })

  it('names a port that is taken', async () => {
    const [taken] = (await startDriver(driver, [{ address: '127.0.0.1', port: 0 }]).started()).bound
    const { failed } = await startDriver(driver, [{ address: '127.0.0.1', port: 0 }, taken]).started()
    expect(failed).toContain(`udp://127.0.0.1:${taken.port}: cannot listen: EADDRINUSE`)
  })

  it('shares a port with another thread if configured to', async () => {
    const sharing = { ...ALONE, sharesPorts: true }
    const [server] = (await startDriver(driver, [{ address: '127.0.0.1', port: 0 }], sharing).started()).bound
    const second = await startDriver(driver, [server], sharing).started()
    expect(second.bound).toEqual([server])
  })

  it('ignores datagrams that are not requests and goes on', async () => {
    const thread = startDriver(driver, [{ address: '127.0.0.1', port: 0 }])
    const [server] = (await thread.started()).bound
    const client = aClientOf(server)
    client.send(new Uint8Array(0))
    client.send(new Uint8Array(15))
    client.send(new Uint8Array(60_000).fill(0xff))
    expect((await client.ask(aConnect())).reply.getInt32(4)).toBe(7)
    // The reply may arrive before the batch is reported.
    expect(await thread.counted('udp_datagrams_too_short', 2)).toBe(2)
  })

  it('counts what the kernel drops while the thread is busy', async () => {
    const options = { ...ALONE, receiveBufferBytes: 4096 }
    const thread = startDriver(driver, [{ address: '127.0.0.1', port: 0 }], options)
    const [server] = (await thread.started()).bound
    const client = aClientOf(server)
    thread.stall()
    for (let count = 0; count < 200; count++) client.send(aConnect())
    // Datagrams leave in order: when this one has been sent, so have the others.
    await new Promise<void>((resolve) => {
      const last = createSocket('udp4')
      last.send(aConnect(), server.port, server.address, () => last.close(resolve))
    })
    thread.resume()
    expect(await thread.counted('udp_kernel_drops')).toBeGreaterThan(0)
  })

  it('stops when told to, without an error', async () => {
    const thread = new DriverThread(driver, [{ address: '127.0.0.1', port: 0 }], ALONE)
    await thread.started()
    expect(await thread.stop()).toBe(0)
  })
})

describe('the batched driver on a wildcard address', () => {
  it('replies from the address that the request was sent to', async () => {
    const thread = startDriver('batched', [{ address: '0.0.0.0', port: 0 }])
    const [{ port }] = (await thread.started()).bound
    const answered: string[] = []
    for (const address of ['127.0.0.1', '127.0.0.2', '127.1.2.3']) {
      answered.push((await announceTo({ address, port })).from.address)
    }
    expect(answered).toEqual(['127.0.0.1', '127.0.0.2', '127.1.2.3'])
  })

  it('replies from the IPv6 address that the request was sent to', async () => {
    const thread = startDriver('batched', [{ address: '::', port: 0 }])
    const [{ port }] = (await thread.started()).bound
    expect((await announceTo({ address: '::1', port })).from.address).toBe('::1')
  })
})

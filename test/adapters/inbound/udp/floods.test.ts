// The batched driver under floods, with real sockets.

import { afterEach, describe, expect, it } from '@jest/globals'
import { JUNK_FLOOD } from '../../../../src/adapters/inbound/udp/batched/junk-filter.ts'
import type { SocketOptions } from '../../../../src/adapters/inbound/udp/listener.ts'
import type { Endpoint } from '../../../../src/adapters/inbound/udp/own-endpoints.ts'
import { readConnectReply } from '../../../../src/adapters/protocol/udp/connect.ts'
import { bytesOf } from '../../../fixtures/udp-vectors.ts'
import { aConnect, anAnnounceWith, Client } from './driver-client.ts'
import { DriverThread } from './driver-threads.ts'

/** A buffer that Linux doubles, and then just holds 10,000 datagrams; needs `net.core.rmem_max`, or a privilege. */
const OPTIONS: SocketOptions = { receiveBufferBytes: 4 << 20, sendBufferBytes: 4 << 20, sharesPorts: false }
const MAGIC = '0000041727101980'
const ANY_ID = '0123456789abcdef'

const started: { stop(): unknown }[] = []
afterEach(async () => {
  for (const thing of started.splice(0).toReversed()) await thing.stop()
})

function aClientOf(server: Endpoint): Client {
  const client = new Client(server)
  started.push({ stop: () => client.close() })
  return client
}

async function aServer(address: string): Promise<{ thread: DriverThread; server: Endpoint }> {
  const thread = new DriverThread('batched', [{ address, port: 0 }], OPTIONS)
  started.push(thread)
  const [server] = (await thread.started()).bound
  return { thread, server }
}

/** A client and its announce with a valid id. */
async function aProvenClient(server: Endpoint): Promise<{ client: Client; announce: Uint8Array }> {
  const client = aClientOf(server)
  const { reply } = await client.ask(aConnect())
  return { client, announce: anAnnounceWith(readConnectReply(reply)?.connectionId ?? 0n) }
}

/** Each is no request by its first 16 bytes. */
const JUNK = [
  '',
  '00',
  `${MAGIC}00000000${'00'.repeat(3)}`,
  `0000041827101980${'00000000'}01020304`,
  `0000041727101981${'00000000'}01020304`,
  `${MAGIC}0000000301020304`,
  `${ANY_ID}0000000401020304`,
  `${ANY_ID}0000010101020304`,
  `${ANY_ID}0100000001020304`,
  `${ANY_ID}ffffffff01020304`,
  'ff'.repeat(1400),
].map(bytesOf)

describe.each(['127.0.0.1', '::1'])('a flood of datagrams that are no requests, to %s', (address) => {
  it('does not reach the tracker once it is noticed, and requests still do', async () => {
    const { thread, server } = await aServer(address)
    const { client, announce } = await aProvenClient(server)
    const flood = aClientOf(server)
    // Received before the filter is attached, and handled at once: a full second's worth, wherever the second ends.
    const noticed = 3 * JUNK_FLOOD
    thread.stall()
    await flood.sendAll(Array.from({ length: noticed }, () => new Uint8Array(15)))
    thread.resume()
    expect(await thread.counted('udp_datagrams_too_short', noticed)).toBe(noticed)

    await flood.sendAll(JUNK)
    expect((await client.ask(aConnect())).reply.getInt32(0)).toBe(0)
    expect((await client.ask(announce)).reply.getInt32(0)).toBe(1)
    // A wrong id is no sign: the filter cannot check it.
    expect((await client.ask(bytesOf(`${ANY_ID}0000000201020304${'00'.repeat(20)}`))).reply.getInt32(0)).toBe(3)
    expect((await client.ask(anAnnounceWith(1n))).reply.getInt32(0)).toBe(3)
    await thread.stop()
    expect(thread.total('udp_datagrams_too_short', 0)).toBe(noticed)
    expect(thread.total('udp_datagrams_with_wrong_magic', 0)).toBe(0)
    expect(thread.total('udp_connection_id_mismatches', 0)).toBe(2)
    // Programs beside this one may overflow their own sockets: then some of the drops are counted as overflows.
    expect(thread.total('udp_kernel_filtered', 0) + thread.total('udp_kernel_drops', 0)).toBe(JUNK.length)
  })
})

describe('datagrams that are no requests', () => {
  it('reach the tracker while there is no flood', async () => {
    const { thread, server } = await aServer('127.0.0.1')
    const client = aClientOf(server)
    await client.sendAll(JUNK)
    await client.ask(aConnect())
    await thread.stop()
    expect(thread.total('udp_datagrams_too_short', 0)).toBe(3)
    expect(thread.total('udp_datagrams_with_wrong_magic', 0)).toBe(2)
    expect(thread.total('udp_connection_id_mismatches', 0)).toBe(JUNK.length - 5)
    expect(thread.total('udp_kernel_filtered', 0)).toBe(0)
  })
})

describe('a flood of connects', () => {
  it('is shed, so that each announce behind it is answered, once', async () => {
    const { thread, server } = await aServer('127.0.0.1')
    const { client, announce } = await aProvenClient(server)
    const flood = aClientOf(server)
    let answered = 0
    const replies = new Promise<void>((resolve) => {
      client.onReply((reply) => {
        if (reply[3] === 1 && ++answered === 100) resolve()
      })
    })
    thread.stall()
    await flood.sendAll(Array.from({ length: 9_900 }, aConnect))
    await client.sendAll(Array.from({ length: 100 }, () => announce))
    thread.resume()
    await replies
    await thread.stop()
    const connects = thread.total('udp4_connects', 0)
    const shed = thread.total('udp_connects_shed', 0)
    expect(thread.total('udp_kernel_drops', 0)).toBe(0)
    expect(connects + shed).toBe(9_901)
    expect(shed).toBeGreaterThan(1000)
    // One in 32 at least, however full the buffer is.
    expect(connects).toBeGreaterThan(300)
    expect(thread.total('udp4_announces_answered', 0)).toBe(100)
    expect(thread.total('udp4_replies_sent', 0)).toBe(connects + 100)
  })

  it('that the buffer holds easily is answered whole', async () => {
    const { thread, server } = await aServer('127.0.0.1')
    const flood = aClientOf(server)
    thread.stall()
    const datagrams = Array.from({ length: 2000 }, aConnect)
    await flood.sendAll(datagrams)
    thread.resume()
    await thread.counted('udp4_connects', datagrams.length)
    expect(thread.total('udp_connects_shed', 0)).toBe(0)
  })
})

// Both kinds of sockets of a load, against a socket that sends everything back, thrice as long.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { libcObstacle } from '../../../../src/adapters/linux/libc.ts'
import { DatagramBatch, REPLY_BYTES, REQUEST_BYTES } from '../../../../src/adapters/load/udp/datagram-batch.ts'
import { openDgramLoadSockets } from '../../../../src/adapters/load/udp/dgram-load-sockets.ts'
import { openLinuxLoadSockets } from '../../../../src/adapters/load/udp/linux-load-sockets.ts'
import type { LoadSockets } from '../../../../src/adapters/load/udp/load-sockets.ts'
import { Family } from '../../../../src/domain/announce.ts'

const KINDS = [
  ['node:dgram', openDgramLoadSockets],
  ...((await libcObstacle()) === undefined ? [['batches', openLinuxLoadSockets] as const] : []),
] as const

/** Receives until something has come, without blocking the event loop, in which the echo runs too. */
async function received(sockets: LoadSockets, socket: number): Promise<number> {
  for (;;) {
    const count = sockets.receive(socket)
    if (count > 0) return count
    await nextTurn()
  }
}

describe.each(KINDS)('the sockets of a load by %s', (_, open) => {
  let echo: Socket
  const senders: string[] = []
  beforeEach(async () => {
    senders.length = 0
    echo = createSocket('udp4', (message, { address, port }) => {
      senders.push(address)
      echo.send(Buffer.concat([message, message, message]), port, address)
    })
    echo.bind(0, '127.0.0.1')
    await once(echo, 'listening')
  })
  afterEach(() => {
    echo.close()
  })

  function routesTo(port: number) {
    const target = { address: '127.0.0.1', port, family: Family.IPv4 }
    return [
      { from: '127.0.0.3', target },
      { from: undefined, target },
    ]
  }

  it('send each datagram of a batch, and tell the whole length of what comes back', async () => {
    const batch = new DatagramBatch()
    const sockets = await open(routesTo(echo.address().port), batch)
    try {
      for (const [slot, length] of [16, 100].entries()) {
        batch.requests.bytes.fill(slot + 1, slot * REQUEST_BYTES, slot * REQUEST_BYTES + length)
        batch.requests.lengths[slot] = length
      }
      expect(sockets.send(0, 2)).toBe(2)
      const lengths: number[] = []
      while (lengths.length < 2) {
        const count = await received(sockets, 0)
        for (let slot = 0; slot < count; slot++) {
          const length = batch.replies.lengths[slot]
          const kept = batch.replies.bytes.subarray(
            slot * REPLY_BYTES,
            slot * REPLY_BYTES + Math.min(REPLY_BYTES, length),
          )
          expect(kept.every((byte) => byte === lengths.length + 1)).toBe(true)
          lengths.push(length)
        }
      }
      expect(lengths).toEqual([48, 300])
      expect(senders).toEqual(['127.0.0.3', '127.0.0.3'])
      expect(sockets.receive(1)).toBe(0)
    } finally {
      sockets.close()
    }
  })

  it('notice that nothing listens', async () => {
    const unused = createSocket('udp4')
    unused.bind(0, '127.0.0.1')
    await once(unused, 'listening')
    const { port } = unused.address()
    await new Promise<void>((done) => unused.close(() => done()))
    const batch = new DatagramBatch()
    const sockets = await open(routesTo(port), batch)
    try {
      batch.requests.lengths[0] = 16
      let unreachable = 0
      while (unreachable === 0) {
        sockets.send(0, 1)
        await nextTurn()
        sockets.receive(0)
        unreachable = sockets.takeUnreachable()
      }
      expect(sockets.takeUnreachable()).toBe(0)
    } finally {
      sockets.close()
    }
  })

  it('cannot be opened from an address that is not this machine’s', async () => {
    const target = { address: '127.0.0.1', port: 9, family: Family.IPv4 }
    await expect(open([{ from: '192.0.2.1', target }], new DatagramBatch())).rejects.toThrow(/192\.0\.2\.1/)
  })
})

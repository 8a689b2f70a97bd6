import { createSocket, type Socket } from 'node:dgram'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { openDgramSockets } from '../../../../../src/adapters/inbound/udp/dgram/dgram-sockets.ts'
import { PlainCounters } from '../../../../fakes/plain-counters.ts'
import { HandlerOnADesk, LENIENT } from '../a-handler.ts'

const OPTIONS = { receiveBufferBytes: 1 << 16, sendBufferBytes: 1 << 16, sharesPorts: false }
const CREATED = 'udp.socket'

describe('the sockets of the dgram driver', () => {
  it('are all closed when one cannot be bound, including that one', async () => {
    const rival = createSocket('udp4').bind(0, '127.0.0.1')
    await once(rival, 'listening')
    const created: Socket[] = []
    const note = (message: unknown) => created.push((message as { socket: Socket }).socket)
    subscribe(CREATED, note)
    try {
      const listeners = [0, rival.address().port].map((port) => ({
        address: '127.0.0.1',
        port,
        counters: new PlainCounters(),
        policy: LENIENT,
      }))
      await expect(openDgramSockets(listeners, new HandlerOnADesk().handler, OPTIONS)).rejects.toThrow('EADDRINUSE')
    } finally {
      unsubscribe(CREATED, note)
      rival.close()
    }
    expect(created).toHaveLength(2)
    for (const socket of created) expect(() => socket.address()).toThrow('Not running')
  })
})

// A driver stops while another one, with its own sockets, shares its port: no client is left without a reply.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { claimUdpPorts } from '../../../../src/adapters/inbound/udp/claim-ports.ts'
import { writeConnectRequest } from '../../../../src/adapters/protocol/udp/connect.ts'
import { DriverThread } from './driver-threads.ts'

const SHARED = { receiveBufferBytes: 1 << 20, sendBufferBytes: 1 << 20, sharesPorts: true }
/** Number of clients. Each sends its next request as soon as it has a reply, and changes its port regularly. */
const CLIENTS = 16
const MAX_UNANSWERED = 50
const ANSWERED_BEFORE = 4000
const ANSWERED_AFTER = 4000

const aConnect = (() => {
  const bytes = new Uint8Array(16)
  writeConnectRequest(new DataView(bytes.buffer), 0, 7)
  return bytes
})()

/** Clients that send connects continuously, and count those without a reply within a second. */
class BusyClients {
  answered = 0
  unanswered = 0
  readonly #to: { address: string; port: number }
  readonly #sockets = new Set<Socket>()
  readonly #clients: Promise<void>[]
  #isOver = false
  #wake: () => void = () => undefined

  constructor(to: { address: string; port: number }) {
    this.#to = to
    this.#clients = Array.from({ length: CLIENTS }, () => this.#ask())
  }

  async untilAnswered(times: number): Promise<void> {
    while (this.answered < times && !this.#isOver) {
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#clients)
  }

  async #ask(): Promise<void> {
    while (!this.#isOver) {
      const socket = createSocket(this.#to.address.includes(':') ? 'udp6' : 'udp4')
      this.#sockets.add(socket)
      // The source port decides which of the server's sockets it reaches.
      for (let times = 0; times < 4 && !this.#isOver; times++) {
        const answer = once(socket, 'message', { signal: AbortSignal.timeout(1000) })
        socket.send(aConnect, this.#to.port, this.#to.address)
        await answer.then(
          () => this.answered++,
          () => {
            // Enough to fail the test.
            if (++this.unanswered === MAX_UNANSWERED) this.#isOver = true
          },
        )
        this.#wake()
      }
      socket.close()
    }
  }
}

describe.each(['batched', 'dgram'] as const)('the %s driver', (driver) => {
  it.each(['127.0.0.1', '0.0.0.0', '::1'])('leaves no request to %s unanswered when it stops', async (address) => {
    const listeners = await claimUdpPorts([{ address, port: 0 }])
    const [{ port }] = listeners
    const first = new DriverThread(driver, listeners, SHARED)
    await first.started()
    const clients = new BusyClients({ address: address === '0.0.0.0' ? '127.0.0.1' : address, port })
    await clients.untilAnswered(ANSWERED_BEFORE)
    const second = new DriverThread('batched', listeners, SHARED)
    await second.started()
    await clients.untilAnswered(2 * ANSWERED_BEFORE)
    expect(await first.stop()).toBe(0)
    await clients.untilAnswered(2 * ANSWERED_BEFORE + ANSWERED_AFTER)
    await clients.end()
    await second.stop()
    expect(clients.unanswered).toBe(0)
  })
})

// A driver that stops while another one, with sockets of its own, shares its port: nobody is left without an answer.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { claimUdpPorts } from '../../../../src/adapters/inbound/udp/claim-ports.ts'
import { writeConnectRequest } from '../../../../src/adapters/protocol/udp/connect.ts'
import { DriverThread } from './driver-threads.ts'

const SHARED = { receiveBufferBytes: 1 << 20, sendBufferBytes: 1 << 20, sharesPorts: true }
/** So many clients, each of which asks as soon as it has been answered, from one port after the other. */
const CLIENTS = 16
const MAX_UNANSWERED = 50
const ANSWERED_BEFORE = 4000
const ANSWERED_AFTER = 4000

const aConnect = (() => {
  const bytes = new Uint8Array(16)
  writeConnectRequest(new DataView(bytes.buffer), 0, 7)
  return bytes
})()

/** Asks and asks; a question without an answer within a second is told of. */
class Crowd {
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

  async hasBeenAnswered(times: number): Promise<void> {
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
      // A port of its own decides which of the sockets it reaches.
      for (let times = 0; times < 4 && !this.#isOver; times++) {
        const answer = once(socket, 'message', { signal: AbortSignal.timeout(1000) })
        socket.send(aConnect, this.#to.port, this.#to.address)
        await answer.then(
          () => this.answered++,
          () => {
            // Enough to know.
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
  it.each(['127.0.0.1', '0.0.0.0', '::1'])('leaves no question on %s unanswered when it stops', async (address) => {
    const listeners = await claimUdpPorts([{ address, port: 0 }])
    const [{ port }] = listeners
    const first = new DriverThread(driver, listeners, SHARED)
    await first.started()
    const crowd = new Crowd({ address: address === '0.0.0.0' ? '127.0.0.1' : address, port })
    await crowd.hasBeenAnswered(ANSWERED_BEFORE)
    const second = new DriverThread('batched', listeners, SHARED)
    await second.started()
    await crowd.hasBeenAnswered(2 * ANSWERED_BEFORE)
    expect(await first.stop()).toBe(0)
    await crowd.hasBeenAnswered(2 * ANSWERED_BEFORE + ANSWERED_AFTER)
    await crowd.end()
    await second.stop()
    expect(crowd.unanswered).toBe(0)
  })
})

// A listener closes while a newer one shares its port: no connection is lost.

import { afterEach, expect, it } from '@jest/globals'
import { BpfConnectionSteering } from '../../../../src/adapters/outbound/system/bpf-connection-steering.ts'
import { announceTarget } from '../../../fixtures/announce-targets.ts'
import { closeAll, connectTo, DRIVERS, listen } from './http-exchange.ts'

afterEach(closeAll)

const ROUNDS = 4
/** Concurrent clients: enough for some connections to wait to be accepted. */
const CLIENTS = 100
/** Enough to fail the test. */
const MAX_FAILURES = 50
const TARGET = announceTarget(Buffer.alloc(20, 7))

/** Clients that announce continuously, each time on a new connection. */
class BusyClients {
  answered = 0
  readonly failures: string[] = []
  readonly #port: number
  readonly #clients: Promise<void>[]
  #isOver = false
  #wake: () => void = () => undefined

  constructor(port: number) {
    this.#port = port
    this.#clients = Array.from({ length: CLIENTS }, () => this.#ask())
  }

  async untilMore(answers: number): Promise<void> {
    for (const end = this.answered + answers; this.answered < end && !this.#isOver; ) {
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
      const outcome = await this.#exchange()
      if (outcome === 'answered') this.answered++
      else if (this.failures.push(outcome) === MAX_FAILURES) this.#isOver = true
      this.#wake()
    }
  }

  #exchange(): Promise<string> {
    return new Promise((resolve) => {
      const socket = connectTo(this.#port)
      let received = ''
      let failure = 'closed'
      socket.on('data', (bytes) => {
        received += bytes
      })
      socket.on('error', (error) => {
        failure = error.message
      })
      socket.on('close', () => resolve(received.startsWith('HTTP/1.1 200') ? 'answered' : failure))
      socket.write(`GET ${TARGET} HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\n\r\n`)
    })
  }
}

const onLinux = process.platform === 'linux' ? it : it.skip

onLinux.each(DRIVERS)('hands new connections over before it stops listening (%s driver)', async (driver) => {
  const steering = await BpfConnectionSteering.load(1)
  expect(steering).toBeDefined()
  let current = await listen({ driver, reusePort: true, steering })
  const clients = new BusyClients(current.port)
  for (let round = 0; round < ROUNDS; round++) {
    await clients.untilMore(300)
    const next = await listen({ driver, port: current.port, reusePort: true, steering })
    await clients.untilMore(300)
    await current.listener.close(10_000)
    next.listener.spreadConnections()
    current = next
  }
  await clients.untilMore(300)
  await clients.end()
  expect(clients.failures).toEqual([])
})

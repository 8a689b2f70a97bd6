import type { Server } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { OpenSockets } from '../../../src/adapters/inbound/open-sockets.ts'

const IDLE_MS = 30_000

/** Its client reads when the test says so. */
class HeldSocket extends Duplex {
  bytesWritten = 0
  #sent: (() => void) | undefined

  answer(length: number): void {
    this.bytesWritten += length
    this.write(Buffer.alloc(length))
  }

  /** The client has read one piece. */
  readOne(): void {
    const sent = this.#sent
    this.#sent = undefined
    sent?.()
  }

  override _write(_: Buffer, __: BufferEncoding, sent: () => void): void {
    this.#sent = sent
  }

  override _read(): void {}
}

describe('a connection', () => {
  let sockets: OpenSockets
  let socket: HeldSocket

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] })
    const server = createServer()
    sockets = new OpenSockets(server as Server, IDLE_MS)
    socket = new HeldSocket()
    server.emit('connection', socket as unknown as Socket)
  })

  afterEach(() => {
    sockets.stopSweeping()
    jest.useRealTimers()
  })

  it('whose client reads nothing is ended within the period', () => {
    socket.answer(16_384)
    jest.advanceTimersByTime(IDLE_MS - 1)
    expect(socket.destroyed).toBe(false)
    jest.advanceTimersByTime(1)
    expect(socket.destroyed).toBe(true)
  })

  it('whose client reads slowly stays, though as many bytes wait at every check', () => {
    socket.answer(16_384)
    for (let half = 0; half < 10; half++) {
      socket.answer(16_384)
      socket.readOne()
      expect(socket.writableLength).toBe(16_384)
      jest.advanceTimersByTime(IDLE_MS / 2)
      expect(socket.destroyed).toBe(false)
    }
  })

  it('whose client sends more requests but reads nothing is ended too', () => {
    socket.answer(100)
    jest.advanceTimersByTime(IDLE_MS / 2)
    socket.answer(100)
    jest.advanceTimersByTime(IDLE_MS / 2)
    expect(socket.destroyed).toBe(true)
  })

  it('without unsent bytes stays', () => {
    jest.advanceTimersByTime(10 * IDLE_MS)
    expect(socket.destroyed).toBe(false)
  })
})

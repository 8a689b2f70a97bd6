// A tracker that is told to stop while clients announce: every announce that was sent is answered.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { aDocument } from './documents.ts'
import { ready } from './tidy.ts'
import { anInfoHash } from './udp-client.ts'

const CLIENTS = 60
const ANNOUNCES = 3000
const REQUEST = `GET ${announceTarget(anInfoHash())} HTTP/1.1\r\nHost: t\r\n\r\n`

/** Announces on one connection until a reply says that it is the last one. */
class KeptClient {
  answered = 0
  /** Undefined when it has ended in order. */
  failure: string | undefined = 'has not ended'
  readonly ended: Promise<void>
  readonly #pauseMs: number

  constructor(url: string, pauseMs: number) {
    this.#pauseMs = pauseMs
    const { hostname, port } = new URL(url)
    this.ended = this.#announce(connect({ host: hostname, port: Number(port) }))
  }

  async #announce(socket: Socket): Promise<void> {
    const closed = new Promise((resolve) => socket.on('close', resolve))
    try {
      for (let isLast = false; !isLast; ) {
        socket.write(REQUEST)
        const [reply] = await once(socket, 'data', { signal: AbortSignal.timeout(5000) })
        if (!/^HTTP\/1\.1 200 OK\r\n.*d8:complete/s.test(reply)) throw new Error(`bad reply: ${reply}`)
        isLast = /^Connection: close\r$/m.test(reply)
        this.answered++
        if (this.#pauseMs > 0) await setTimeout(this.#pauseMs)
      }
      await closed
      this.failure = undefined
    } catch (error) {
      this.failure = `${error} after ${this.answered} announces`
    }
  }
}

const onLinux = process.platform === 'linux' ? it : it.skip

onLinux.each(['SIGTERM', 'SIGINT'] as const)('%s with the plain driver', async (signal) => {
  const tracker = await ready(
    aDocument({
      httpDriver: 'plain',
      http: ['127.0.0.1:0'],
      more: '[http_tracker_server]\nmax_requests_per_connection = 1000000',
    }),
  )
  const clients = Array.from({ length: CLIENTS }, (_, i) => new KeptClient(tracker.http[0] ?? '', i % 3 === 0 ? 0 : i))
  while (clients.reduce((sum, { answered }) => sum + answered, 0) < ANNOUNCES) await setTimeout(5)
  const { code } = await tracker.stop(signal)
  await Promise.all(clients.map(({ ended }) => ended))
  expect(clients.map(({ failure }) => failure).filter((failure) => failure !== undefined)).toEqual([])
  expect(code).toBe(0)
})

// Alerts to a real HTTP server on loopback. Pauses and time limits pass when the test says so.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { AlertWebhook } from '../../../../../src/adapters/outbound/network/alert-webhook/alert-webhook.ts'
import type { Alert } from '../../../../../src/domain/ports/outbound/alert-channel.ts'
import { TrackerCounter } from '../../../../../src/domain/ports/outbound/counters.ts'
import { ManualTimer } from '../../../../fakes/manual-timer.ts'
import { PlainCounters } from '../../../../fakes/plain-counters.ts'
import { closeServices, tcpService } from '../../../../fixtures/answering-services.ts'

const SECRET = 'hunter2-hunter2'
const BEGAN: Alert = { event: 'attack_began', atSeconds: 1_795_305_600, rates: { junk: 152_300 } }
const ENDED: Alert = { event: 'attack_ended', atSeconds: 1_795_305_900, durationSeconds: 300, rates: { junk: 9 } }

interface Received {
  readonly request: IncomingMessage
  readonly body: string
  readonly response: ServerResponse
}

/** A receiver that does what the test decides for each request. */
class Receiver {
  readonly #server: Server
  readonly #received: Received[] = []
  readonly #waiting: ((received: Received) => void)[] = []
  count = 0

  constructor() {
    this.#server = createServer(async (request, response) => {
      this.count++
      let body = ''
      for await (const part of request.setEncoding('utf8')) body += part
      const received = { request, body, response }
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#received.push(received)
      else waiting(received)
    })
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks/${SECRET}?token=${SECRET}`
  }

  next(): Promise<Received> {
    const received = this.#received.shift()
    return received === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(received)
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

const receivers: Receiver[] = []
afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.close())))

async function aWebhook(url?: string) {
  const receiver = new Receiver()
  receivers.push(receiver)
  const counters = new PlainCounters()
  const timer = new ManualTimer()
  const outcomes: string[] = []
  const waiting: (() => void)[] = []
  const note = (outcome: string): void => {
    outcomes.push(outcome)
    waiting.shift()?.()
  }
  const report = { delivered: () => note('delivered'), gaveUp: (reason: unknown) => note(String(reason)) }
  /** Resolves at the next outcome. */
  const outcome = () => new Promise<void>((resolve) => waiting.push(resolve))
  const listening = await receiver.listen()
  const webhook = new AlertWebhook({ url: url ?? listening, version: '1.2.3' }, { counters, timer, report })
  const counted = (name: 'alerts_sent' | 'alerts_replaced' | 'alert_failures') => counters.total(TrackerCounter[name])
  /** Resolves when an attempt has failed and the next one waits for the timer. */
  const failure = async (count: number): Promise<void> => {
    while (counted('alert_failures') < count) await new Promise(setImmediate)
  }
  return { receiver, webhook, timer, outcomes, outcome, counted, failure }
}

describe('an alert', () => {
  it('is posted as JSON with what happened, when, the version and the rates', async () => {
    const { receiver, webhook, outcome, outcomes, counted, timer } = await aWebhook()
    const delivered = outcome()
    webhook.raise(BEGAN)
    const { request, body, response } = await receiver.next()
    expect(request.method).toBe('POST')
    expect(request.url).toBe(`/hooks/${SECRET}?token=${SECRET}`)
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Muster/1.2.3' })
    expect(JSON.parse(body)).toEqual({
      event: 'attack_began',
      at: '2026-11-22T00:00:00.000Z',
      version: '1.2.3',
      rates: { junk: 152_300 },
    })
    response.writeHead(204).end()
    await delivered
    expect(outcomes).toEqual(['delivered'])
    expect([counted('alerts_sent'), counted('alert_failures'), timer.pending]).toEqual([1, 0, 0])
    expect(webhook.stop()).toBe(false)
  })

  it('reaches a receiver by its name', async () => {
    const receiver = new Receiver()
    receivers.push(receiver)
    const { webhook } = await aWebhook((await receiver.listen()).replace('127.0.0.1', 'localhost'))
    webhook.raise(BEGAN)
    expect((await receiver.next()).request.headers.host).toMatch(/^localhost:/)
  })

  it('of an end has the duration', async () => {
    const { receiver, webhook } = await aWebhook()
    webhook.raise(ENDED)
    const { body } = await receiver.next()
    expect(JSON.parse(body)).toMatchObject({ event: 'attack_ended', duration_seconds: 300 })
  })

  it('is accepted with an answer of any length, which is not read', async () => {
    const { receiver, webhook, outcome, outcomes } = await aWebhook()
    const delivered = outcome()
    webhook.raise(BEGAN)
    ;(await receiver.next()).response.writeHead(200).write('x')
    await delivered
    expect(outcomes).toEqual(['delivered'])
  })

  it('is tried four times in all, with longer pauses, and the reason does not contain the URL', async () => {
    const { receiver, webhook, timer, outcomes, outcome, counted, failure } = await aWebhook()
    const gaveUp = outcome()
    webhook.raise(BEGAN)
    for (const [i, pauseSeconds] of [2, 8, 30].entries()) {
      ;(await receiver.next()).response.writeHead(500).end(SECRET)
      await failure(i + 1)
      timer.advance(pauseSeconds * 1000 - 1)
      expect(receiver.count).toBe(i + 1)
      timer.advance(1)
    }
    ;(await receiver.next()).response.writeHead(500).end()
    await gaveUp
    expect(outcomes).toEqual(['Error: the receiver answered with status 500'])
    expect([counted('alerts_sent'), counted('alert_failures'), timer.pending]).toEqual([0, 4, 0])
    expect(webhook.stop()).toBe(false)
  })

  it('is delivered by a later attempt', async () => {
    const { receiver, webhook, timer, outcome, outcomes, failure } = await aWebhook()
    const delivered = outcome()
    webhook.raise(BEGAN)
    ;(await receiver.next()).response.destroy()
    await failure(1)
    timer.advance(2000)
    ;(await receiver.next()).response.end()
    await delivered
    expect(outcomes).toEqual(['delivered'])
  })

  it('is retried when the connection is refused', async () => {
    const { receiver, webhook, timer, outcomes, outcome, counted, failure } = await aWebhook()
    await receiver.close()
    const gaveUp = outcome()
    webhook.raise(BEGAN)
    for (let i = 1; i <= 3; i++) {
      await failure(i)
      timer.advance(30_000)
    }
    await gaveUp
    expect(outcomes[0]).toContain('ECONNREFUSED')
    expect(outcomes[0]).not.toContain(SECRET)
    expect(counted('alert_failures')).toBe(4)
  })

  it('is retried when the receiver changes the protocol instead of answering', async () => {
    const port = await tcpService('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    const { webhook, failure, counted } = await aWebhook(`http://127.0.0.1:${port}/`)
    webhook.raise(BEGAN)
    await failure(1)
    expect(counted('alert_failures')).toBe(1)
    webhook.stop()
    await closeServices()
  })

  it('is not sent where a redirect points to', async () => {
    const elsewhere = new Receiver()
    receivers.push(elsewhere)
    const location = await elsewhere.listen()
    const { receiver, webhook, failure } = await aWebhook()
    webhook.raise(BEGAN)
    ;(await receiver.next()).response.writeHead(307, { Location: location }).end()
    await failure(1)
    expect(elsewhere.count).toBe(0)
  })

  it('is given five seconds by a receiver that never answers', async () => {
    const { receiver, webhook, timer, failure, counted } = await aWebhook()
    webhook.raise(BEGAN)
    const { request } = await receiver.next()
    const closed = once(request.socket, 'close')
    timer.advance(4999)
    expect(counted('alert_failures')).toBe(0)
    timer.advance(1)
    await closed
    await failure(1)
    timer.advance(2000)
    await receiver.next()
  })
})

describe('a later alert', () => {
  it('is sent after one that is under way', async () => {
    const { receiver, webhook, outcome, counted } = await aWebhook()
    webhook.raise(BEGAN)
    const first = await receiver.next()
    webhook.raise(ENDED)
    const delivered = outcome()
    first.response.end()
    await delivered
    const second = await receiver.next()
    expect(JSON.parse(second.body)).toMatchObject({ event: 'attack_ended' })
    const both = outcome()
    second.response.end()
    await both
    expect([counted('alerts_sent'), counted('alerts_replaced')]).toEqual([2, 0])
  })

  it('replaces one that waits for its turn', async () => {
    const { receiver, webhook, outcome, counted } = await aWebhook()
    webhook.raise(BEGAN)
    const first = await receiver.next()
    webhook.raise(BEGAN)
    webhook.raise(ENDED)
    first.response.end()
    const second = await receiver.next()
    expect(JSON.parse(second.body)).toMatchObject({ event: 'attack_ended' })
    const delivered = outcome()
    second.response.end()
    await delivered
    expect([counted('alerts_sent'), counted('alerts_replaced'), receiver.count]).toEqual([2, 1, 2])
  })

  it('replaces one that failed, at once, with attempts of its own', async () => {
    const { receiver, webhook, timer, outcome, outcomes, counted, failure } = await aWebhook()
    webhook.raise(BEGAN)
    ;(await receiver.next()).response.writeHead(503).end()
    await failure(1)
    webhook.raise(ENDED)
    expect(timer.pending).toBe(1)
    const gaveUp = outcome()
    for (let i = 2; i <= 5; i++) {
      const { body, response } = await receiver.next()
      expect(JSON.parse(body)).toMatchObject({ event: 'attack_ended' })
      response.writeHead(503).end()
      await failure(i)
      timer.advance(30_000)
    }
    await gaveUp
    expect(outcomes).toHaveLength(1)
    expect([counted('alerts_replaced'), receiver.count]).toEqual([1, 5])
  })

  it('replaces one whose attempt fails meanwhile', async () => {
    const { receiver, webhook, counted } = await aWebhook()
    webhook.raise(BEGAN)
    const first = await receiver.next()
    webhook.raise(ENDED)
    first.response.writeHead(500).end()
    expect(JSON.parse((await receiver.next()).body)).toMatchObject({ event: 'attack_ended' })
    expect([counted('alerts_replaced'), counted('alert_failures')]).toEqual([1, 1])
  })
})

describe('a stop', () => {
  it('ends an attempt, and says that the alert is lost', async () => {
    const { receiver, webhook, timer, outcomes } = await aWebhook()
    webhook.raise(BEGAN)
    const { request } = await receiver.next()
    const closed = once(request.socket, 'close')
    expect(webhook.stop()).toBe(true)
    await closed
    await new Promise(setImmediate)
    expect(timer.pending).toBe(0)
    expect(outcomes).toEqual([])
  })

  it('ends a pause between attempts, and no alert is sent after it', async () => {
    const { receiver, webhook, timer, failure } = await aWebhook()
    webhook.raise(BEGAN)
    ;(await receiver.next()).response.writeHead(500).end()
    await failure(1)
    expect(webhook.stop()).toBe(true)
    expect(timer.pending).toBe(0)
    webhook.raise(ENDED)
    await new Promise(setImmediate)
    expect(receiver.count).toBe(1)
  })
})

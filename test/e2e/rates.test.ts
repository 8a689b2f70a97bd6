// Rate limits of a whole tracker: one truth for all threads, over UDP and HTTP, and what the metrics show.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget, scrapeTarget } from '../fixtures/announce-targets.ts'
import { connectDatagram } from '../fixtures/udp-datagrams.ts'
import { API_TOKEN, aDocument, DRIVERS } from './documents.ts'
import { ask } from './http-client.ts'
import { readSeries, sumBy } from './series.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const POLL_MS = 50
const PROXIED = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8"]
`

/** The values of a metric, by a label of it. */
async function values(tracker: TrackerProcess, name: string, label = ''): Promise<Record<string, number>> {
  const response = await fetch(`${tracker.api}/api/v2/metrics`, { headers: { Authorization: `Bearer ${API_TOKEN}` } })
  return sumBy(label, readSeries(await response.text()), name)
}

describe('over HTTP', () => {
  let tracker: TrackerProcess

  beforeAll(async () => {
    const more = `[limits]\nhttp_rate = 1\nhttp_burst = 5\n${PROXIED}`
    tracker = await TrackerProcess.start(aDocument({ hasApi: true, more }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  /** The failure reasons of requests on connections of their own, which reach both threads. */
  async function failures(from: string, target: string, count: number): Promise<unknown[]> {
    const url = tracker.http.at(-1) ?? ''
    const lines = [`X-Forwarded-For: ${from}`]
    const replies = await Promise.all(Array.from({ length: count }, () => ask(url, target, lines)))
    return replies.map((reply) => reply.get('failure reason')).filter((reason) => reason !== undefined)
  }

  it.each([
    ['99.1.2.3', '99.1.2.4'],
    ['2600:1:2:3::4', '2600:1:2:4::4'],
  ])('client %s is told to slow down, and %s is served', async (from, other) => {
    const target = announceTarget(anInfoHash())
    const refused = await failures(from, target, 40)
    expect(new Set(refused)).toEqual(new Set(['slow down']))
    // Five at once, and one more for each second that passes meanwhile.
    expect(refused.length).toBeGreaterThan(10)
    expect(refused.length).toBeLessThanOrEqual(35)
    expect(await failures(other, target, 5)).toEqual([])
    expect(await failures('10.1.2.3', target, 40)).toEqual([])
  })

  it('scrapes share the rate of announces', async () => {
    expect((await failures('99.9.9.9', scrapeTarget(anInfoHash()), 40)).length).toBeGreaterThan(10)
  })

  it('the refused requests are shown', async () => {
    const before = (await values(tracker, 'muster_http_rate_limited_total'))[''] ?? 0
    const refused = await failures('99.8.8.8', announceTarget(anInfoHash()), 20)
    expect(await values(tracker, 'muster_http_rate_limited_total')).toEqual({ '': before + refused.length })
  })
})

describe.each(DRIVERS)('over UDP with the %s driver', (driver) => {
  let tracker: TrackerProcess

  beforeAll(async () => {
    const more = '[limits]\napply_to_private = true\nconnect_rate = 1\nconnect_burst = 20'
    tracker = await TrackerProcess.start(aDocument({ driver, udp: ['127.0.0.1:0', '[::1]:0'], hasApi: true, more }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  it('connects of one address are limited over all threads, and another address is served', async () => {
    const COUNT = 200
    // The kernel spreads sockets over the threads.
    const clients = await Promise.all(Array.from({ length: 10 }, () => UdpClient.open(tracker.udp[0] ?? '')))
    for (let i = 0; i < COUNT; i++) await clients[i % clients.length]?.send(connectDatagram(i))
    let answered = 0
    for (let seen = 0; seen < COUNT; ) {
      await new Promise((wake) => setTimeout(wake, POLL_MS))
      const { connect = 0 } = await values(tracker, 'muster_udp_requests_total', 'kind')
      const { rate = 0 } = await values(tracker, 'muster_udp_rejects_total', 'reason')
      answered = connect
      seen = connect + rate
    }
    expect(answered).toBeGreaterThanOrEqual(20)
    expect(answered).toBeLessThan(60)
    for (const client of clients) client.close()
    const other = await UdpClient.open(tracker.udp[1] ?? '')
    expect((await other.announce({ infoHash: anInfoHash() })).leechers).toBe(1)
    other.close()
  })
})

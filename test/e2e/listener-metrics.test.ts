// Series by listener: each of several listeners gets a different number of requests, and its series show just these.
// The queries of a dashboard are evaluated by Prometheus over what was scraped.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceDatagram, scrapeDatagram } from '../fixtures/udp-datagrams.ts'
import { API_TOKEN, aDocument, DRIVERS } from './documents.ts'
import { get } from './http-client.ts'
import { dashboardQueries, type Ports } from './listener-dashboard.ts'
import { complaints, readSeries, type Series, sumBy } from './series.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const POLL_MS = 50
const MAX_MS = 40_000

const UDP_REQUESTS = 'udp_tracker_server_requests_accepted_total'
const HTTP_REQUESTS = 'http_tracker_core_requests_received_total'
const TIMED = 'udp_tracker_server_performance_avg_processed_requests_total'
const KINDS = ['announce', 'connect', 'scrape']

/** Announces that each listener gets: the first two listeners of a protocol are counted, the third one is not. */
const UDP_ANNOUNCES = [3, 5, 4]
const HTTP_ANNOUNCES = [7, 11, 2]
const ADDRESSES = ['127.0.0.1:0', '[::1]:0']
const UNCOUNTED = ['udp_trackers', 'http_trackers']
  .map((table) => `[[${table}]]\nbind_address = "127.0.0.3:0"\ntracker_usage_statistics = false`)
  .join('\n')

async function ask(tracker: TrackerProcess, path: string): Promise<string> {
  const response = await fetch(`${tracker.api}${path}`, { headers: { Authorization: `Bearer ${API_TOKEN}` } })
  if (response.status !== 200) throw new Error(`${response.status} to ${path}`)
  return response.text()
}

async function scrape(tracker: TrackerProcess): Promise<readonly Series[]> {
  return readSeries(await ask(tracker, '/api/v1/metrics?format=prometheus'))
}

/** The first value that `isRight` accepts; the last one if there is none for a long time. */
async function eventually<T>(read: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + MAX_MS; ; ) {
    const value = await read()
    if (isRight(value) || Date.now() > end) return value
    await new Promise((wake) => setTimeout(wake, POLL_MS))
  }
}

function portOf(url: string): string {
  return new URL(url).port
}

async function announceOverHttp(url: string): Promise<void> {
  const hash = [...anInfoHash()].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  await get(url, `/announce?info_hash=${hash}&peer_id=-TR4050-abcdefghijkl&port=6881&left=1&uploaded=0&downloaded=0`)
}

describe.each(DRIVERS)('series by listener, with the %s driver', (driver) => {
  let tracker: TrackerProcess
  let before: readonly Series[]
  let ports: Ports
  const clients: UdpClient[] = []
  /** What has been sent, by listener. */
  const announces = [0, 0, 0]

  async function announceOverUdp(listener: number): Promise<void> {
    announces[listener]++
    await clients[listener].announce({ infoHash: anInfoHash() })
  }

  /** Every fourth batch is timed: sends requests of all kinds, out of step, until some of each have been. */
  async function sendUntilTimed(listener: number): Promise<void> {
    const port = portOf(tracker.udp[listener])
    const client = clients[listener]
    const timed = async (): Promise<Record<string, number>> =>
      sumBy('request_kind', await scrape(tracker), TIMED, { server_binding_port: port })
    await eventually(
      async () => {
        await client.send(Buffer.from('short'))
        await announceOverUdp(listener)
        await client.scrape(anInfoHash())
        return timed()
      },
      (counts) => KINDS.every((kind) => (counts[kind] ?? 0) > 0),
    )
  }

  beforeAll(async () => {
    tracker = await TrackerProcess.start(
      aDocument({ udp: ADDRESSES, http: ADDRESSES, driver, hasApi: true, more: UNCOUNTED }),
    )
    for (const url of tracker.udp) clients.push(await UdpClient.open(url))
    const [udp4, udp6] = tracker.udp.map(portOf)
    const [http4, http6] = tracker.http.map(portOf)
    ports = { udp4, udp6, http4, http6 }
    before = await scrape(tracker)
    for (const [listener, times] of UDP_ANNOUNCES.entries()) {
      for (let n = 0; n < times; n++) await announceOverUdp(listener)
      const wrongId = randomBytes(8)
      await clients[listener].exchange(announceDatagram(wrongId, { infoHash: anInfoHash() }))
      await clients[listener].exchange(scrapeDatagram(wrongId, [anInfoHash()]))
    }
    for (const [listener, times] of HTTP_ANNOUNCES.entries()) {
      for (let n = 0; n < times; n++) await announceOverHttp(tracker.http[listener])
    }
    for (const listener of [0, 1]) await sendUntilTimed(listener)
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await tracker[Symbol.asyncDispose]()
  })

  it('show the announces that each listener got, and none of a listener without statistics', async () => {
    const { udp4, udp6, http4, http6 } = ports
    const expected = {
      udp: { [udp4]: announces[0], [udp6]: announces[1] },
      http: { [http4]: HTTP_ANNOUNCES[0], [http6]: HTTP_ANNOUNCES[1] },
    }
    const read = async () => {
      const series = await scrape(tracker)
      const announced = { request_kind: 'announce' }
      return {
        udp: sumBy('server_binding_port', series, UDP_REQUESTS, announced),
        http: sumBy('server_binding_port', series, HTTP_REQUESTS, announced),
      }
    }
    // The last batch is reported a moment after its replies.
    const isRight = (counts: object) => JSON.stringify(counts) === JSON.stringify(expected)
    expect(await eventually(read, isRight)).toEqual(expected)
  })

  it('add up to the statistics of the tracker', async () => {
    const [stats, series] = await eventually(
      async () => [JSON.parse(await ask(tracker, '/api/v1/stats')), await scrape(tracker)] as const,
      ([figures]) => figures.udp4_announces_handled === announces[0] && figures.udp6_announces_handled === announces[1],
    )
    const [udp, http] = [UDP_REQUESTS, HTTP_REQUESTS].map((name) =>
      sumBy('client_address_ip_family', series, name, { request_kind: 'announce' }),
    )
    expect(udp).toEqual({ inet: stats.udp4_announces_handled, inet6: stats.udp6_announces_handled })
    expect(http).toEqual({ inet: stats.tcp4_announces_handled, inet6: stats.tcp6_announces_handled })
  })

  it('name each listener in full', async () => {
    const series = await scrape(tracker)
    const bindings = series
      .filter(({ name, labels }) => /requests_(received|banned)_total$/.test(name) && 'server_binding_ip' in labels)
      .map(({ labels }) =>
        [
          labels['server_binding_protocol'],
          labels['server_binding_ip'],
          labels['server_binding_port'],
          labels['server_binding_address_ip_family'],
          labels['server_binding_address_ip_type'],
        ].join(' '),
      )
    expect([...new Set(bindings)].sort()).toEqual([
      `http 127.0.0.1 ${ports.http4} inet plain`,
      `http ::1 ${ports.http6} inet6 plain`,
      `udp 127.0.0.1 ${ports.udp4} inet plain`,
      `udp ::1 ${ports.udp6} inet6 plain`,
    ])
  })

  it('are found by every query of a dashboard', async () => {
    expect(complaints(before, await scrape(tracker), dashboardQueries(ports))).toBe('')
  })

  it('count for the health of the tracker also where requests are not counted', async () => {
    const { counters } = JSON.parse(await ask(tracker, '/api/v2/stats'))
    // Two wrong connection ids for each of the three listeners.
    expect(counters.udp_connection_id_mismatches).toBe(6)
    expect(counters.announces_served).toBe([...announces, ...HTTP_ANNOUNCES].reduce((total, count) => total + count, 0))
  })
})

describe('series of a listener with a public URL', () => {
  it('have it as a label', async () => {
    const more = '[[http_trackers]]\nbind_address = "127.0.0.1:0"\npublic_url = "http://a.example/announce"'
    await using tracker = await TrackerProcess.start(aDocument({ http: ['127.0.0.1:0'], hasApi: true, more }))
    const urls = (await scrape(tracker))
      .filter(({ name, labels }) => name === HTTP_REQUESTS && labels['request_kind'] === 'scrape')
      .map(({ labels }) => [labels['server_binding_port'], labels['public_url']])
    const [plain, known] = tracker.http.map(portOf)
    expect(new Map(urls.map(([port, url]) => [port, url]))).toEqual(
      new Map([
        [plain, undefined],
        [known, 'http://a.example/announce'],
      ]),
    )
  })
})

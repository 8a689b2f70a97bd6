// The tracker client of the WebTorrent project, which most JavaScript torrent programs use, over both protocols.

import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Client } from 'bittorrent-tracker'
import { aDocument, DRIVERS } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

let tracker: TrackerProcess
const clients: Client[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) await new Promise<void>((done) => client.destroy(done))
})

function aClient(announce: string, infoHash: Buffer, port: number): Client {
  const peerId = Buffer.from(`-WW0206-${String(port).padStart(12, '0')}`)
  const client = new Client({ infoHash, peerId, announce: [announce], port })
  clients.push(client)
  return client
}

/** Performs an action and waits for the client's event for the reply; a warning or an error fails the test. */
async function reply(client: Client, event: 'update' | 'scrape', act: () => void): Promise<Record<string, unknown>> {
  const refused = new AbortController()
  const refusal = new Promise<never>((_done, fail) => {
    for (const bad of ['warning', 'error']) client.once(bad, fail)
  })
  const answer = once(client, event, { signal: refused.signal }).then(([data]) => data)
  act()
  try {
    return await Promise.race([answer, refusal])
  } finally {
    refused.abort()
    answer.catch(() => undefined)
  }
}

describe.each(DRIVERS)('with the %s driver', (driver) => {
  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0', '[::1]:0'], driver }))
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  const urls: [string, () => string][] = [
    ['udp', () => `${tracker.udp[0]}/announce`],
    ['http', () => `${tracker.http[0]}/announce`],
    ['http over IPv6', () => `${tracker.http[1]}/announce`],
  ]

  it.each(urls)('a client announces, completes, scrapes and leaves over %s', async (_protocol, url) => {
    const infoHash = anInfoHash()
    const leecher = aClient(url(), infoHash, 7001)
    expect(await reply(leecher, 'update', () => leecher.start({ left: 5 }))).toMatchObject({
      complete: 0,
      incomplete: 1,
    })

    const seeder = aClient(url(), infoHash, 7002)
    const told = once(seeder, 'peer')
    expect(await reply(seeder, 'update', () => seeder.start({ left: 0 }))).toMatchObject({ complete: 1, incomplete: 1 })
    const host = url().includes('[') ? '[::1]' : '127.0.0.1'
    expect(await told).toEqual([`${host}:7001`])

    const done = await reply(leecher, 'update', () => leecher.complete({ left: 0 }))
    expect(done).toMatchObject({ complete: 2, incomplete: 0 })
    const counts = await reply(leecher, 'scrape', () => leecher.scrape())
    expect(counts).toMatchObject({ complete: 2, downloaded: 1, incomplete: 0 })

    const left = await reply(seeder, 'update', () => seeder.stop({ left: 0 }))
    expect(left).toMatchObject({ complete: 1, incomplete: 0 })
  })

  it('a client over udp and one over http find each other', async () => {
    const infoHash = anInfoHash()
    const overUdp = aClient(`${tracker.udp[0]}/announce`, infoHash, 7001)
    await reply(overUdp, 'update', () => overUdp.start({ left: 5 }))
    const overHttp = aClient(`${tracker.http[0]}/announce`, infoHash, 7002)
    const toldOverHttp = once(overHttp, 'peer')
    await reply(overHttp, 'update', () => overHttp.start({ left: 5 }))
    expect(await toldOverHttp).toEqual(['127.0.0.1:7001'])
    const toldOverUdp = once(overUdp, 'peer')
    await reply(overUdp, 'update', () => overUdp.update({ left: 5 }))
    expect(await toldOverUdp).toEqual(['127.0.0.1:7002'])
  })
})

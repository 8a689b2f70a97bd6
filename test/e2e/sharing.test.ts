// One registry behind every listener, whichever protocol, family, driver or thread receives an announce.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget, scrapeTarget } from '../fixtures/announce-targets.ts'
import type { BencodedMap } from '../fixtures/bencode.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { ask } from './http-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

describe.each(DRIVERS)('with the %s driver', (driver) => {
  let tracker: TrackerProcess
  let udp4: UdpClient
  let udp6: UdpClient
  const http4 = () => tracker.http[0] ?? ''
  const http6 = () => tracker.http[1] ?? ''

  beforeAll(async () => {
    const listeners = { udp: ['127.0.0.1:0', '[::1]:0'], http: ['127.0.0.1:0', '[::1]:0'] }
    tracker = await TrackerProcess.start(aDocument({ ...listeners, driver }))
    udp4 = await UdpClient.open(tracker.udp[0] ?? '')
    udp6 = await UdpClient.open(tracker.udp[1] ?? '')
  })
  afterAll(async () => {
    udp4.close()
    udp6.close()
    await tracker[Symbol.asyncDispose]()
  })

  const overHttp = async (url: string, infoHash: Buffer, port: number, changes = {}) => {
    const peer = { port: String(port), peer_id: `-XX0000-${String(port).padStart(12, '0')}` }
    const reply = await ask(url, announceTarget(infoHash, { ...peer, ...changes }))
    const of = (key: string, stride: 6 | 18) =>
      compactPeers(Buffer.from(String(reply.get(key) ?? ''), 'latin1'), stride)
    return [...of('peers', 6), ...of('peers6', 18)].sort()
  }
  const overUdp = async (client: UdpClient, infoHash: Buffer, port: number) => {
    const peerId = `-XX0000-${String(port).padStart(12, '0')}`
    return (await client.announce({ infoHash, port, peerId })).peers.sort()
  }

  it('peers of all four listeners find each other', async () => {
    const infoHash = anInfoHash()
    await overUdp(udp4, infoHash, 7001)
    await overUdp(udp6, infoHash, 7002)
    await overHttp(http4(), infoHash, 7003)
    await overHttp(http6(), infoHash, 7004)

    const [udpOverIpv4, udpOverIpv6, httpOverIpv4, httpOverIpv6] = [
      '127.0.0.1:7001',
      '[::1]:7002',
      '127.0.0.1:7003',
      '[::1]:7004',
    ] as const
    expect(await overUdp(udp4, infoHash, 7001)).toEqual([httpOverIpv4])
    expect(await overUdp(udp6, infoHash, 7002)).toEqual([httpOverIpv6])
    expect(await overHttp(http4(), infoHash, 7003)).toEqual([udpOverIpv4, udpOverIpv6, httpOverIpv6])
    expect(await overHttp(http6(), infoHash, 7004)).toEqual([udpOverIpv4, httpOverIpv4, udpOverIpv6])
  })

  it('a scrape is the same over both protocols', async () => {
    const infoHash = anInfoHash()
    await udp4.announce({ infoHash, port: 7001 })
    await udp4.announce({ infoHash, port: 7001, event: 1, left: 0n })
    await overHttp(http6(), infoHash, 7002)
    expect(await udp6.scrape(infoHash, infoHash)).toEqual(Array(2).fill({ seeders: 1, completed: 1, leechers: 1 }))
    const files = (await ask(http4(), scrapeTarget(infoHash))).get('files') as BencodedMap
    const row = files.get(infoHash.toString('latin1')) as BencodedMap
    expect(Object.fromEntries(row)).toEqual({ complete: 1, downloaded: 1, downloaders: 1, incomplete: 1 })
  })

  it('a peer that announces over both protocols is one peer, and leaves by either', async () => {
    const infoHash = anInfoHash()
    await overUdp(udp4, infoHash, 7001)
    await overHttp(http4(), infoHash, 7001)
    expect(await udp4.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 1 }])
    await overHttp(http4(), infoHash, 7001, { event: 'stopped' })
    expect(await udp4.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 0 }])
  })

  it('every thread sees what the others received', async () => {
    const infoHash = anInfoHash()
    const clients = await Promise.all(Array.from({ length: 16 }, () => UdpClient.open(tracker.udp[0] ?? '')))
    for (const [index, client] of clients.entries()) {
      expect(await overUdp(client, infoHash, 7001 + index)).toHaveLength(index)
    }
    for (const client of clients) client.close()
  })

  it('seeders receive only leechers, and intervals have jitter on top of half an hour', async () => {
    const infoHash = anInfoHash()
    await udp4.announce({ infoHash, port: 7001, left: 0n })
    await udp4.announce({ infoHash, port: 7002, peerId: '-XX0000-000000007002' })
    const intervals: number[] = []
    for (let count = 0; count < 50; count++) {
      const answer = await udp4.announce({ infoHash, port: 7003, left: 0n, peerId: '-XX0000-000000007003' })
      expect(answer.peers).toEqual(['127.0.0.1:7002'])
      intervals.push(answer.intervalSeconds)
    }
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(1800)
    expect(Math.max(...intervals)).toBeLessThanOrEqual(2160)
    expect(new Set(intervals).size).toBeGreaterThan(10)
  })
})

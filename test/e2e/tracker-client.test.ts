// The client library and its commands against real trackers: Muster itself, Debian's opentracker, and the server of
// bittorrent-tracker.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Server } from 'bittorrent-tracker'
import { type OpenTrackerOptions, openTracker } from '../../src/adapters/client/open-tracker.ts'
import { runLine } from '../adapters/cli/a-command-line.ts'
import { freePort } from '../fixtures/answering-services.ts'
import { aDocument } from './documents.ts'
import { isOpentrackerInstalled, Opentracker } from './opentracker.ts'
import { TrackerProcess } from './tracker-process.ts'

/** Torrents that nobody has announced yet; opentracker serves only those that it knows at its start. */
const HASHES = Array.from({ length: 12 }, () => randomBytes(20).toString('hex'))
const UNLISTED = randomBytes(20).toString('hex')

interface RunningTracker {
  /** By scheme and family: `udp4`, `http6`. */
  readonly urls: Readonly<Record<string, string>>
  stop(): Promise<unknown>
}

async function startMuster(): Promise<RunningTracker> {
  const here = ['127.0.0.1:0', '[::1]:0']
  const tracker = await TrackerProcess.start(aDocument({ udp: here, http: here }))
  const [[udp4 = '', udp6 = ''], [http4 = '', http6 = '']] = [tracker.udp, tracker.http]
  return { urls: { udp4: `${udp4}/announce`, udp6, http4: `${http4}/announce`, http6 }, stop: () => tracker.stop() }
}

async function startOpentracker(): Promise<RunningTracker> {
  const tracker = await Opentracker.start(HASHES)
  const at = `127.0.0.1:${tracker.port}`
  return { urls: { udp4: `udp://${at}/announce`, http4: `http://${at}/announce` }, stop: () => tracker.stop() }
}

async function startBittorrentTracker(): Promise<RunningTracker> {
  const server = new Server({ udp: true, http: true, ws: false, stats: false })
  const port = await freePort()
  server.listen(port, { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' })
  await once(server, 'listening')
  const stop = () => new Promise<void>((closed) => server.close(closed))
  const at = `127.0.0.1:${port}`
  return { urls: { udp4: `udp://${at}`, udp6: `udp://[::1]:${port}`, http4: `http://${at}/announce` }, stop }
}

/** One client for each peer, so that each has an id of its own. */
async function announce(url: string, infoHash: string, left: number, port: number, options: OpenTrackerOptions = {}) {
  using tracker = await openTracker(url, options)
  return await tracker.announce({ infoHash, left, port, event: 'started' })
}

async function counts(url: string, ...infoHashes: readonly string[]) {
  using tracker = await openTracker(url)
  return await tracker.scrape(infoHashes)
}

const TRACKERS = [
  { name: 'Muster', start: startMuster, endpoints: ['udp4', 'http4', 'udp6', 'http6'], isInstalled: true },
  { name: 'opentracker', start: startOpentracker, endpoints: ['udp4', 'http4'], isInstalled: isOpentrackerInstalled },
  { name: 'bittorrent-tracker', start: startBittorrentTracker, endpoints: ['udp4', 'http4'], isInstalled: true },
] as const

describe.each(TRACKERS.filter(({ isInstalled }) => isInstalled))('the client, with $name', ({ start, endpoints }) => {
  let tracker: RunningTracker
  const hashes = HASHES.values()
  const newHash = () => hashes.next().value ?? ''

  beforeAll(async () => {
    tracker = await start()
  })

  afterAll(async () => await tracker.stop())

  it.each([...endpoints])('announces and scrapes over %s, strictly', async (endpoint) => {
    const url = tracker.urls[endpoint]
    const infoHash = newHash()
    const family = endpoint.endsWith('4') ? 4 : 6
    const seeder = await announce(url, infoHash, 0, 7001, { decoding: 'strict' })
    expect([seeder.seeders, seeder.leechers]).toEqual([1, 0])
    expect(seeder.intervalSeconds).toBeGreaterThan(0)
    const leecher = await announce(url, infoHash, 5, 7002, { decoding: 'strict' })
    expect([leecher.seeders, leecher.leechers]).toEqual([1, 1])
    const address = family === 4 ? '127.0.0.1' : '::1'
    expect(leecher.peers).toContainEqual({ address, port: 7001, family })
    const { entries } = await counts(url, infoHash, UNLISTED)
    expect(entries[0]).toMatchObject({ infoHash, isReported: true, seeders: 1, leechers: 1 })
    expect(entries[1]).toMatchObject({ infoHash: UNLISTED, seeders: 0, leechers: 0 })
  })

  it('leaves the swarm', async () => {
    const url = tracker.urls['udp4']
    const infoHash = newHash()
    using client = await openTracker(url)
    await client.announce({ infoHash, left: 0, event: 'started' })
    await client.announce({ infoHash, left: 0, event: 'stopped' })
    expect((await client.scrape([infoHash])).entries[0]).toMatchObject({ seeders: 0, leechers: 0 })
  })

  it('scrapes as many torrents as a request holds', async () => {
    const infoHash = newHash()
    await announce(tracker.urls['udp4'], infoHash, 0, 7001)
    // opentracker answers for the first 64 over HTTP.
    const many = [infoHash, ...Array.from({ length: 73 }, () => randomBytes(20).toString('hex'))]
    for (const url of [tracker.urls['udp4'], tracker.urls['http4']]) {
      const { entries } = await counts(url, ...many)
      expect(entries).toHaveLength(74)
      expect(entries[0]).toMatchObject({ isReported: true, seeders: 1 })
    }
  })

  it('is used by muster announce, muster scrape and tracker-client', async () => {
    const { udp4, http4 } = tracker.urls
    const infoHash = newHash()
    for (const url of [udp4, http4]) {
      const announced = await runLine(['announce', url, infoHash, '--left', '0', '--peer-id', '-XX0001-abcdefghijkl'])
      expect([announced.exitCode, announced.err, JSON.parse(announced.out).seeders]).toEqual([0, '', 1])
      const scraped = await runLine(['scrape', url, infoHash])
      expect([scraped.exitCode, JSON.parse(scraped.out).torrents[0].seeders]).toEqual([0, 1])
    }
    const udp = await runLine(['tracker-client', 'udp', 'scrape', udp4, infoHash])
    expect(JSON.parse(udp.out)).toMatchObject({ Scrape: { torrent_stats: [{ seeders: 1, leechers: 0 }] } })
    const http = await runLine(['tracker-client', 'http', 'scrape', http4, infoHash])
    expect(JSON.parse(http.out)).toMatchObject({ [infoHash]: { complete: 1, incomplete: 0 } })
  })
})

const describeOpentracker = isOpentrackerInstalled ? describe : describe.skip

describeOpentracker('what opentracker refuses', () => {
  it('is a refusal over HTTP, and an answer without content over UDP', async () => {
    const { urls, stop } = await startOpentracker()
    try {
      await expect(announce(urls['http4'], UNLISTED, 0, 7001)).rejects.toMatchObject({
        kind: 'refused',
        failureReason: 'Requested download is not authorized for use with this tracker.',
      })
      await expect(announce(urls['udp4'], UNLISTED, 0, 7001)).rejects.toMatchObject({
        kind: 'not-a-reply',
        message: 'the answer does not match the request (action 1, 8 bytes)',
      })
    } finally {
      await stop()
    }
  })
})

describe('what bittorrent-tracker gets wrong', () => {
  it('is tolerated and listed', async () => {
    const { urls, stop } = await startBittorrentTracker()
    try {
      const infoHash = `ff${HASHES[0].slice(2)}`
      await announce(urls['udp4'], infoHash, 0, 7001)
      const overIPv6 = await announce(urls['udp6'], infoHash, 5, 7002)
      expect(overIPv6.peers).toEqual([{ address: '127.0.0.1', port: 7001, family: 4 }])
      expect(overIPv6.deviations).toEqual(['the peers are not a multiple of 18 bytes'])
      const { entries, deviations } = await counts(urls['http4'], infoHash)
      expect(entries[0]).toMatchObject({ infoHash, isReported: true, seeders: 1 })
      expect(deviations).toEqual(['the keys of files are encoded as UTF-8'])
    } finally {
      await stop()
    }
  })
})

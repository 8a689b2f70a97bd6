// What happens to peers, connection ids and saved swarms when the machine's clock is set, forward and back.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { announceDatagram } from '../fixtures/udp-datagrams.ts'
import { API_TOKEN, aDocument, DRIVERS } from './documents.ts'
import { aFolder, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const PRELOAD = `--import=${new URL('./settable-clock.ts', import.meta.url)}`
const DAY = 86_400
const HOUR = 3600

function aClock() {
  const file = join(aFolder(), 'step')
  const setBy = (seconds: number): void => writeFileSync(file, String(seconds))
  setBy(0)
  return { setBy, env: { NODE_OPTIONS: PRELOAD, CLOCK_STEP_FILE: file } }
}

/** Cleans up every second, and logs each clean-up. */
function document(driver: (typeof DRIVERS)[number], timeoutSeconds: number): string {
  return aDocument({
    udp: ['127.0.0.1:0'],
    driver,
    hasApi: true,
    more: `[core.tracker_policy]\nmax_peer_timeout = ${timeoutSeconds}`,
  })
    .replace('"info"', '"debug"')
    .replace('[core]\n', '[core]\ninactive_peer_cleanup_interval = 1\n')
}

/** Resolves after a clean-up that began after the call, with the number of peers removed since the start. */
async function cleanedUp(tracker: TrackerProcess): Promise<number> {
  const rounds = () => tracker.lines.filter((line) => line.includes('swarms cleaned up'))
  const before = rounds().length
  await tracker.printed(() => rounds().length >= before + 2)
  return rounds().reduce((sum, line) => sum + Number(JSON.parse(line).peersRemoved), 0)
}

async function dateShown(tracker: TrackerProcess, infoHash: Buffer): Promise<number> {
  const url = `${tracker.api.replace(/\/$/, '')}/api/v1/torrent/${infoHash.toString('hex')}?token=${API_TOKEN}`
  const { peers } = (await (await fetch(url)).json()) as { peers: readonly { updated: number }[] }
  return peers[0]?.updated ?? 0
}

describe.each(DRIVERS)('with the %s driver, setting the clock', (driver) => {
  it.each([DAY, -HOUR])('by %i s empties no swarm and invalidates no connection id', async (stepSeconds) => {
    const clock = aClock()
    const tracker = await ready(document(driver, 600), clock)
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    const infoHash = anInfoHash()
    const id = await client.connectionId()
    await client.ask(announceDatagram(id, { infoHash }))
    clock.setBy(stepSeconds)
    expect(await cleanedUp(tracker)).toBe(0)
    const answer = await client.ask(announceDatagram(id, { infoHash: anInfoHash() }))
    expect(answer.readUInt32BE(0)).toBe(1)
    expect(await client.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 1 }])
    expect(Math.abs((await dateShown(tracker, infoHash)) / 1000 - Date.now() / 1000 - stepSeconds)).toBeLessThan(60)
    client.close()
  })

  it('back by an hour lets silent peers expire on time', async () => {
    const clock = aClock()
    const tracker = await ready(document(driver, 3), clock)
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    await client.announce({ infoHash: anInfoHash() })
    clock.setBy(-HOUR)
    await tracker.printed((line) => line.includes('swarms cleaned up') && line.includes('"peersRemoved":1'))
    client.close()
  })
})

describe('a take-over', () => {
  it('by a process that finds the clock set back keeps all peers', async () => {
    const clock = aClock()
    const directory = aFolder()
    const old = await ready(document('batched', 600), { ...clock, directory })
    const client = await UdpClient.open(old.udp[0] ?? '')
    const infoHash = anInfoHash()
    await client.announce({ infoHash })
    const { host } = new URL(old.udp[0] ?? '')
    const next = document('batched', 600).replace(
      '[[udp_trackers]]\nbind_address = "127.0.0.1:0"',
      `[[udp_trackers]]\nbind_address = "${host}"`,
    )
    const behind = aClock()
    behind.setBy(-4 * HOUR)
    const tracker = await ready(next, { ...behind, directory, args: ['serve', '--take-over'] })
    expect(await old.ended).toEqual({ code: 0, signal: null })
    expect(await client.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 1 }])
    expect(tracker.log.some(({ level, msg }) => level === 'WARN' && msg.includes('set back'))).toBe(true)
    client.close()
  })
})

describe('a restart', () => {
  it.each([
    ['back by four hours', 0, -4 * HOUR, 'set back'],
    ['right again after it was a day ahead', DAY, 0, 'set back'],
    ['still a day ahead, as it was set during the run', DAY, DAY, undefined],
  ])('with the clock %s restores all peers', async (_how, during, after, warning) => {
    const clock = aClock()
    const directory = aFolder()
    const tracker = await ready(document('batched', 600), { ...clock, directory })
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    const infoHash = anInfoHash()
    await client.announce({ infoHash })
    clock.setBy(during)
    await cleanedUp(tracker)
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    client.close()
    clock.setBy(after)
    const again = await ready(document('batched', 600), { ...clock, directory })
    const other = await UdpClient.open(again.udp[0] ?? '')
    expect(await other.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 1 }])
    const warnings = again.log.filter(({ level, target }) => level === 'WARN' && target === 'SNAPSHOT')
    expect(warnings.map(({ msg }) => msg)).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)])
    other.close()
  })
})

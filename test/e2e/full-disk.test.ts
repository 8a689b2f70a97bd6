// A tracker whose disk is full when it stops: it stops in order, and its exit code and log tell what is lost.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { fill } from '../fixtures/disk-of-process.ts'
import { canMount, withSmallDisk } from '../fixtures/small-disk.ts'
import { Crowd } from './crowd.ts'
import { aDocument, SQLITE } from './documents.ts'
import { aFolder, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const DATA = 'storage/tracker/lib'
const describeIfPossible = canMount() || process.env['CI'] === 'true' ? describe : describe.skip

function errorsOf(tracker: TrackerProcess): string {
  return tracker.log.flatMap(({ level, msg }) => (level === 'ERROR' ? [msg] : [])).join('\n')
}

describeIfPossible('a stop with a full disk', () => {
  it('fails, and keeps the last snapshot, when the swarms cannot be saved', async () => {
    const directory = aFolder()
    const data = join(directory, DATA)
    mkdirSync(data, { recursive: true })
    const document = aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] })
    const tracker = await ready(document, { directory, within: withSmallDisk(data) })
    const snapshot = `/proc/${tracker.pid}/root${data}/swarms.snapshot`
    tracker.signal('SIGUSR2')
    await tracker.printed((line) => line.includes('swarms saved'))
    const before = readFileSync(snapshot)
    fill(tracker, data)
    const crowd = new Crowd(tracker.udp[0] ?? '', tracker.http[0] ?? '', { udp: 2, http: 2 })
    await crowd.goesOnFor(50)
    await crowd.end()
    expect(readFileSync(snapshot)).toEqual(before)
    expect(await tracker.stop()).toEqual({ code: 1, signal: null })
    expect(errorsOf(tracker)).toContain('the last snapshot could not be stopped in order: ENOSPC')
    expect(tracker.log.at(-1)?.msg).toBe('the tracker has stopped')
  })

  it('fails when download counts cannot be written', async () => {
    const directory = aFolder()
    const data = join(directory, DATA)
    mkdirSync(data, { recursive: true })
    const more =
      '[core.tracker_policy]\npersistent_torrent_completed_stat = true\ncompleted_write_interval = 3600\n' +
      '[snapshot]\nenabled = false\n[process]\nshutdown_deadline = 1'
    const document = aDocument({
      udp: ['127.0.0.1:0'],
      database: SQLITE.replace('tracker.db', join(data, 'tracker.db')),
      more,
    })
    const tracker = await ready(document, { directory, within: withSmallDisk(data, 'size=1m') })
    fill(tracker, data)
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    for (let i = 0; i < 400; i++) {
      const peer = { infoHash: anInfoHash(), port: 6881, peerId: '-XX0000-000000006881' }
      await client.announce({ ...peer, left: 1n })
      await client.announce({ ...peer, left: 0n, event: 1 })
    }
    client.close()
    expect(await tracker.stop()).toEqual({ code: 1, signal: null })
    expect(errorsOf(tracker)).toContain('download counts of 400 torrents may not have been written')
  })

  it('succeeds when there is nothing to save', async () => {
    const directory = aFolder()
    const data = join(directory, DATA)
    mkdirSync(data, { recursive: true })
    const document = aDocument({ udp: ['127.0.0.1:0'], more: '[snapshot]\nenabled = false' })
    const tracker = await ready(document, { directory, within: withSmallDisk(data) })
    fill(tracker, data)
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
  })
})

// Events of the threads in the debug log of the main thread.

import { describe, expect, it } from '@jest/globals'
import { aDocument, SQLITE } from './documents.ts'
import { converse } from './http-client.ts'
import { ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { UdpClient } from './udp-client.ts'

const BOTH = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }
const KEPT = { database: SQLITE, more: '[core.tracker_policy]\npersistent_torrent_completed_stat = true' }
const NONE = 0
const COMPLETED = 1
const STOPPED = 3

function at(level: 'debug' | 'info', document: string): string {
  return document.replace('trace_filter = "trace"', `trace_filter = "${level}"`)
}

function infoHash(letter: string): Buffer {
  return Buffer.alloc(20, letter)
}

function hexOf(letter: string): string {
  return infoHash(letter).toString('hex')
}

function told(tracker: TrackerProcess, letter: string): string[] {
  return tracker.lines
    .filter((line) => line.includes(`"infoHash":"${hexOf(letter)}"`))
    .map((line) => JSON.parse(line).msg)
}

function tells(tracker: TrackerProcess, event: string, letter: string): Promise<string> {
  return tracker.printed((line) => line.includes(`"msg":"${event}"`) && line.includes(hexOf(letter)))
}

describe('the debug log', () => {
  it.each([
    ['without a database', {}],
    ['with persistent counts', KEPT],
  ])('tells of torrents that come, go and are completed, %s', async (_, parts) => {
    const tracker = await ready(at('debug', aDocument({ ...BOTH, ...parts })))
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    await client.announce({ infoHash: infoHash('a'), event: NONE })
    await client.announce({ infoHash: infoHash('a'), event: COMPLETED, left: 0n })
    const path = `/announce?info_hash=${'b'.repeat(20)}&peer_id=${'p'.repeat(20)}&port=6881&left=1`
    const request = (event: string): string => `GET ${path}${event} HTTP/1.1\r\nHost: tracker\r\n\r\n`
    await converse(tracker.http[0] ?? '', request(''))
    await tells(tracker, 'torrent added', 'b')
    await converse(tracker.http[0] ?? '', request('&event=stopped'))
    await tells(tracker, 'torrent removed', 'b')
    await tells(tracker, 'torrent completed', 'a')
    expect(told(tracker, 'a')).toEqual(['torrent added', 'torrent completed'])
    expect(told(tracker, 'b')).toEqual(['torrent added', 'torrent removed'])
    await client.announce({ infoHash: infoHash('c'), event: NONE })
    client.close()
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    // The last events are logged before the end.
    expect(told(tracker, 'c')).toEqual(['torrent added'])
  })

  it('does not mention torrents at a higher level', async () => {
    const tracker = await ready(at('info', aDocument(BOTH)))
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    await client.announce({ infoHash: infoHash('a'), event: STOPPED })
    await client.announce({ infoHash: infoHash('a'), event: NONE })
    client.close()
    await tracker.stop()
    expect(tracker.log.filter(({ target }) => target === 'EVENTS')).toEqual([])
  })
})

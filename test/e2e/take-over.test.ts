// A tracker that takes over from another under load: every announce is answered, and no peer is lost.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { Crowd } from './crowd.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'

const TAKE_OVER = { args: ['serve', '--take-over'] }
/** For each protocol, before, between and after. */
const ANNOUNCES = 500

function portOf(url = ''): string {
  return new URL(url).host
}

describe.each(DRIVERS)('a take-over with the %s driver', (driver) => {
  it('answers every announce and loses no peer, twice in a row and with other numbers of threads', async () => {
    const directory = aFolder()
    let tracker = await ready(aDocument({ udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], driver }), { directory })
    const [udp, http] = [portOf(tracker.udp[0]), portOf(tracker.http[0])]
    const document = aDocument({ udp: [udp], http: [http], driver })
    const crowd = new Crowd(tracker.udp[0] ?? '', tracker.http[0] ?? '', { udp: 8, http: 8 })
    await crowd.goesOnFor(ANNOUNCES)
    for (const threads of ['udp = 1\nhttp = 3', 'udp = 3\nhttp = 3']) {
      const next = await ready(document.replace('udp = 2\nhttp = 2', threads), { directory, ...TAKE_OVER })
      expect(await tracker.ended).toEqual({ code: 0, signal: null })
      await crowd.goesOnFor(ANNOUNCES)
      tracker = next
    }
    await crowd.end()
    expect(crowd.failures).toEqual([])
    expect(await crowd.peersKnownTo(tracker.http[0] ?? '')).toBeGreaterThanOrEqual(crowd.peers * 0.999)
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
  })
})

describe('a take-over', () => {
  it('is an ordinary start if no tracker is running', async () => {
    const tracker = await ready(aDocument({ udp: ['127.0.0.1:0'] }), TAKE_OVER)
    expect(tracker.lines.join('\n')).toContain('nothing to take over')
  })

  it('does not affect the old tracker if the new one cannot start', async () => {
    const directory = aFolder()
    const old = await ready(aDocument({ udp: ['127.0.0.1:0'] }), { directory })
    const holder = createSocket('udp4').bind(0, '127.0.0.1')
    await once(holder, 'listening')
    const document = aDocument({ udp: [portOf(old.udp[0]), `127.0.0.1:${holder.address().port}`] })
    const failing = launched(document, { directory, ...TAKE_OVER })
    expect((await failing.ended).code).toBe(1)
    holder.close()
    expect(old.isRunning).toBe(true)
    expect(await old.stop()).toEqual({ code: 0, signal: null })
  })

  it('must be requested: without it a port in use is an error', async () => {
    const directory = aFolder()
    const old = await ready(aDocument({ udp: ['127.0.0.1:0'] }), { directory })
    const second = launched(aDocument({ udp: [portOf(old.udp[0])] }), { directory })
    expect((await second.ended).code).toBe(1)
    expect(second.lines.join('\n')).toContain('in use')
    expect(second.lines.join('\n')).toContain('serves from the same data directory')
  })
})

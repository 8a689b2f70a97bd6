// A running tracker with a target rate: all threads hand out the interval of the control loop.

import { describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { aDocument } from './documents.ts'
import { ask } from './http-client.ts'
import { managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const TARGETED = '[core.announce_policy]\ntarget_announces_per_second = 1'
const LISTENERS = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'], hasApi: true }

async function intervalOverHttp(tracker: TrackerProcess): Promise<number> {
  return Number((await ask(tracker.http[0] ?? '', announceTarget(anInfoHash()))).get('interval'))
}

describe('a tracker with a target rate', () => {
  it('begins with short intervals, and lengthens them for every client as announces come in', async () => {
    await using tracker = await TrackerProcess.start(aDocument({ ...LISTENERS, more: TARGETED }))
    const udp = await UdpClient.open(tracker.udp[0] ?? '')
    const first = await udp.announce({ infoHash: anInfoHash(), port: 7000 })
    expect(first.intervalSeconds).toBeGreaterThanOrEqual(300)
    expect(first.intervalSeconds).toBeLessThan(450)

    // Each announce takes a second of the target; with jitter they reach 300 + 400 / 1.1 s.
    const infoHash = anInfoHash()
    for (let port = 7001; port <= 7400; port++)
      await udp.announce({ infoHash, port, peerId: `-XX0000-${port}`.padEnd(20, '0') })
    const deadline = Date.now() + 20_000
    let interval = 0
    while (interval < 600 && Date.now() < deadline) interval = await intervalOverHttp(tracker)
    expect(interval).toBeGreaterThanOrEqual(600)
    expect((await udp.announce({ infoHash, port: 7001 })).intervalSeconds).toBeGreaterThanOrEqual(500)
    udp.close()

    const metrics = String(await managementOf(tracker).call('getMetrics'))
    const inForce = Number(/^muster_announce_interval_seconds (\d+)$/m.exec(metrics)?.[1])
    expect(inForce).toBeGreaterThan(500)
  })
})

describe('a tracker without one', () => {
  it('has a constant interval', async () => {
    await using tracker = await TrackerProcess.start(aDocument(LISTENERS))
    expect(await intervalOverHttp(tracker)).toBeGreaterThanOrEqual(1800)
    expect(String(await managementOf(tracker).call('getMetrics'))).toContain(
      '\nmuster_announce_interval_seconds 1800\n',
    )
  })
})

// How long a connection id is valid for the running tracker: ids of other times are generated with the key in its data
// directory (BU-20, BU-21).

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ConnectionIds } from '../../src/adapters/protocol/udp/connection-id.ts'
import { announceDatagram, errorText } from '../fixtures/udp-datagrams.ts'
import { aDocument, DRIVERS } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const SLOT_SECONDS = 32
/** 127.0.0.1 as a little-endian word. */
const LOOPBACK = 0x0100007f

/** An id as the tracker would have issued it to 127.0.0.1. */
function idIssued(tracker: TrackerProcess, secondsAgo: number): Buffer {
  const ids = new ConnectionIds(readFileSync(join(tracker.directory, 'storage/tracker/lib/connection-id.key')))
  ids.setTime(Math.floor(Date.now() / 1000) - secondsAgo)
  ids.issue(false, LOOPBACK, 0)
  const id = Buffer.alloc(8)
  id.writeInt32BE(ids.high)
  id.writeInt32BE(ids.low, 4)
  return id
}

describe.each(DRIVERS)('with the %s driver', (driver) => {
  let tracker: TrackerProcess
  let client: UdpClient

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ udp: ['127.0.0.1:0'], driver }))
    client = await UdpClient.open(tracker.udp[0] ?? '')
  })
  afterAll(async () => {
    client.close()
    await tracker[Symbol.asyncDispose]()
  })

  it.each([
    ['a moment', 0],
    ['two minutes', 120],
    ['59 minutes', 59 * 60],
  ])('an id of %s ago is good', async (_when, secondsAgo) => {
    const answer = await client.ask(announceDatagram(idIssued(tracker, secondsAgo), { infoHash: anInfoHash() }))
    expect(answer.readUInt32BE(0)).toBe(1)
  })

  it.each([
    ['beyond the maximum age', 3600 + 64],
    ['a day old', 24 * 3600],
    ['from three slots ahead', -3 * SLOT_SECONDS],
  ])('an id %s is refused', async (_which, secondsAgo) => {
    const infoHash = anInfoHash()
    const answer = await client.ask(announceDatagram(idIssued(tracker, secondsAgo), { infoHash }))
    expect(errorText(answer)).toBe('Connection ID mismatch.')
    expect(await client.scrape(infoHash)).toEqual([{ seeders: 0, completed: 0, leechers: 0 }])
  })
})

describe.each(DRIVERS)('three listeners of the %s driver', (driver) => {
  const LIFETIMES = `
[[udp_trackers]]
bind_address = "127.0.0.1:0"
cookie_lifetime = 120
[[udp_trackers]]
bind_address = "127.0.0.1:0"
cookie_lifetime = { secs = 600, nanos = 0 }
[[udp_trackers]]
bind_address = "127.0.0.1:0"
`
  let tracker: TrackerProcess
  let clients: UdpClient[]

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ driver, more: LIFETIMES }))
    clients = await Promise.all(tracker.udp.map((url) => UdpClient.open(url)))
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await tracker[Symbol.asyncDispose]()
  })

  it.each([
    [0, [true, true, true]],
    [120, [true, true, true]],
    [300, [false, true, true]],
    [599, [false, true, true]],
    [900, [false, false, true]],
    [59 * 60, [false, false, true]],
    [3700, [false, false, false]],
  ])(
    'each accept an id of %d s ago for their own lifetime, requests arriving together',
    async (secondsAgo, accepted) => {
      const announce = announceDatagram(idIssued(tracker, secondsAgo), { infoHash: anInfoHash() })
      const answers = await Promise.all(clients.map((client) => client.ask(announce)))
      expect(answers.map((answer) => answer.readUInt32BE(0) === 1)).toEqual(accepted)
    },
  )
})

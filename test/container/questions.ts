// Run in the container's network by run.ts: `node questions.ts OPTIONS`, which are JSON. Asks each service what a
// client would, and fails at the first wrong answer. Prints as JSON what the next container on the same volume must
// still know.

import { strict as assert } from 'node:assert'
import { ask } from '../e2e/http-client.ts'
import { anInfoHash, UdpClient } from '../e2e/udp-client.ts'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { announceDatagram, compactPeers, type ScrapeRow } from '../fixtures/udp-datagrams.ts'

export interface ProbeOptions {
  /** Of the management API. */
  readonly token: string
  readonly hasDatabase: boolean
  /** Where the health API listens: at every address, or only at 127.0.0.1. */
  readonly health: 'everywhere' | 'inside'
  readonly earlier?: Traces
}

/** What a tracker must still know after a restart. */
export interface Traces {
  readonly connectionId: string
  readonly infoHash: string
  readonly peers: readonly string[]
  readonly scrape: ScrapeRow
}

const UDP = 'udp://127.0.0.1:6969'
const HTTP = 'http://127.0.0.1:7070'
// Not the address of services that are for the container only.
const API = 'http://127.0.0.2:1212/api'

const [argument = '{}'] = process.argv.slice(2)
const { token, hasDatabase, health, earlier }: ProbeOptions = JSON.parse(argument)
const HEALTH = `http://127.0.0.${health === 'inside' ? 1 : 2}:1313`

const client = await UdpClient.open(UDP)
const infoHash = anInfoHash()
const seeder = { infoHash, port: 7001, peerId: '-XX0000-000000007001' }

async function readJson(url: string) {
  return JSON.parse(await (await fetch(url)).text())
}

function call(path: string, options: RequestInit = {}) {
  return fetch(`${API}${path}`, { ...options, headers: { Authorization: `Bearer ${token}` } })
}

function enlist() {
  return call('/v2/whitelist', {
    method: 'POST',
    body: new Blob([JSON.stringify({ info_hash: infoHash.toString('hex') })], { type: 'application/json' }),
  })
}

const questions: Readonly<Record<string, () => Promise<void>>> = {
  'a connection id of the previous container is still valid': async () => {
    if (earlier === undefined) return
    const fields = { infoHash: anInfoHash(), port: 7003, peerId: '-XX0000-000000007003', event: 3 }
    const answer = await client.ask(announceDatagram(Buffer.from(earlier.connectionId, 'hex'), fields))
    assert.equal(answer.readUInt32BE(0), 1, `refused: ${answer.toString('latin1', 8)}`)
  },
  'peers, counts and lists of the previous container are still there': async () => {
    if (earlier === undefined) return
    const known = Buffer.from(earlier.infoHash, 'hex')
    assert.deepEqual(await client.scrape(known), [earlier.scrape])
    const asker = { infoHash: known, port: 7003, peerId: '-XX0000-000000007003' }
    assert.deepEqual((await client.announce(asker)).peers.sort(), earlier.peers)
    await client.announce({ ...asker, event: 3 })
    assert.equal((await call(`/v2/whitelist/${earlier.infoHash}`)).status, 200)
  },
  'peers over UDP and HTTP see each other': async () => {
    assert.deepEqual((await client.announce(seeder)).peers, [])
    const reply = await ask(HTTP, announceTarget(infoHash, { port: '7002', peer_id: '-XX0000-000000007002' }))
    assert.deepEqual(compactPeers(Buffer.from(String(reply.get('peers')), 'latin1'), 6), ['127.0.0.1:7001'])
    const again = await client.announce({ ...seeder, event: 1, left: 0n })
    assert.deepEqual(again.peers, ['127.0.0.1:7002'])
    assert.deepEqual(await client.scrape(infoHash), [{ seeders: 1, completed: 1, leechers: 1 }])
  },
  'REST v1 reports statistics to clients with the token': async () => {
    const stats = await readJson(`${API}/v1/stats?token=${token}`)
    assert.deepEqual([stats.torrents > 0, stats.udp4_connections_handled > 0], [true, true])
    assert.match(await (await fetch(`${API}/v1/stats?token=${token}x`)).text(), /token not valid/)
  },
  'REST v2 adds a torrent to the whitelist, if there is a database': async () => {
    assert.equal((await fetch(`${API}/v2/whitelist`)).status, 401)
    assert.equal((await enlist()).status, hasDatabase ? 201 : 409)
  },
  'every service is healthy': async () => {
    const { status, details } = await readJson(`${HEALTH}/health_check`)
    assert.equal(status, 'Ok')
    const services = details.map(
      (each: Record<string, unknown>) => `${each['service_type']} ${each['service_binding']}`,
    )
    assert.deepEqual(services.sort(), [
      'http_tracker http://0.0.0.0:7070/',
      'tracker_rest_api http://0.0.0.0:1212/',
      'udp_tracker udp://0.0.0.0:6969',
    ])
    for (const state of ['live', 'ready']) assert.equal((await readJson(`${HEALTH}/${state}z`)).status, state)
  },
}

for (const [claim, isSo] of Object.entries(questions)) {
  await isSo().catch((cause: unknown) => {
    throw new Error(`not so: ${claim}`, { cause })
  })
}

const traces: Traces = {
  connectionId: (await client.connectionId()).toString('hex'),
  infoHash: infoHash.toString('hex'),
  peers: ['127.0.0.1:7001', '127.0.0.1:7002'],
  scrape: { seeders: 1, completed: 1, leechers: 1 },
}
console.log(JSON.stringify(traces))
client.close()

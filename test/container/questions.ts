// Run in the container's network by run.ts: asks each service what a client would, and fails with the first wrong answer. Prints
// a connection id, which the next container is handed: `node questions.ts [CONNECTION_ID]`.

import { strict as assert } from 'node:assert'
import { ask, get } from '../e2e/http-client.ts'
import { anInfoHash, UdpClient } from '../e2e/udp-client.ts'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { announceDatagram, compactPeers, readAnnounceAnswer } from '../fixtures/udp-datagrams.ts'

const UDP = 'udp://127.0.0.1:6969'
const HTTP = 'http://127.0.0.1:7070'

const [earlierId] = process.argv.slice(2)
const client = await UdpClient.open(UDP)

const questions: Readonly<Record<string, () => Promise<void>>> = {
  'peers over UDP and HTTP see each other': async () => {
    const infoHash = anInfoHash()
    const first = await client.announce({ infoHash, port: 7001, peerId: '-XX0000-000000007001' })
    assert.deepEqual(first.peers, [])
    const reply = await ask(HTTP, announceTarget(infoHash, { port: '7002', peer_id: '-XX0000-000000007002' }))
    assert.deepEqual(compactPeers(Buffer.from(String(reply.get('peers')), 'latin1'), 6), ['127.0.0.1:7001'])
    const again = await client.announce({ infoHash, port: 7001, peerId: '-XX0000-000000007001', event: 0 })
    assert.deepEqual(again.peers, ['127.0.0.1:7002'])
  },
  'the HTTP tracker is healthy': async () => {
    assert.equal((await get(HTTP, '/health_check')).status, 200)
  },
  'a connection id of the container before is still good': async () => {
    if (earlierId === undefined) return
    const fields = { infoHash: anInfoHash(), port: 7003, peerId: '-XX0000-000000007003' }
    const answer = await client.ask(announceDatagram(Buffer.from(earlierId, 'hex'), fields))
    assert.equal(answer.readUInt32BE(0), 1, `refused: ${answer.toString('latin1', 8)}`)
    assert.deepEqual(readAnnounceAnswer(answer, client.stride).peers, [])
  },
}

for (const [claim, isSo] of Object.entries(questions)) {
  await isSo().catch((cause: unknown) => {
    throw new Error(`not so: ${claim}`, { cause })
  })
}
console.log((await client.connectionId()).toString('hex'))
client.close()

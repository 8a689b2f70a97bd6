// Run by .ci/run after everything else: `npm start` as in the README, without any configuration; then a UDP and an HTTP
// announce of the same torrent must see each other.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { ask } from './http-client.ts'
import { ROOT } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

// Its own process group: npm does not reliably pass signals on to its child.
const npm = spawn('npm', ['start'], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = once(npm, 'close')
const started = new Set<string>()
await new Promise<void>((done, fail) => {
  ended.then(() => fail(new Error('npm start has ended')))
  createInterface(npm.stdout).on('line', (line) => {
    console.log(line)
    const url = /Started on: ((?:udp|http):\/\/0\.0\.0\.0:\d+)/.exec(line)?.[1]
    if (url !== undefined) started.add(url.replace('0.0.0.0', '127.0.0.1'))
    if (started.size === 2) done()
  })
})

try {
  const [udp = '', http = ''] = [...started].sort().reverse()
  const infoHash = anInfoHash()
  const client = await UdpClient.open(udp)
  const first = await client.announce({ infoHash, port: 7001, peerId: '-XX0000-000000007001' })
  expect('peers of the first client', first.peers, [])
  const other = { port: '7002', peer_id: '-XX0000-000000007002' }
  const reply = await ask(http, announceTarget(infoHash, other))
  const peers = compactPeers(Buffer.from(String(reply.get('peers')), 'latin1'), 6)
  expect('peers over HTTP', peers, ['127.0.0.1:7001'])
  const again = await client.announce({ infoHash, port: 7001, peerId: '-XX0000-000000007001', event: 0 })
  expect('peers over UDP', again.peers, ['127.0.0.1:7002'])
  client.close()
} finally {
  if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, 'SIGTERM')
  await ended
}

function expect(what: string, seen: readonly string[], wanted: readonly string[]): void {
  console.log(`${what}: ${JSON.stringify(seen)}`)
  if (seen.join() !== wanted.join()) throw new Error(`${what}: ${JSON.stringify(wanted)} expected`)
}

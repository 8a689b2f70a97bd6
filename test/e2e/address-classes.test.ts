// Which peers each client receives, by class of address (SEC-14). A trusted proxy reports each client's address.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { compactPeers } from '../fixtures/udp-datagrams.ts'
import { aDocument } from './documents.ts'
import { ask } from './http-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

const LISTENER = `
[[http_trackers]]
bind_address = "127.0.0.1:0"
[http_trackers.network]
on_reverse_proxy = true
trusted_proxies = ["127.0.0.0/8"]
[network]
ranges = { office = ["10.8.0.0/16", "fd00:8::/32"], lab = ["198.18.0.0/15", "2600:77::/32"] }
`

/** For each class, two addresses that can reach each other. */
const CLASSES = {
  global: ['99.1.1.1', '2600::1'],
  private: ['192.168.7.7', 'fd00:9::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.0.1'],
  Yggdrasil: ['200::1', '3ff:ffff::1'],
  office: ['10.8.255.1', 'fd00:8::1'],
  lab: ['198.19.0.1', '2600:77::1'],
} as const

const REQUESTERS = [
  { from: '99.2.2.2', sees: ['global'] },
  { from: '2601::2', sees: ['global'] },
  { from: '64:ff9b::99.2.2.2', sees: ['global'] },
  { from: '10.9.0.1', sees: ['global', 'private', 'carrier-grade NAT'] },
  { from: '100.65.0.1', sees: ['global', 'private', 'carrier-grade NAT'] },
  { from: '201::7', sees: ['global', 'Yggdrasil'] },
  { from: '10.8.0.1', sees: ['office'] },
  { from: '64:ff9b::10.8.0.1', sees: ['office'] },
  { from: 'fd00:8:ffff::1', sees: ['office'] },
  { from: '198.18.0.1', sees: ['lab'] },
  { from: '2600:77:0:1::', sees: ['lab'] },
] as const

function canonical(address: string): string {
  return new URL(`http://${address.includes(':') ? `[${address}]` : address}`).hostname
}

let tracker: TrackerProcess

async function announce(infoHash: Buffer, from: string, peerId: string): Promise<string[]> {
  const target = announceTarget(infoHash, { peer_id: peerId.padEnd(20, '-') })
  const reply = await ask(tracker.http[0] ?? '', target, [`X-Forwarded-For: ${from}`])
  expect(reply.get('failure reason')).toBeUndefined()
  const of = (key: string, stride: 6 | 18) => compactPeers(Buffer.from(String(reply.get(key) ?? ''), 'latin1'), stride)
  return [...of('peers', 6), ...of('peers6', 18)].map((peer) =>
    canonical(peer.replace(/:\d+$/, '').replace(/[[\]]/g, '')),
  )
}

describe('a swarm of peers with addresses of all classes', () => {
  const infoHash = anInfoHash()

  beforeAll(async () => {
    tracker = await TrackerProcess.start(aDocument({ more: LISTENER }))
    for (const [index, address] of Object.values(CLASSES).flat().entries()) {
      await announce(infoHash, address, `member-${index}`)
    }
  })
  afterAll(() => tracker[Symbol.asyncDispose]())

  it.each(REQUESTERS)('shows $from only peers of classes $sees', async ({ from, sees }) => {
    const seen = sees.flatMap((name) => CLASSES[name]).map(canonical)
    expect((await announce(infoHash, from, 'requester')).toSorted()).toEqual(seen.toSorted())
    await ask(
      tracker.http[0] ?? '',
      announceTarget(infoHash, { peer_id: 'requester'.padEnd(20, '-'), event: 'stopped' }),
      [`X-Forwarded-For: ${from}`],
    )
  })

  it('hands a client behind NAT64 out at its IPv4 address', async () => {
    const other = anInfoHash()
    await announce(other, '64:ff9b::99.3.3.3', 'behind-NAT64')
    expect(await announce(other, '99.2.2.2', 'requester')).toEqual(['99.3.3.3'])
  })
})

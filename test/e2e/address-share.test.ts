// How many entries one address has in a torrent (SEC-20), by configuration. A trusted proxy reports each client's
// address.

import { describe, expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
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
`

/** Entries that an address has in a torrent after it announced for 20 clients. */
async function entriesOf(tracker: TrackerProcess, from: string): Promise<number> {
  const infoHash = anInfoHash()
  let entries = 0
  for (let n = 0; n < 20; n++) {
    const target = announceTarget(infoHash, { peer_id: `client-${n}`.padEnd(20, '-'), port: String(7000 + n) })
    const reply = await ask(tracker.http[0] ?? '', target, [`X-Forwarded-For: ${from}`])
    expect(reply.get('failure reason')).toBeUndefined()
    entries = Number(reply.get('incomplete'))
  }
  return entries
}

describe('an address', () => {
  it.each([
    ['', { '99.1.1.1': 16, '2600::1': 16, '10.1.1.1': 20, '127.0.0.1': 20 }],
    ['[limits]\nmax_peers_per_address = 0', { '99.1.1.1': 20 }],
    ['[limits]\nmax_peers_per_address = 4\napply_to_private = true', { '99.1.1.1': 4, '10.1.1.1': 4, 'fd00::1': 4 }],
  ])('has a number of entries in a torrent, with %j', async (limits, expected) => {
    await using tracker = await TrackerProcess.start(aDocument({ more: `${LISTENER}${limits}` }))
    for (const [from, entries] of Object.entries(expected)) expect(await entriesOf(tracker, from)).toBe(entries)
  })
})

// Run on its own, on another machine of a test network: `node await-counts.ts URL HASH COUNTS` scrapes a tracker until
// `seeders/completed/leechers` are as expected. Fails if they never are.

import { scrapeTarget } from '../fixtures/announce-targets.ts'
import type { BencodedMap } from '../fixtures/bencode.ts'
import { ask } from './http-client.ts'
import { UdpClient } from './udp-client.ts'

const TIMEOUT_MS = 30_000
const PAUSE_MS = 100

const [url = '', hex = '', wanted = ''] = process.argv.slice(2)
const infoHash = Buffer.from(hex, 'hex')
const overUdp = url.startsWith('udp:') ? await UdpClient.open(url) : undefined

async function counts(): Promise<string> {
  if (overUdp !== undefined) {
    const [row] = await overUdp.scrape(infoHash)
    return `${row?.seeders}/${row?.completed}/${row?.leechers}`
  }
  const files = (await ask(url, scrapeTarget(infoHash))).get('files') as BencodedMap
  const row = files.get(infoHash.toString('latin1')) as BencodedMap
  return `${row.get('complete')}/${row.get('downloaded')}/${row.get('incomplete')}`
}

const deadline = Date.now() + TIMEOUT_MS
let seen = await counts()
while (seen !== wanted && Date.now() < deadline) {
  await new Promise((wake) => setTimeout(wake, PAUSE_MS))
  seen = await counts()
}
if (seen !== wanted) {
  console.error(`the tracker counts ${seen}, not ${wanted}`)
  process.exitCode = 1
}
overUdp?.close()

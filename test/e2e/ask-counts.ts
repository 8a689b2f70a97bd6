// Run by itself, on another machine of a test network: `node ask-counts.ts URL HASH` scrapes a tracker and prints the counts
// as `seeders/completed/leechers`.

import { scrapeTarget } from '../fixtures/announce-targets.ts'
import type { BencodedMap } from '../fixtures/bencode.ts'
import { ask } from './http-client.ts'
import { UdpClient } from './udp-client.ts'

const [url = '', hex = ''] = process.argv.slice(2)
const infoHash = Buffer.from(hex, 'hex')

if (url.startsWith('udp:')) {
  const client = await UdpClient.open(url)
  const [row] = await client.scrape(infoHash)
  console.log(`${row?.seeders}/${row?.completed}/${row?.leechers}`)
  client.close()
} else {
  const files = (await ask(url, scrapeTarget(infoHash))).get('files') as BencodedMap
  const row = files.get(infoHash.toString('latin1')) as BencodedMap
  console.log(`${row.get('complete')}/${row.get('downloaded')}/${row.get('incomplete')}`)
}

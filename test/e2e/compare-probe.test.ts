// What the probe of `npm run bench -- compare` finds out about Muster.

import { describe, expect, it } from '@jest/globals'
import { readContender } from '../bench/compare/contender.ts'
import { probe, probeTable } from '../bench/compare/probe.ts'
import { aDocument } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'

describe('the correctness probe', () => {
  it.each([
    ['udp', '127.0.0.1:0'],
    ['udp', '[::1]:0'],
    ['http', '127.0.0.1:0'],
    ['http', '[::1]:0'],
  ] as const)('asks a tracker the same questions over %s at %s', async (protocol, address) => {
    await using tracker = await TrackerProcess.start(aDocument({ [protocol]: [address] }))
    const path = protocol === 'http' ? '/announce' : ''
    const result = await probe(readContender(`muster=${tracker[protocol][0]}${path}:${tracker.pid}`), [])
    expect(result.peers.slice(0, 2)).toEqual([10, 50])
    expect(result).toMatchObject({
      seedersForSeeder: 0,
      leechersForSeeder: 5,
      hasOwnAddress: false,
      forgedId: protocol === 'udp' ? 'error' : '-',
    })
    expect(result.scraped.slice(0, 3)).toEqual([1, 10, 74])
    expect(probeTable([{ name: 'muster', result }]).rows[0]).toContain('0, 5')
    await tracker.stop()
  })
})

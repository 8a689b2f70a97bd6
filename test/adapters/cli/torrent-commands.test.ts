import { afterEach, describe, expect, it } from '@jest/globals'
import { Counter } from '../../../src/adapters/protocol/metrics/counters.ts'
import { type InfoHash, readInfoHash } from '../../../src/domain/info-hash.ts'
import { closeAll, listen, READER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

function hash(start: string): InfoHash {
  return readInfoHash(start.padEnd(40, '0')) as InfoHash
}

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen({ clientName: () => 'qBittorrent\u001b[2J' })
  for (const [start, seeders] of [
    ['c', 1],
    ['a', 5],
    ['ab', 3],
  ] as const) {
    ports.torrents.all.push({
      infoHash: hash(start),
      seeders,
      leechers: 0,
      completed: 10 * seeders,
      peers: [
        {
          peerId: Buffer.from('-qB5010-abcdefghijkl'),
          endpoint: Buffer.from('c0a80158448c', 'hex'),
          uploaded: 9_007_199_254_740_993n,
          downloaded: 2n,
          left: 0n,
          event: 'started',
          lastAnnounceSeconds: 1_700_000_000,
        },
      ],
    })
  }
  ports.counters.add(Counter.udp4_connects, 2)
  return { run: apiLine(url, READER) }
}

describe('muster torrents', () => {
  it.each([
    ['', ['a', 'ab', 'c']],
    [' --prefix A', ['a', 'ab']],
    [' --sort seeders', ['a', 'ab', 'c']],
    [' --sort completed --limit 1', ['a']],
    [' --all', ['a', 'ab', 'c']],
  ])('lists torrents:%s', async (options, starts) => {
    const { run } = await tracker()
    const { exitCode, out } = await run(`torrents list${options}`)
    expect([
      exitCode,
      out
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ]).toEqual([0, starts.map(hash)])
  })

  it('aligns counts to the right in its table', async () => {
    const { run } = await tracker()
    const { out } = await run('torrents list --sort seeders', { isTerminal: true })
    expect(out).toContain(`│ ${hash('a')} │       5 │        0 │        50 │`)
  })

  it('writes a line for each torrent, or a JSON line', async () => {
    const { run } = await tracker()
    expect((await run('torrents list --prefix c')).out).toBe(`${hash('c')}\t1\t0\t10\n`)
    expect(JSON.parse((await run('torrents list --prefix c --json')).out)).toEqual({
      info_hash: hash('c'),
      seeders: 1,
      leechers: 0,
      completed: 10,
    })
  })

  it('shows a torrent and its peers, without control characters', async () => {
    const { run } = await tracker()
    const [torrent, peer] = (await run(`torrents show urn:btih:${hash('c')}`)).out.split('\n')
    expect(torrent).toBe(`${hash('c')}\t1\t0\t10`)
    expect(peer).toMatch(/^192\.168\.1\.88:17548\tqBittorrent\?\[2J\t0\t9007199254740993\t2\tstarted\t2023-11-14T/)
    const table = (await run(`torrents show ${hash('c')}`, { isTerminal: true })).out
    expect(table).toContain(`│ Info hash │ ${hash('c')} │`)
    expect(table).toContain('│ 192.168.1.88:17548 │ qBittorrent?[2J │')
    const json = JSON.parse((await run(`torrents show ${hash('c')} --json --peers 0`)).out)
    expect(json).toMatchObject({ info_hash: hash('c'), peers: [] })
  })

  it('exits with 1 if a torrent has not been announced', async () => {
    const { run } = await tracker()
    expect(await run(`torrents show ${hash('d')}`)).toEqual({
      exitCode: 1,
      out: '',
      err: 'This torrent has not been announced.\n',
    })
  })
})

import { describe, expect, it } from '@jest/globals'
import { COUNTER_NAMES } from '../../../../../src/adapters/protocol/metrics/counters.ts'
import { type InfoHash, readInfoHash } from '../../../../../src/domain/info-hash.ts'
import { anApp } from '../rest-fixture.ts'

function hash(digits: string): InfoHash {
  const infoHash = readInfoHash(digits.padEnd(40, '0'))
  if (infoHash === undefined) throw new Error(digits)
  return infoHash
}

const SEEN = 1_699_999_000
const PEERS = [
  {
    peerId: Buffer.from('-qB4410-z_ShVVBTrT-d'),
    endpoint: Buffer.from('c00002011ae1', 'hex'),
    uploaded: 2n ** 64n - 1n,
    downloaded: 1n,
    left: 0n,
    event: 'completed',
    lastAnnounceSeconds: SEEN,
  },
  {
    peerId: new Uint8Array(20),
    endpoint: Buffer.from('20010db80000000000000000000000010050', 'hex'),
    uploaded: 0n,
    downloaded: 0n,
    left: 700n,
    event: 'none',
    lastAnnounceSeconds: SEEN,
  },
] as const

function withTorrents() {
  const opened = anApp()
  const add = (digits: string, seeders: number, leechers: number, completed: number) =>
    opened.ports.torrents.all.push({ infoHash: hash(digits), seeders, leechers, completed, peers: PEERS })
  add('bb', 1, 9, 0)
  add('aa01', 5, 0, 2)
  add('aa02', 5, 3, 2)
  add('cc', 0, 1, 7)
  return opened
}

type Page = { torrents: { info_hash: string }[]; next_cursor: string | null }

function hashesOf({ torrents }: Page) {
  return torrents.map(({ info_hash }) => info_hash.replace(/0+$/, ''))
}

describe('torrents', () => {
  it.each([
    ['', ['aa01', 'aa02', 'bb', 'cc']],
    ['?prefix=AA', ['aa01', 'aa02']],
    ['?sort=seeders', ['aa01', 'aa02', 'bb', 'cc']],
    ['?sort=leechers', ['bb', 'aa02', 'cc', 'aa01']],
    ['?sort=completed&prefix=a', ['aa01', 'aa02']],
    ['?sort=completed', ['cc', 'aa01', 'aa02', 'bb']],
  ])('are listed by %s', async (query, hashes) => {
    const { ask } = withTorrents()
    const page = (await (await ask(`/api/v2/torrents${query}`)).json()) as Page
    expect(hashesOf(page)).toEqual(hashes)
    expect(page.next_cursor).toBeNull()
  })

  it.each(['info_hash', 'seeders', 'leechers', 'completed'])('are paged in the order of %s', async (sort) => {
    const { ask } = withTorrents()
    const whole = (await (await ask(`/api/v2/torrents?sort=${sort}`)).json()) as Page
    const pieces: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = (await (await ask(`/api/v2/torrents?sort=${sort}&limit=2${more}`)).json()) as Page
      pieces.push(...hashesOf(page))
      cursor = page.next_cursor
    }
    expect(pieces).toEqual(hashesOf(whole))
  })

  it('are not listed by a cursor that was changed, or is from another order', async () => {
    const { ask } = withTorrents()
    const { next_cursor } = (await (await ask('/api/v2/torrents?limit=1')).json()) as Page
    const cursor = next_cursor ?? ''
    const changed = `${cursor.slice(0, 4)}${cursor[4] === 'A' ? 'B' : 'A'}${cursor.slice(5)}`
    for (const query of [
      `sort=seeders&cursor=${cursor}`,
      `cursor=${changed}`,
      `cursor=${cursor}A`,
      'cursor=',
      'cursor=%00',
    ]) {
      const response = await ask(`/api/v2/torrents?${query}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ path: 'cursor' }] })
    }
  })

  it('are shown individually with their peers', async () => {
    const { ask } = withTorrents()
    const response = await ask(`/api/v2/torrents/${hash('BB')}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      info_hash: hash('bb'),
      seeders: 1,
      leechers: 9,
      completed: 0,
      peers: [
        {
          address: '192.0.2.1:6881',
          peer_id: Buffer.from('-qB4410-z_ShVVBTrT-d').toString('hex'),
          client: 'a client',
          left: '0',
          uploaded: '18446744073709551615',
          downloaded: '1',
          event: 'completed',
          last_announce: '2023-11-14T21:56:40Z',
        },
        {
          address: '[2001:db8::1]:80',
          peer_id: '0'.repeat(40),
          client: null,
          left: '700',
          uploaded: '0',
          downloaded: '0',
          event: 'none',
          last_announce: '2023-11-14T21:56:40Z',
        },
      ],
    })
  })

  it('are shown with the requested number of peers', async () => {
    const { ask } = withTorrents()
    expect(await (await ask(`/api/v2/torrents/${hash('bb')}?peers=0`)).json()).toMatchObject({ peers: [] })
    expect((await ask(`/api/v2/torrents/${hash('bb')}?peers=1001`)).status).toBe(400)
  })

  it('are found by a v2 hash, and the answer shows the truncation', async () => {
    const { ask } = withTorrents()
    const long = `${hash('bb')}${'F'.repeat(24)}`
    expect(await (await ask(`/api/v2/torrents/${long}`)).json()).toMatchObject({
      info_hash: hash('bb'),
      truncated_from: long.toLowerCase(),
    })
  })

  it('are not found when they have not been announced', async () => {
    const response = await withTorrents().ask(`/api/v2/torrents/${hash('dd')}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not-there' })
  })
})

describe('statistics', () => {
  it('are sums', async () => {
    const { ask, ports } = anApp()
    for (const index of COUNTER_NAMES.keys()) ports.counters.add(index, index + 1)
    const figures = (await (await ask('/api/v2/stats')).json()) as Record<string, unknown>
    expect(figures).toMatchObject({ torrents: 3, seeders: 5, ipv6_peers: 4, completed_persisted: 11 })
    expect(figures['counters']).toEqual(Object.fromEntries(COUNTER_NAMES.map((name, index) => [name, index + 1])))
    ports.statistics.figures = { ...ports.statistics.figures, completedPersisted: undefined }
    expect(await (await ask('/api/v2/stats')).json()).toMatchObject({ completed_persisted: null })
  })
})

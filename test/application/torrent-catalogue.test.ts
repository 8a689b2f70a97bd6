import { describe, expect, it } from '@jest/globals'
import { TorrentCatalogue } from '../../src/application/torrent-catalogue.ts'
import { AnnounceEvent, AnnounceRequest } from '../../src/domain/announce.ts'
import type { InfoHash } from '../../src/domain/info-hash.ts'
import type { TorrentRow, TorrentSearch, TorrentSort } from '../../src/domain/ports/inbound/torrent-queries.ts'
import type { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  fillRequest,
  hashWords,
  hex,
  twentyBytes,
} from '../model/announcing.ts'
import { memoryProblems } from '../model/check-memory.ts'
import { SeededRandom } from '../model/seeded-random.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

const SORTS: readonly TorrentSort[] = ['info_hash', 'seeders', 'leechers', 'completed']
const request = new AnnounceRequest()
const reply = aReply()

function aCatalogue(registry: SwarmRegistry, pause = new ShortPause(), clock = new StoppedClock(EPOCH)) {
  return new TorrentCatalogue(registry, { pause, clock, wallClock: clock })
}

async function rowsOf(catalogue: TorrentCatalogue, offset: number, limit: number): Promise<readonly TorrentRow[]> {
  const rows: TorrentRow[] = []
  for await (const piece of catalogue.list(offset, limit)) rows.push(...piece)
  return rows
}

function announce(registry: SwarmRegistry, changes: Partial<Announcing>) {
  return registry.announce(fillRequest(request, anAnnounce({ numwant: 0, ...changes })), reply)
}

function anyHash(random: SeededRandom): InfoHash {
  return Array.from({ length: 20 }, () => random.below(256).toString(16).padStart(2, '0')).join('') as InfoHash
}

/** Torrents with few different counts, so that many tie; and the same as rows, by hash. */
function manyTorrents(
  count: number,
  hashOf: (n: number, random: SeededRandom) => InfoHash = (_, chance) => anyHash(chance),
) {
  const registry = aRegistry()
  const random = new SeededRandom(9)
  const rows: TorrentRow[] = []
  for (let n = 0; n < count; n++) {
    const infoHash = hashOf(n, random)
    const row = { infoHash, seeders: random.below(3), leechers: random.below(3), completed: random.below(4) }
    if (row.completed > 0) registry.remember(hashWords(infoHash), 0, row.completed)
    for (let peer = 0; peer < row.seeders + row.leechers; peer++) {
      const endpoint = anEndpoint([20, 0, 0, peer], 6881)
      announce(registry, { infoHash, endpoint, peerId: twentyBytes(peer + 1), left: peer < row.seeders ? 0n : 1n })
    }
    if (row.seeders + row.leechers + row.completed > 0) rows.push(row)
  }
  rows.sort((a, b) => (a.infoHash < b.infoHash ? -1 : 1))
  const pause = new ShortPause()
  return { registry, rows, pause, catalogue: aCatalogue(registry, pause) }
}

/** The naive way: sort all, then cut. */
function naiveSearch(rows: readonly TorrentRow[], { prefix, sort, after, limit }: TorrentSearch): TorrentRow[] {
  const before = (a: TorrentRow, b: TorrentRow): number => {
    const byCount = sort === 'info_hash' ? 0 : b[sort] - a[sort]
    return byCount !== 0 ? byCount : a.infoHash < b.infoHash ? -1 : a.infoHash > b.infoHash ? 1 : 0
  }
  return rows
    .filter(({ infoHash }) => infoHash.startsWith(prefix))
    .filter((row) => after === undefined || before(after, row) < 0)
    .toSorted(before)
    .slice(0, limit)
}

describe('lists of all torrents', () => {
  const { rows, catalogue, pause } = manyTorrents(6_000)

  it.each([
    [0, 10],
    [5, 1],
    [999, 30],
    [1_001, 1_000],
    [3_333, 7],
    [0, 6_000],
    [2_500, 10_000],
  ])('hold the rows from %d on, %d of them, in ascending order of hashes', async (offset, limit) => {
    expect(await rowsOf(catalogue, offset, limit)).toEqual(rows.slice(offset, offset + limit))
  })

  it('end with the last torrent', async () => {
    const count = rows.length
    expect(await rowsOf(catalogue, count - 3, 100)).toEqual(rows.slice(-3))
    expect(await rowsOf(catalogue, count, 100)).toEqual([])
    expect(await rowsOf(catalogue, 10 * count, 100)).toEqual([])
    expect(await rowsOf(aCatalogue(aRegistry(), pause), 0, 10)).toEqual([])
  })

  it('are found among hashes with a common prefix of any length', async () => {
    const prefix = 'ab'.repeat(15)
    const alike = manyTorrents(
      3_000,
      (n, random) => `${prefix}${anyHash(random).slice(0, 6)}${twentyBytes(n).slice(4, 8)}` as InfoHash,
    )
    for (const offset of [0, 1_500, 2_500, 4_000]) {
      expect(await rowsOf(alike.catalogue, offset, 20)).toEqual(alike.rows.slice(offset, offset + 20))
    }
    const lastDigits = manyTorrents(2_000, (n) => `${'ff'.repeat(18)}${twentyBytes(n).slice(4, 8)}` as InfoHash)
    expect(await rowsOf(lastDigits.catalogue, 1_700, 5)).toEqual(lastDigits.rows.slice(1_700, 1_705))
  })

  it('let other work run while they are looked for', async () => {
    const before = pause.rests
    await rowsOf(catalogue, 3_000, 10)
    expect(pause.rests - before).toBeGreaterThan(3)
  })
})

describe('a search', () => {
  const { rows, catalogue, registry } = manyTorrents(4_000)
  const all = { prefix: '', after: undefined, limit: 50 }

  it.each(SORTS)('by %s shows every torrent once, page after page', async (sort) => {
    const seen: TorrentRow[] = []
    let after: TorrentRow | undefined
    do {
      const page: readonly TorrentRow[] = await catalogue.search({ ...all, sort, after, limit: 1_000 })
      seen.push(...page)
      after = page.length < 1_000 ? undefined : page.at(-1)
    } while (after !== undefined)
    expect(seen).toEqual(naiveSearch(rows, { ...all, sort, limit: 10_000 }))
  })

  it('finds what the naive search finds, for any prefix, order, position and length', async () => {
    const random = new SeededRandom(4)
    for (let n = 0; n < 60; n++) {
      const row = random.pick(rows)
      const search = {
        prefix: row.infoHash.slice(0, random.pick([0, 0, 1, 2, 3, 8, 9, 39, 40])),
        sort: random.pick(SORTS),
        after: random.oneIn(2) ? random.pick(rows) : undefined,
        limit: 1 + random.below(100),
      }
      expect(await catalogue.search(search)).toEqual(naiveSearch(rows, search))
    }
  })

  it('continues after a row that has changed or gone since', async () => {
    const gone = { infoHash: '7fffffff'.padEnd(40, '0') as InfoHash, seeders: 1, leechers: 77, completed: 0 }
    for (const sort of SORTS) {
      const search = { ...all, sort, after: gone }
      expect(await catalogue.search(search)).toEqual(naiveSearch(rows, search))
    }
  })

  it('changes nothing', () => {
    expect(memoryProblems(registry.memory)).toEqual([])
  })
})

describe('one torrent', () => {
  it('is returned with its counts and as many peers as are wanted', () => {
    const registry = aRegistry()
    const catalogue = aCatalogue(registry)
    const infoHash = twentyBytes(1) as InfoHash
    const host6 = anEndpoint([0x20, 1, ...new Array(14).fill(3)], 7000)
    for (let n = 0; n < 40; n++) {
      announce(registry, { endpoint: anEndpoint([20, 0, 0, n], 6881), peerId: twentyBytes(n + 1) })
    }
    announce(registry, {
      endpoint: host6,
      peerId: twentyBytes(99),
      event: AnnounceEvent.Paused,
      left: 5n,
      uploaded: 3n,
      downloaded: 2n,
      nowSeconds: EPOCH + 7,
    })
    const view = catalogue.torrent(infoHash, 100)
    expect(view).toMatchObject({ infoHash, seeders: 0, leechers: 41, completed: 0 })
    expect(view?.peers).toHaveLength(41)
    const last = view?.peers.find(({ endpoint }) => endpoint.length === 18)
    expect(last).toEqual({
      peerId: Uint8Array.from(Buffer.from(twentyBytes(99), 'hex')),
      endpoint: host6.bytes,
      uploaded: 3n,
      downloaded: 2n,
      left: 5n,
      event: 'paused',
      lastAnnounceSeconds: EPOCH + 7,
    })
    const few = catalogue.torrent(infoHash, 7)
    expect([few?.leechers, few?.peers.length, catalogue.torrent(infoHash, 0)?.peers]).toEqual([41, 7, []])
    expect(new Set(few?.peers.map(({ endpoint }) => hex(endpoint))).size).toBe(7)
    expect(catalogue.torrent(twentyBytes(2) as InfoHash, 10)).toBeUndefined()
  })

  it.each([0, 86_400, -3600])('shows dates by the present clock after it was set by %i s', (stepSeconds) => {
    const registry = aRegistry()
    const clock = new StoppedClock(EPOCH + 100)
    const catalogue = aCatalogue(registry, new ShortPause(), clock)
    announce(registry, { nowSeconds: EPOCH + 40 })
    clock.stepSeconds = stepSeconds
    const [peer] = catalogue.torrent(twentyBytes(1) as InfoHash, 1)?.peers ?? []
    expect(clock.wallSeconds() - (peer?.lastAnnounceSeconds ?? 0)).toBe(60)
  })

  it('or several are looked up by their hashes, in the requested order', () => {
    const { rows, catalogue } = manyTorrents(50)
    const unknown = 'ee'.repeat(20) as InfoHash
    const asked = [rows[3], rows[1], rows[3]]
    expect(catalogue.torrents([unknown, ...asked.map(({ infoHash }) => infoHash)])).toEqual(asked)
    expect(catalogue.torrents([])).toEqual([])
  })
})

import { beforeEach, describe, expect, it } from '@jest/globals'
import { RowBudget } from '../../src/application/row-budget.ts'
import { TorrentListing } from '../../src/application/torrent-listing.ts'
import { TorrentScans } from '../../src/application/torrent-scans.ts'
import { NEVER_CANCELLED } from '../../src/domain/cancellation.ts'
import type { InfoHash } from '../../src/domain/info-hash.ts'
import type { TorrentRow } from '../../src/domain/ports/inbound/torrent-queries.ts'
import type { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { hashWords } from '../model/announcing.ts'
import { SeededRandom } from '../model/seeded-random.ts'
import { aRegistry } from '../model/world.ts'

const TORRENTS = 7_300
/** Windows of half as many, so that a list of all takes several scans. */
const ROWS_HELD = 2_000

function hashOf(n: number): InfoHash {
  const random = new SeededRandom(n + 1)
  return Array.from({ length: 5 }, () =>
    random
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('') as InfoHash
}

/** A torrent without peers. */
function add(registry: SwarmRegistry, infoHash: InfoHash): TorrentRow {
  const completed = 1 + (Number.parseInt(infoHash.slice(0, 4), 16) % 1000)
  registry.remember(hashWords(infoHash), 0, completed)
  return { infoHash, seeders: 0, leechers: 0, completed }
}

function inOrder(rows: readonly TorrentRow[]): readonly TorrentRow[] {
  return rows.toSorted((one, other) => (one.infoHash < other.infoHash ? -1 : 1))
}

const registry = aRegistry()
const rows = inOrder(Array.from({ length: TORRENTS }, (_, n) => add(registry, hashOf(n))))

let pause: ShortPause
let scans: TorrentScans
let budget: RowBudget
let listing: TorrentListing

function begin(of: SwarmRegistry = registry): void {
  pause = new ShortPause()
  scans = new TorrentScans(of, pause)
  budget = new RowBudget(ROWS_HELD)
  listing = new TorrentListing(scans, budget)
}

async function taken(offset: number, limit: number, signal = NEVER_CANCELLED): Promise<TorrentRow[]> {
  const rows: TorrentRow[] = []
  for await (const piece of listing.list(offset, limit, signal)) rows.push(...piece)
  return rows
}

/** Rests of one scan. */
async function restsOfScan(): Promise<number> {
  const before = pause.rests
  await scans.scan(() => {}, NEVER_CANCELLED)
  return pause.rests - before
}

beforeEach(() => begin())

describe('a list of all torrents', () => {
  it.each([
    [0, 1],
    [0, 999],
    [0, 1_000],
    [0, 1_001],
    [0, TORRENTS - 1],
    [0, TORRENTS],
    [0, TORRENTS + 1],
    [0, 2 ** 32 - 1],
    [999, 5_000],
    [1_000, 5_000],
    [1_001, 5_000],
    [4_321, 2 ** 32 - 1],
    [TORRENTS - 1, 2 ** 32 - 1],
    [TORRENTS, 2 ** 32 - 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [0, 0],
  ])('from %d on, %d of them, is complete and in order', async (offset, limit) => {
    expect(await taken(offset, limit)).toEqual(rows.slice(offset, offset + limit))
    expect(budget.free).toBe(ROWS_HELD)
  })

  it('is complete when hashes were made up to be alike', async () => {
    const alike = aRegistry()
    const made = Array.from({ length: 5_000 }, (_, n) =>
      add(alike, `${'ab'.repeat(16)}${hashOf(n).slice(0, 8)}` as InfoHash),
    )
    begin(alike)
    expect(await taken(0, 2 ** 32 - 1)).toEqual(inOrder(made))
    expect(await taken(2_345, 2 ** 32 - 1)).toEqual(inOrder(made).slice(2_345))
  })

  it('takes one scan for each window, and none while its reader waits', async () => {
    const scan = await restsOfScan()
    const list = listing.list(0, TORRENTS, NEVER_CANCELLED)
    const before = pause.rests
    const seen: number[] = []
    for await (const piece of list) {
      expect(piece.length).toBeLessThanOrEqual(250)
      const rests = pause.rests
      await new Promise((resolve) => setImmediate(resolve))
      expect(pause.rests).toBe(rests)
      if (seen.at(-1) !== rests) seen.push(rests)
    }
    expect(seen.map((rests) => rests - before)).toEqual(Array.from({ length: 8 }, (_, n) => (n + 1) * scan))
  })

  it('holds no more rows than the budget, however many are in progress', async () => {
    const lists = Array.from({ length: 12 }, () => listing.list(0, TORRENTS, NEVER_CANCELLED))
    const firsts = await Promise.all(lists.map((list) => list.next()))
    for (const { value } of firsts) expect(value).toEqual(rows.slice(0, value?.length))
    // The smallest window is larger than half of what is left.
    expect(budget.free).toBe(ROWS_HELD - 1_000 - 500 * 11)
    const [first, ...others] = lists
    for (const list of others) await list.return(undefined)
    expect(budget.free).toBe(ROWS_HELD - 1_000)
    const rest: TorrentRow[] = [...(firsts[0].value ?? [])]
    for await (const piece of first) rest.push(...piece)
    expect(rest).toEqual(rows)
    expect(budget.free).toBe(ROWS_HELD)
  })

  it('shows once every torrent that exists all the time, whatever comes and goes', async () => {
    const changing = aRegistry()
    const staying = Array.from({ length: 4_000 }, (_, n) => add(changing, hashOf(n)))
    begin(changing)
    let next = 4_000
    pause.meanwhile = () => {
      for (let i = 0; i < 40 && next < 9_000; i++) add(changing, hashOf(next++))
    }
    const shown = await taken(0, 2 ** 32 - 1)
    const hashes = shown.map(({ infoHash }) => infoHash)
    expect(hashes).toEqual([...new Set(hashes)].toSorted())
    const set = new Set(hashes)
    expect(staying.filter(({ infoHash }) => !set.has(infoHash))).toEqual([])
  })

  it('does nothing before it is read', async () => {
    const list = listing.list(3_000, TORRENTS, NEVER_CANCELLED)
    await new Promise((resolve) => setImmediate(resolve))
    expect([pause.rests, budget.free]).toEqual([0, ROWS_HELD])
    await list.return(undefined)
    expect([pause.rests, budget.free]).toEqual([0, ROWS_HELD])
  })

  it.each([
    ['looking for its start', 3_000, 1],
    ['its first scan', 0, 1],
    ['a later scan', 0, 20],
  ])('ends at the next pause when it is cancelled during %s', async (_, offset, rest) => {
    const signal = { aborted: false }
    pause.meanwhile = () => {
      signal.aborted = pause.rests >= rest
    }
    const shown = await taken(offset, TORRENTS, signal)
    expect(pause.rests).toBe(rest)
    expect(shown.length % 1_000).toBe(0)
    expect(shown.length).toBeLessThan(TORRENTS - 1_000)
    expect(budget.free).toBe(ROWS_HELD)
  })
})

describe('scans', () => {
  it('run one at a time, in the order of the queries', async () => {
    const scan = await restsOfScan()
    const done: string[] = []
    const restsAtEnd: number[] = []
    const before = pause.rests
    const query = (name: string) => async (): Promise<void> => {
      await scans.scan(() => {}, NEVER_CANCELLED)
      done.push(name)
      restsAtEnd.push(pause.rests - before)
    }
    await Promise.all(['a', 'b', 'c'].map((name) => scans.inTurn(query(name))))
    expect(done).toEqual(['a', 'b', 'c'])
    expect(restsAtEnd).toEqual([scan, 2 * scan, 3 * scan])
  })
})

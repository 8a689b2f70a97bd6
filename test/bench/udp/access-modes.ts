// The cost of access checks: a public tracker, a listed one with a million torrents on its whitelist (all of the
// load's), a private one, and one that is both, filled identically and loaded in turns. Announces to private trackers
// send a key as URLData.

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { fixed, median, progress, type Report, thousands } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { type RunningTracker, startTracker } from '../tracker.ts'
import { Load, type LoadFigures, writeInfoHashes } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import { PUBLISHED_MIX } from './shapes.ts'

const TURNS = 6
const MIN_SECONDS = 2
const KEY = 'ratioOfCostToThePublicOne0123456'
/** Keys besides the one that is sent. */
const OTHER_KEYS = 10_000

const MODES = [
  { name: 'public', isListed: false, isPrivate: false },
  { name: 'listed', isListed: true, isPrivate: false },
  { name: 'private', isListed: false, isPrivate: true },
  { name: 'private and listed', isListed: true, isPrivate: true },
] as const
type Mode = (typeof MODES)[number]

/** The tracker of one mode, its load, and its measurements by turn. */
interface Contender {
  readonly mode: Mode
  readonly tracker: RunningTracker
  readonly load: Load
  readonly runs: LoadFigures[]
}

/** Writes a database with Torrust's tables: all torrents of the load, and keys, one of which never expires. */
function writeDatabase(tools: NativeTools, folder: string): string {
  const list = join(folder, 'list')
  writeInfoHashes(tools, PUBLISHED_MIX.options, list)
  const path = join(folder, 'prepared.db')
  const database = new Database(path)
  database.exec(`
    CREATE TABLE whitelist (id INTEGER PRIMARY KEY AUTOINCREMENT, info_hash TEXT NOT NULL UNIQUE);
    CREATE TABLE keys (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, valid_until INTEGER);`)
  const addTorrent = database.prepare('INSERT INTO whitelist (info_hash) VALUES (?)')
  const addKey = database.prepare('INSERT INTO keys (key, valid_until) VALUES (?, ?)')
  database.transaction(() => {
    for (const infoHash of readFileSync(list, 'latin1').trimEnd().split('\n')) addTorrent.run(infoHash)
    addKey.run(KEY, null)
    for (let n = 0; n < OTHER_KEYS; n++) addKey.run(String(n).padStart(32, '0'), 4_000_000_000)
  })()
  database.close()
  return path
}

async function enter(tools: NativeTools, mode: Mode, prepared: string): Promise<Contender> {
  progress(`${mode.name}: filling`)
  const database = `${prepared}.${mode.name.replaceAll(' ', '-')}`
  copyFileSync(prepared, database)
  const { isListed, isPrivate } = mode
  const access = { isListed, isPrivate, database }
  const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver: 'batched', access })
  const load = new Load(tools, [...PUBLISHED_MIX.options, ...(isPrivate ? ['--key', KEY] : [])])
  await load.fill(tracker)
  return { mode, tracker, load, runs: [] }
}

/** The median over the turns of the mode's CPU per response as a ratio to the public tracker in the same turn. */
function ratioOf({ runs }: Contender, open: Contender): number {
  return median(runs.map(({ cpuPerResponseUs }, turn) => cpuPerResponseUs / open.runs[turn].cpuPerResponseUs))
}

function rowOf(contender: Contender, open: Contender): (string | number)[] {
  const { mode, runs } = contender
  const middle = (figure: (load: LoadFigures) => number): number => median(runs.map(figure))
  const sum = (figure: (load: LoadFigures) => number): number => runs.reduce((all, load) => all + figure(load), 0)
  return [
    mode.name,
    fixed(
      middle((load) => load.peersPerAnnounce),
      1,
    ),
    fixed(
      middle((load) => load.cpuPerResponseUs),
      2,
    ),
    fixed(ratioOf(contender, open), 3),
    thousands(middle((load) => load.responsesPerSecond)),
    sum((load) => load.failures),
    sum((load) => load.timeouts),
  ]
}

export async function compareModes(tools: NativeTools, seconds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-access-'))
  const contenders: Contender[] = []
  try {
    progress('writing a database')
    const prepared = writeDatabase(tools, folder)
    for (const mode of MODES) contenders.push(await enter(tools, mode, prepared))
    const length = Math.max(MIN_SECONDS, seconds / TURNS)
    for (let turn = 0; turn < TURNS; turn++) {
      for (const { tracker, load, runs } of contenders) runs.push(await load.measure(tracker, length, 1))
    }
    const [open] = contenders
    const columns = ['mode', 'peers per reply', 'µs CPU', 'to public', 'responses/s', 'failures', 'timeouts']
    return {
      tables: [
        {
          title: 'CPU per response by access mode, published mix',
          columns,
          rows: contenders.map((contender) => rowOf(contender, open)),
        },
      ],
      notes: [
        `Whitelist: the 1,000,000 torrents of the load. Keys: ${thousands(OTHER_KEYS + 1)}; every announce to a private tracker sends the same one.`,
        'All trackers are filled identically and loaded in turns; the ratio is the median over the turns.',
      ],
      figures: contenders.map((contender) => ({
        mode: contender.mode.name,
        ratio: ratioOf(contender, open),
        runs: contender.runs,
      })),
    }
  } finally {
    for (const { tracker } of contenders) await tracker.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

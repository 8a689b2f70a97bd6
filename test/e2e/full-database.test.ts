// Databases on a disk that is full for a while, and SQLite on one that is read only.

import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accountOf, makeFolder, removeFolder } from '../databases/child-server.ts'
import { postgresqlPrograms, startPostgresql } from '../databases/postgresql-server.ts'
import { runSql } from '../databases/raw-database.ts'
import type { TestServer } from '../databases/test-server.ts'
import { fill, free, onDiskOf } from '../fixtures/disk-of-process.ts'
import { canMount, withSmallDisk } from '../fixtures/small-disk.ts'
import { API_TOKEN, aDocument, databaseOf, SQLITE } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

function describeIf(isPossible: boolean): typeof describe | typeof describe.skip {
  return isPossible || process.env['CI'] === 'true' ? describe : describe.skip
}

function aDatabaseFolder(): string {
  const folder = join(aFolder(), 'database')
  mkdirSync(folder)
  return folder
}

function documentFor(database: string): string {
  return aDocument({
    udp: ['127.0.0.1:0'],
    hasApi: true,
    database,
    more: '[core.tracker_policy]\npersistent_torrent_completed_stat = true\ncompleted_write_interval = 1',
  })
}

function sqliteIn(folder: string): string {
  return documentFor(SQLITE.replace('tracker.db', join(folder, 'tracker.db')))
}

/** Adds a torrent to the whitelist. */
async function list(tracker: TrackerProcess, infoHash: string) {
  const response = await fetch(`${tracker.api}/api/v2/whitelist`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ info_hash: infoHash }),
  })
  await response.text()
  return { status: response.status, retryAfter: response.headers.get('retry-after') }
}

async function complete(client: UdpClient): Promise<void> {
  const peer = { infoHash: anInfoHash(), port: 6881, peerId: '-XX0000-000000006881' }
  await client.announce({ ...peer, left: 1n })
  await client.announce({ ...peer, left: 0n, event: 1 })
}

interface FullDisk {
  readonly fill: () => void
  readonly free: () => void
  /** The rows of a query, each with one `value`. */
  readonly stored: (query: string) => Promise<readonly unknown[]>
}

/** Fills the disk for a while, and checks what clients, the log and the database see. */
async function survives(tracker: TrackerProcess, disk: FullDisk, told: { subject: string; reason: string }) {
  const acknowledged: string[] = []
  const add = async (infoHash: string) => {
    const answer = await list(tracker, infoHash)
    if (answer.status < 300) acknowledged.push(infoHash)
    return answer
  }
  expect((await add(anInfoHash().toString('hex'))).status).toBe(201)
  disk.fill()
  // What is allocated already may have some room left.
  while ((await add(anInfoHash().toString('hex'))).status === 201);
  const refused = anInfoHash().toString('hex')
  const client = await UdpClient.open(tracker.udp[0] ?? '')
  for (let time = 0; time < 3; time++) {
    expect(await add(refused)).toEqual({ status: 503, retryAfter: '5' })
    await complete(client)
  }
  client.close()
  disk.free()
  while ((await add(refused)).status >= 300) await pause(50)
  const total = 'select sum(completed) as value from torrents'
  while (tracker.isRunning && Number((await disk.stored(total))[0]) !== 3) await pause(50)
  const whitelist = await disk.stored('select info_hash as value from whitelist')
  expect(whitelist.map(String).sort()).toEqual([...acknowledged].sort())

  const said = tracker.log.map(({ msg }) => msg)
  // Counts that fit may be written in between, and the cause is logged again after that.
  const [cause, ...others] = new Set(said.filter((msg) => msg.includes(' cannot be used: ')))
  for (const msg of [cause, ...others]) {
    expect(msg).toMatch(new RegExp(`^${told.subject} cannot be used: .*${told.reason}`))
  }
  expect(said).toContain(`${told.subject} is available again`)
  expect(said.filter((msg) => msg.includes('internal error'))).toEqual([])
  expect(await tracker.stop()).toEqual({ code: 0, signal: null })
}

describeIf(canMount())('a tracker whose database file', () => {
  it('is on a full disk answers 503, names the cause, and loses nothing', async () => {
    const folder = aDatabaseFolder()
    const tracker = await ready(sqliteIn(folder), { within: withSmallDisk(folder, 'size=1m') })
    const disk = {
      fill: () => fill(tracker, folder),
      free: () => free(tracker, folder),
      // SQLite would resolve the path from outside to a file that the tracker does not see: it reads a copy.
      stored: async (query: string) => {
        const path = join(aFolder(), 'copy.db')
        for (const end of ['', '-wal']) copyFileSync(onDiskOf(tracker, join(folder, `tracker.db${end}`)), path + end)
        return (await runSql({ driver: 'sqlite3', path }, query)).map(({ value }) => value)
      },
    }
    await survives(tracker, disk, { subject: 'the database', reason: 'database or disk is full' })
  })

  it('cannot be written refuses the start and is named', async () => {
    const folder = aDatabaseFolder()
    const tracker = launched(sqliteIn(folder), { within: withSmallDisk(folder, 'ro,size=1m') })
    expect(await tracker.ended).toEqual({ code: 1, signal: null })
    const output = [...tracker.lines, tracker.errors].join('\n')
    expect(output).toContain(join(folder, 'tracker.db'))
    expect(output).toMatch(/EROFS|read-only file system/)
  })
})

describeIf(canMount() && postgresqlPrograms() !== undefined)('a tracker whose PostgreSQL server', () => {
  const folder = makeFolder('small-disk', accountOf('postgres'))
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgresql({ smallDiskAt: folder })
  })
  afterAll(async () => {
    await server.stop()
    removeFolder(folder)
  })

  it('has a full disk answers 503, names the cause, and loses nothing', async () => {
    const options = server.options(server.firstDatabase)
    const tracker = await ready(documentFor(databaseOf(options)))
    await runSql(options, `create tablespace small location '${folder}'`, 'alter table whitelist set tablespace small')
    const owner = { pid: server.process?.pid ?? 0 }
    const disk = {
      fill: () => fill(owner, folder),
      free: () => free(owner, folder),
      stored: async (query: string) => (await runSql(options, query)).map(({ value }) => value),
    }
    await survives(tracker, disk, { subject: 'the database', reason: 'No space left on device' })
  })
})

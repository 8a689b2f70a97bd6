// SQLite on a disk that is full for a while, and on one that is read only.

import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { runSql } from '../databases/raw-database.ts'
import { canMount, withSmallDisk } from '../fixtures/small-disk.ts'
import { fill, free, onDiskOf } from './disk-of-tracker.ts'
import { API_TOKEN, aDocument, SQLITE } from './documents.ts'
import { aFolder, launched, ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const describeIfPossible = canMount() || process.env['CI'] === 'true' ? describe : describe.skip

function aDatabaseFolder(): string {
  const folder = join(aFolder(), 'database')
  mkdirSync(folder)
  return folder
}

function documentFor(folder: string): string {
  return aDocument({
    udp: ['127.0.0.1:0'],
    hasApi: true,
    database: SQLITE.replace('tracker.db', join(folder, 'tracker.db')),
    more: '[core.tracker_policy]\npersistent_torrent_completed_stat = true\ncompleted_write_interval = 1',
  })
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

describeIfPossible('a tracker whose database file', () => {
  it('is on a full disk answers 503, names the cause, and loses nothing', async () => {
    const folder = aDatabaseFolder()
    const tracker = await ready(documentFor(folder), { within: withSmallDisk(folder, 'size=1m') })
    // SQLite would resolve the path from outside to a file that the tracker does not see: it reads a copy.
    const stored = async (query: string) => {
      const path = join(aFolder(), 'copy.db')
      for (const end of ['', '-wal']) copyFileSync(onDiskOf(tracker, join(folder, `tracker.db${end}`)), path + end)
      return (await runSql({ driver: 'sqlite3', path }, query)).map(({ value }) => value)
    }
    const client = await UdpClient.open(tracker.udp[0] ?? '')
    const acknowledged: string[] = []
    const add = async (infoHash: string) => {
      const answer = await list(tracker, infoHash)
      if (answer.status < 300) acknowledged.push(infoHash)
      return answer
    }
    expect((await add(anInfoHash().toString('hex'))).status).toBe(201)
    fill(tracker, folder)
    // The log of SQLite may have some room left.
    while ((await add(anInfoHash().toString('hex'))).status === 201);
    const refused = anInfoHash().toString('hex')
    for (let time = 0; time < 3; time++) {
      expect(await add(refused)).toEqual({ status: 503, retryAfter: '5' })
      await complete(client)
    }
    await tracker.printed((line) => line.includes('download counts cannot be written'))
    client.close()
    free(tracker, folder)
    while ((await add(refused)).status >= 300) await pause(50)
    const total = 'select sum(completed) as value from torrents'
    while (tracker.isRunning && (await stored(total))[0] !== 3) await pause(50)
    const whitelist = await stored('select info_hash as value from whitelist')
    expect(whitelist.map(String).sort()).toEqual([...acknowledged].sort())

    const said = tracker.log.map(({ msg }) => msg)
    expect(said.filter((msg) => msg.startsWith('the database cannot be used: '))).toEqual([
      expect.stringContaining('database or disk is full'),
    ])
    expect(said).toContain('the database is available again')
    expect(said.filter((msg) => msg.includes('internal error'))).toEqual([])
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
  })

  it('cannot be written refuses the start and is named', async () => {
    const folder = aDatabaseFolder()
    const tracker = launched(documentFor(folder), { within: withSmallDisk(folder, 'ro,size=1m') })
    expect(await tracker.ended).toEqual({ code: 1, signal: null })
    const output = [...tracker.lines, tracker.errors].join('\n')
    expect(output).toContain(join(folder, 'tracker.db'))
    expect(output).toMatch(/EROFS|read-only file system/)
  })
})

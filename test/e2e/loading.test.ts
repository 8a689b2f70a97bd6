// A start with a large database takes a while: signals are handled meanwhile.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runSql } from '../databases/raw-database.ts'
import { aDocument, SQLITE } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'

const ROWS = 300_000

describe('a tracker that loads what its database holds', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-loading-'))
  const document = aDocument({
    udp: ['127.0.0.1:0'],
    database: SQLITE,
    more: '[core.tracker_policy]\npersistent_torrent_completed_stat = true',
  })
  const isOpen = (line: string) => line.includes('a Muster database')

  beforeAll(async () => {
    await using tracker = await TrackerProcess.start(document, { directory })
    await tracker.stop()
    await runSql(
      { driver: 'sqlite3', path: join(directory, 'tracker.db') },
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
       insert into torrents (info_hash, completed) select printf('%040x', i), 1 from n`,
    )
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('stops in order when told to, without having served a client', async () => {
    await using tracker = new TrackerProcess(document, { directory })
    await tracker.printed(isOpen)
    expect(await tracker.stop()).toEqual({ code: 0, signal: null })
    const said = tracker.log.map(({ msg }) => msg)
    expect(said.at(-1)).toBe('the tracker has stopped')
    expect(said).not.toContain('the tracker is ready')
    expect(tracker.log.filter(({ level }) => level === 'ERROR' || level === 'WARN')).toEqual([])
    expect(tracker.errors).toBe('')
  })

  it('does not end on the signal that reloads certificates', async () => {
    await using tracker = new TrackerProcess(document, { directory })
    await tracker.printed(isOpen)
    tracker.signal('SIGHUP')
    await tracker.printed((line) => line.includes('the tracker is ready'))
    expect((await tracker.stop()).code).toBe(0)
  })
})

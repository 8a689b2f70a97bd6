// Specific to SQLite: a file, a single connection, and work on the event loop's thread.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Sqlite from 'better-sqlite3'
import { openDatabase } from '../../../../src/adapters/outbound/persistence/open-database.ts'
import { runSql } from '../../../databases/raw-database.ts'
import { IGNORED_OUTAGES } from '../../../fakes/ignored-outages.ts'
import { OutageNotes } from '../../../fakes/outage-notes.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { aKey, anInfoHash, infoHashes } from '../../../fixtures/hashes.ts'

describe('a database in a file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-sqlite-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = (path: string) =>
    openDatabase({ driver: 'sqlite3', path }, { clock: new StoppedClock(0), ...IGNORED_OUTAGES })

  it('is created with its folders, without access for others', async () => {
    const path = join(folder, 'a', 'b', 'tracker.db')
    await (await open(path)).close()
    expect(statSync(path).mode & 0o007).toBe(0)
    expect(statSync(join(folder, 'a', 'b')).mode & 0o007).toBe(0)
  })

  it('tolerates another program that reads and writes it', async () => {
    const path = join(folder, 'tracker.db')
    const database = await open(path)
    await database.whitelist.add([{ infoHash: anInfoHash(1) }])
    await runSql({ driver: 'sqlite3', path }, `insert into whitelist (info_hash) values ('${anInfoHash(2)}')`)
    expect(await database.whitelist.add([{ infoHash: anInfoHash(2) }, { infoHash: anInfoHash(3) }])).toEqual([
      anInfoHash(3),
    ])
    await database.close()
  })

  it('skips a key whose expiry is not a number, so that it grants no access and breaks no list', async () => {
    const path = join(folder, 'tracker.db')
    const database = await open(path)
    const { id } = await database.keys.add(aKey(1), 5)
    const whole = await database.keys.add(aKey(2), 5)
    await runSql({ driver: 'sqlite3', path }, `update keys set valid_until = 'soon' where id = ${id}`)
    expect(await database.keys.page(0, 10)).toEqual([whole])
    expect(await database.keys.find(aKey(1))).toBeUndefined()
    await database.close()
  })

  it('yields to others during a long import, and keeps their statements out of it', async () => {
    const path = join(folder, 'tracker.db')
    const database = await open(path)
    let turns = 0
    let isDone = false
    const count = (): void => {
      turns++
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    const long = database.whitelist.add(infoHashes(20_000).map((infoHash) => ({ infoHash })))
    const short = database.blocklist.add([{ infoHash: anInfoHash(1) }])
    const seen = database.whitelist.count()
    expect(await long).toHaveLength(20_000)
    isDone = true
    expect(await short).toEqual([anInfoHash(1)])
    expect(await seen).toBe(20_000)
    // Between 40 chunks.
    expect(turns).toBeGreaterThanOrEqual(39)
    await database.close()
  })

  it('stores nothing of an import that fails midway', async () => {
    const path = join(folder, 'tracker.db')
    const database = await open(path)
    const stop = `create trigger stop before insert on whitelist when (select count(*) from whitelist) > 700
      begin select raise(abort, 'enough'); end`
    await runSql({ driver: 'sqlite3', path }, stop)
    const work = database.whitelist.add(infoHashes(2000).map((infoHash) => ({ infoHash })))
    // An internal error, not a refusal: the database is fine.
    await expect(work).rejects.toMatchObject({ name: 'SqliteError' })
    expect(await database.whitelist.count()).toBe(0)
    await database.close()
  })

  it('lets an import finish before it closes, and rejects later operations', async () => {
    const path = join(folder, 'tracker.db')
    const database = await open(path)
    const work = database.whitelist.add(infoHashes(5000).map((infoHash) => ({ infoHash })))
    const closing = database.close()
    const late = database.blocklist.add([{ infoHash: anInfoHash(1) }])
    expect(await work).toHaveLength(5000)
    await closing
    await expect(late).rejects.toMatchObject({ name: 'Refusal', code: 'store-unavailable' })
    await database.close()
    const again = await open(path)
    expect(await again.whitelist.count()).toBe(5000)
    await again.close()
  })

  it('that another program writes is waited for, without blocking the event loop', async () => {
    const path = join(folder, 'tracker.db')
    const database = await open(path)
    const other = new Sqlite(path)
    other.exec('begin immediate')
    const work = Promise.all(
      infoHashes(20).map(async (infoHash) => (await database.whitelist.add([{ infoHash }])).length),
    )
    for (let turn = 0; turn < 50; turn++) {
      await new Promise(setImmediate)
      expect(await database.whitelist.count()).toBe(0)
    }
    other.exec('commit')
    other.close()
    expect(await work).toEqual(new Array(20).fill(1))
    await database.close()
  })

  it('that another program keeps locked times out', async () => {
    const path = join(folder, 'tracker.db')
    const watch = new OutageNotes()
    const database = await openDatabase(
      { driver: 'sqlite3', path, timeoutMilliseconds: 100 },
      { clock: new StoppedClock(0), ...IGNORED_OUTAGES, ...watch.callbacks },
    )
    const other = new Sqlite(path)
    other.exec('begin immediate')
    const add = () => database.whitelist.add([{ infoHash: anInfoHash(1) }])
    for (let time = 0; time < 2; time++) {
      await expect(add()).rejects.toMatchObject({ name: 'Refusal', code: 'store-unavailable' })
    }
    expect(await database.whitelist.count()).toBe(0)
    other.close()
    expect(await add()).toEqual([anInfoHash(1)])
    await database.close()
    await expect(add()).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(watch.notes).toEqual([
      'refused',
      'SQLITE_BUSY: database is locked',
      'refused',
      // A successful read does not prove that writes work again.
      'available',
    ])
  })

  it('that is not a database is named, and left unchanged', async () => {
    const path = join(folder, 'tracker.db')
    writeFileSync(path, 'this is a text, and rather longer than the header of a database would be: '.repeat(10))
    const before = readFileSync(path)
    await expect(open(path)).rejects.toThrow(`cannot open the SQLite database ${path}: file is not a database`)
    expect(readFileSync(path)).toEqual(before)
  })

  it('in a place where no file can be created is named', async () => {
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file', 'tracker.db')
    await expect(open(path)).rejects.toMatchObject({ name: 'CannotOpen', isTransient: false })
  })
})

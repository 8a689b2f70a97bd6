// Tables that somebody drops or changes under an open database: its fault and not ours, and that of no other table.

import { expect, it } from '@jest/globals'
import { type Database, openDatabase } from '../../../../src/adapters/outbound/persistence/open-database.ts'
import { overDatabases } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'
import { IGNORED_OUTAGES } from '../../../fakes/ignored-outages.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { aKey, anInfoHash } from '../../../fixtures/hashes.ts'

const UNAVAILABLE = { name: 'Refusal', code: 'store-unavailable' }
const COUNT = { infoHash: anInfoHash(1), completed: 1 }

interface Change {
  readonly statements: readonly string[]
  readonly undo: readonly string[]
  readonly work: (database: Database) => Promise<unknown>
  readonly told: RegExp
}

function renamed(table: string, work: Change['work']): Change {
  return {
    statements: [`alter table ${table} rename to moved`],
    undo: [`alter table moved rename to ${table}`],
    work,
    told: new RegExp(`^the table ${table} cannot be used: .*${table}`),
  }
}

const CHANGES: Readonly<Record<string, Change>> = {
  'a whitelist that is gone, at a write': renamed('whitelist', ({ whitelist }) =>
    whitelist.add([{ infoHash: anInfoHash(1) }]),
  ),
  'a whitelist that is gone, at a read': renamed('whitelist', ({ whitelist }) => whitelist.find(anInfoHash(1))),
  'a blocklist that is gone': renamed('blocklist', ({ blocklist }) => blocklist.remove([anInfoHash(1)])),
  'a column that is gone': {
    statements: ['alter table blocklist rename column reason to why'],
    undo: ['alter table blocklist rename column why to reason'],
    work: ({ blocklist }) => blocklist.add([{ infoHash: anInfoHash(1), reason: 'x' }]),
    told: /^the table blocklist cannot be used: .*reason/,
  },
  'a table of the counts that is gone': {
    ...renamed('muster_flushes', ({ downloads }) => downloads.add(1, [COUNT])),
    told: /^one of the tables torrents, torrent_aggregate_metrics and muster_flushes cannot be used: .*muster_flushes/,
  },
}

overDatabases('an open database', (databases) => {
  it.each(Object.keys(CHANGES))('%s is unavailable, named once, and used again when it is back', async (name) => {
    const { statements, undo, work, told } = CHANGES[name] as Change
    const notes: string[] = []
    const options = await databases.create()
    const database = await openDatabase(options, {
      ...IGNORED_OUTAGES,
      clock: new StoppedClock(0),
      unavailable: ({ subject, reason }) => notes.push(`${subject} cannot be used: ${reason}`),
      available: (subject) => notes.push(`${subject} is available again`),
    })
    await runSql(options, ...statements)
    for (let time = 1; time <= 3; time++) {
      await expect(work(database)).rejects.toMatchObject(UNAVAILABLE)
      // Others go on, and say nothing of this one.
      await database.keys.add(aKey(time), undefined)
      await database.ping()
    }
    expect(notes).toEqual([expect.stringMatching(told)])
    await runSql(options, ...undo)
    await work(database)
    expect(notes).toHaveLength(2)
    expect(notes[1]).toMatch(/^(the|one of the) tables? .* is available again$/)
    await database.close()
  })

  it('that is emptied of all its tables is unavailable', async () => {
    const options = await databases.create()
    const database = await openDatabase(options, { ...IGNORED_OUTAGES, clock: new StoppedClock(0) })
    const quote = options.driver === 'mysql' ? '`' : '"'
    const tables = ['whitelist', 'blocklist', 'keys', 'torrents', 'torrent_aggregate_metrics', 'muster_flushes']
    await runSql(options, ...tables.map((table) => `drop table ${quote}${table}${quote}`))
    for (const store of [database.whitelist, database.blocklist, database.keys, database.downloads]) {
      await expect(store.page(0, 10)).rejects.toMatchObject(UNAVAILABLE)
      await expect(store.count()).rejects.toMatchObject(UNAVAILABLE)
    }
    await database.ping()
    await database.close()
  })
})

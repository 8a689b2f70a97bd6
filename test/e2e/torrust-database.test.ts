// A tracker on a Torrust database, old or new, of any of the three kinds: its keys are accepted, its whitelist applies,
// its counts are reported, and everything is still there afterwards.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from '@jest/globals'
import type { DatabaseOptions } from '../../src/adapters/outbound/persistence/database-options.ts'
import { overDatabases } from '../databases/dialects.ts'
import { runSql } from '../databases/raw-database.ts'
import { aKey, anInfoHash } from '../fixtures/hashes.ts'
import { torrustDatabase } from '../fixtures/torrust-databases.ts'
import { ClientCrowd } from './client-crowd.ts'
import { aDocument } from './documents.ts'
import { askV1, managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'

const FORMS = [
  { migrations: 4, hasHistory: true },
  { migrations: 1, hasHistory: false },
] as const

function asToml(options: DatabaseOptions): string {
  return Object.entries(options)
    .filter(([name]) => !['tls', 'poolSize'].includes(name))
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join('\n')
}

function bytesOf(number: number): Buffer {
  return Buffer.from(anInfoHash(number), 'hex')
}

overDatabases('a tracker on a Torrust database', (databases) => {
  it.each(FORMS)(
    'with $migrations migrations, history kept: $hasHistory, goes on where Torrust left off',
    async (form) => {
      const options = await databases.create()
      if (options.driver === 'sqlite3') mkdirSync(dirname(options.path), { recursive: true })
      await runSql(options, ...torrustDatabase(databases.dialect, form))
      const document = aDocument({
        udp: ['127.0.0.1:0'],
        http: ['127.0.0.1:0'],
        isPrivate: true,
        isListed: true,
        hasApi: true,
        database: asToml(options),
        more: '[core.tracker_policy]\npersistent_torrent_completed_stat = true',
      })
      await using tracker = await TrackerProcess.start(document)
      expect(
        tracker.log.some(
          ({ msg }) => msg.includes('a Torrust database') || msg.includes('of an early Torrust version'),
        ),
      ).toBe(true)
      const crowd = await ClientCrowd.open(tracker)
      try {
        const path = `/${aKey(1)}/announce`
        expect(await crowd.overUdp(bytesOf(1), path)).toEqual(['served'])
        expect(await crowd.overHttp(bytesOf(2), { before: `/${aKey(1)}` })).toEqual(['served'])
        expect(await crowd.overUdp(bytesOf(3), path)).toEqual(['unregistered torrent'])
        expect(await crowd.overUdp(bytesOf(1), `/${aKey(9)}/announce`)).toEqual(['authentication required'])
      } finally {
        crowd.close()
      }
      const management = managementOf(tracker)
      expect(await management.call('getTorrent', { params: { info_hash: anInfoHash(1) }, query: {} })).toMatchObject({
        completed: 7,
      })
      // The total that Torrust keeps since May 2025; before that, the sum over all torrents.
      const shown = (await askV1(tracker, 'GET', 'stats')).replace(/^200 /, '')
      expect(JSON.parse(shown).completed).toBe(form.migrations < 3 ? 7 + 2_147_483_647 : 99)
      await management.call('addToWhitelist', { body: { info_hash: anInfoHash(77) } })
      expect((await tracker.stop()).code).toBe(0)

      const whitelist = await runSql(options, 'select info_hash as value from whitelist order by id')
      expect(whitelist).toHaveLength(5)
      expect(whitelist.at(-1)).toEqual({ value: anInfoHash(77) })
      const [counted] = await runSql(
        options,
        `select completed as value from torrents where info_hash = '${anInfoHash(1)}'`,
      )
      expect(Number(counted?.['value'])).toBe(7)
    },
  )
})

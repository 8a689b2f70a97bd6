// A tracker that is started before its database server.

import { expect, it } from '@jest/globals'
import { overServers } from '../databases/dialects.ts'
import { runSql } from '../databases/raw-database.ts'
import { aDocument, databaseOf } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'

overServers(
  'a tracker that is started before its database server',
  () => ({}),
  (server) => {
    const name = 'late'
    const isWaiting = (line: string) => line.includes('retrying for up to a minute')
    const document = () => aDocument({ udp: ['127.0.0.1:0'], database: databaseOf(server().options(name)) })

    it('reports it once, and is ready when the server is', async () => {
      await runSql(server().options(server().firstDatabase), `create database ${name}`)
      await server().process?.kill()
      await using tracker = new TrackerProcess(document())
      await tracker.printed(isWaiting)
      await server().process?.start()
      await tracker.printed((line) => line.includes('the tracker is ready'))
      const said = tracker.log.filter(({ target }) => target === 'DATABASE').map(({ level }) => level)
      expect(said.filter((level) => level === 'WARN')).toHaveLength(1)
      expect(tracker.log.map(({ msg }) => msg)).toContain('the database is available now')
      expect((await tracker.stop()).code).toBe(0)
    })

    it('can be stopped while it waits', async () => {
      await server().process?.kill()
      await using tracker = new TrackerProcess(document())
      await tracker.printed(isWaiting)
      expect(await tracker.stop()).toEqual({ code: 0, signal: null })
      await server().process?.start()
    })
  },
)

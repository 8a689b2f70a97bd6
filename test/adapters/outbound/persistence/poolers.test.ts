// A pooler between the tracker and its database, which may give each transaction another connection to the server.

import { expect, it } from '@jest/globals'
import type { NetworkOptions } from '../../../../src/adapters/outbound/persistence/database-options.ts'
import { openDatabase } from '../../../../src/adapters/outbound/persistence/open-database.ts'
import { databaseContracts } from '../../../contracts/database-contracts.ts'
import { overPoolers } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'
import { IGNORED_OUTAGES } from '../../../fakes/ignored-outages.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { aKey, anInfoHash } from '../../../fixtures/hashes.ts'

const dependencies = { clock: new StoppedClock(0), ...IGNORED_OUTAGES }

overPoolers('pgbouncer', (pooled) => {
  let made = 0
  const create = async (): Promise<{ server: NetworkOptions; pooler: NetworkOptions }> => {
    const { server, pooler } = pooled()
    const name = `pooled_${++made}`
    await runSql(server.options(server.firstDatabase), `create database ${name}`)
    return { server: server.options(name), pooler: pooler.options(name) }
  }

  databaseContracts(async () => (await create()).pooler)

  it('lets several trackers open a new database at once, and keeps no lock and no setting of theirs', async () => {
    const { server, pooler } = await create()
    const databases = await Promise.all([1, 2, 3, 4].map(() => openDatabase(pooler, dependencies)))
    const done = databases.map(({ adoption }) => adoption.migrations.length).sort()
    expect(done).toEqual([0, 0, 0, 4])
    await Promise.all(
      databases.flatMap(({ whitelist, keys }, at) => [
        whitelist.add([{ infoHash: anInfoHash(at) }]),
        keys.add(aKey(at), undefined),
        whitelist.count(),
      ]),
    )
    expect(await runSql(server, `select 1 from pg_locks where locktype = 'advisory'`)).toEqual([])
    expect(await runSql(pooler, 'show statement_timeout')).toEqual([{ statement_timeout: '0' }])
    for (const database of databases) await database.close()
  })

  it('does not keep the server from ending what takes too long', async () => {
    const { server, pooler } = await create()
    const told: string[] = []
    const impatient = { ...pooler, timeoutMilliseconds: 1000 }
    const database = await openDatabase(impatient, { ...dependencies, unavailable: ({ code }) => told.push(code) })
    await database.whitelist.add([{ infoHash: anInfoHash(1) }])
    const isOver = runSql(server, 'begin', 'lock table whitelist', 'select pg_sleep(5)', 'rollback')
    await expect(untilRefused(() => database.whitelist.count())).resolves.toMatchObject({ code: 'store-unavailable' })
    await expect(database.whitelist.remove([anInfoHash(1)])).rejects.toMatchObject({ code: 'store-unavailable' })
    // Ended by the server, which says so, and not by the client, which would not know what became of it.
    expect(told).toEqual(['57014'])
    await isOver
    expect(await database.whitelist.remove([anInfoHash(1)])).toEqual([anInfoHash(1)])
    await database.close()
  })

  it('that refuses a login is not waited for', async () => {
    const { pooler } = await create()
    const opening = openDatabase({ ...pooler, password: 'a wrong one' }, dependencies)
    await expect(opening).rejects.toMatchObject({ name: 'CannotOpen', isTransient: false })
  })

  it('whose server is away says so in time', async () => {
    const { pooler } = await create()
    const impatient = { ...pooler, timeoutMilliseconds: 1000 }
    const database = await openDatabase(impatient, dependencies)
    await database.keys.add(aKey(1), undefined)
    await pooled().server.process?.kill()
    await expect(database.keys.find(aKey(1))).rejects.toMatchObject({ code: 'store-unavailable' })
    // It takes the login all the same, and would let the first statement wait for two minutes.
    await expect(openDatabase(impatient, dependencies)).rejects.toMatchObject({ isTransient: true })
    await database.close()
  })
})

async function untilRefused(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await ask()
    } catch (error) {
      return error
    }
  }
}

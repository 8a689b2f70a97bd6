// Servers that are killed, frozen and restarted while clients write.

import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import type { NetworkOptions } from '../../../../src/adapters/outbound/persistence/database-options.ts'
import { type Database, openDatabase } from '../../../../src/adapters/outbound/persistence/open-database.ts'
import type { Refusal } from '../../../../src/domain/refusal.ts'
import { overServers } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'
import type { TestServer } from '../../../databases/test-server.ts'
import { IGNORED_OUTAGES } from '../../../fakes/ignored-outages.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { aKey, anInfoHash } from '../../../fixtures/hashes.ts'

const UNAVAILABLE = { name: 'Refusal', code: 'store-unavailable' }
const dependencies = { clock: new StoppedClock(0), ...IGNORED_OUTAGES }

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(2)
}

let made = 0
async function create(server: TestServer): Promise<NetworkOptions> {
  const name = `outage_${++made}`
  await runSql(server.options(server.firstDatabase), `create database ${name}`)
  return { ...server.options(name), timeoutMilliseconds: 1000 }
}

/** Writes one entry after another, repeating each until it is acknowledged. */
class Writer {
  acknowledged = 0
  readonly refusals = new Set<string>()
  refused = 0
  #isDone = false
  readonly #end: Promise<void>

  constructor(write: (number: number) => Promise<unknown>) {
    this.#end = this.#work(write)
  }

  async stop(): Promise<void> {
    this.#isDone = true
    await this.#end
  }

  async #work(write: (number: number) => Promise<unknown>): Promise<void> {
    while (!this.#isDone) {
      try {
        await write(this.acknowledged)
        this.acknowledged++
      } catch (error) {
        this.refused++
        this.refusals.add((error as Refusal).code ?? String(error))
        await pause(1)
      }
    }
  }
}

function writersOn({ whitelist, blocklist, keys, downloads }: Database): Record<string, Writer> {
  return {
    whitelist: new Writer((number) => whitelist.add([{ infoHash: anInfoHash(number) }])),
    blocklist: new Writer((number) => blocklist.add([{ infoHash: anInfoHash(number), reason: `${number}` }])),
    // A key whose acknowledgement was lost already exists.
    keys: new Writer((number) => keys.add(aKey(number), number).catch(unlessThere)),
    downloads: new Writer((number) => downloads.add(number + 1, [{ infoHash: anInfoHash(number % 3), completed: 1 }])),
  }
}

function unlessThere(error: Refusal): void {
  if (error.code !== 'already-there') throw error
}

overServers(
  'a database server',
  () => ({}),
  (server) => {
    it('that is killed during writes loses nothing acknowledged, and is used again when it is back', async () => {
      const options = await create(server())
      const database = await openDatabase(options, dependencies)
      const writers = Object.values(writersOn(database))
      for (let round = 0; round < 3; round++) {
        const before = writers.map(({ acknowledged, refused }) => ({ acknowledged, refused }))
        await until(() => writers.every(({ acknowledged }, at) => acknowledged > (before[at]?.acknowledged ?? 0) + 30))
        await server().process?.kill()
        await until(() => writers.every(({ refused }, at) => refused > (before[at]?.refused ?? 0) + 3))
        await expect(database.ping()).rejects.toMatchObject(UNAVAILABLE)
        await server().process?.start()
      }
      const back = writers.map(({ acknowledged }) => acknowledged)
      await until(() => writers.every(({ acknowledged }, at) => acknowledged > (back[at] ?? 0)))
      await Promise.all(writers.map((writer) => writer.stop()))
      await database.ping()
      const last = writers.map(({ acknowledged }) => acknowledged)
      expect(writers.map(({ refusals }) => [...refusals])).toEqual(new Array(4).fill(['store-unavailable']))
      expect(await database.whitelist.count()).toBe(last[0])
      expect(await database.blocklist.count()).toBe(last[1])
      expect(await database.keys.count()).toBe(last[2])
      // Exact, although some batches were tried twice.
      expect(await database.downloads.lastBatch()).toBe(last[3])
      expect(await database.downloads.total()).toBe(last[3])
      const counts = await database.downloads.page(0, 10)
      expect(counts.reduce((sum, { completed }) => sum + completed, 0)).toBe(last[3])
      await database.close()
    })

    it('that is killed while idle is noticed, and costs no request once it is back', async () => {
      const losses: Error[] = []
      const database = await openDatabase(await create(server()), {
        ...dependencies,
        connectionLost: (error) => losses.push(error),
      })
      await database.whitelist.add([{ infoHash: anInfoHash(1) }])
      await server().process?.kill()
      await until(() => losses.length > 0)
      await server().process?.start()
      expect(await database.whitelist.count()).toBe(1)
      await database.close()
    })

    it('that does not answer times out, and is used again when it answers', async () => {
      const database = await openDatabase(await create(server()), dependencies)
      await database.keys.add(aKey(1), undefined)
      server().process?.freeze()
      const work = [
        database.whitelist.add([{ infoHash: anInfoHash(1) }]),
        database.downloads.add(1, [{ infoHash: anInfoHash(1), completed: 1 }]),
        database.keys.find(aKey(1)),
        database.ping(),
      ]
      for (const outcome of await Promise.allSettled(work)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: UNAVAILABLE })
      }
      server().process?.thaw()
      expect(await database.keys.find(aKey(1))).toMatchObject({ key: aKey(1) })
      await database.downloads.add(1, [{ infoHash: anInfoHash(1), completed: 1 }])
      expect(await database.downloads.total()).toBe(1)
      await database.close()
    })

    it('that does not answer does not block closing', async () => {
      const database = await openDatabase(await create(server()), dependencies)
      server().process?.freeze()
      await database.close()
      server().process?.thaw()
      await expect(database.whitelist.count()).rejects.toMatchObject(UNAVAILABLE)
    })

    it('that another client keeps locked makes writers time out', async () => {
      const options = await create(server())
      const database = await openDatabase(options, dependencies)
      await database.whitelist.add([{ infoHash: anInfoHash(1) }])
      const unlocked = runSql(options, ...locking(options))
      await pause(200)
      await expect(database.whitelist.remove([anInfoHash(1)])).rejects.toMatchObject(UNAVAILABLE)
      await unlocked
      expect(await database.whitelist.remove([anInfoHash(1)])).toEqual([anInfoHash(1)])
      await database.close()
    })

    it('that is unreachable, or denies access, is named without the password', async () => {
      const options = await create(server())
      const attempt = (change: Partial<NetworkOptions>) => openDatabase({ ...options, ...change }, dependencies)
      const message = expect.not.stringContaining(options.password) as unknown as string
      await expect(attempt({ port: 1 })).rejects.toMatchObject({ name: 'CannotOpen', isTransient: true, message })
      await expect(attempt({ password: 'wrong secret' })).rejects.toMatchObject({
        message: expect.not.stringContaining('wrong secret') as unknown as string,
      })
      await expect(attempt({ database: 'nowhere' })).rejects.toThrow(/database nowhere at 127\.0\.0\.1:\d+: /)
    })
  },
)

function locking({ driver }: NetworkOptions): string[] {
  return driver === 'mysql'
    ? ['begin', 'select * from whitelist for update', 'select sleep(2)', 'rollback']
    : ['begin', 'select * from whitelist for update', 'select pg_sleep(2)', 'rollback']
}

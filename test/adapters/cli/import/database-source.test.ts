// An import from a database that fails midway: what was read before is imported.

import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { CommandFailure, type ForeignTables } from '../../../../src/adapters/cli/cli-environment.ts'
import { databaseRows } from '../../../../src/adapters/cli/import/sites/database-source.ts'
import { gazelleTables } from '../../../../src/adapters/cli/import/sites/gazelle.ts'
import { onDatabase } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'
import { closeAll, listen, MANAGER } from '../../inbound/rest/rest-fixture.ts'
import { apiLine } from '../a-command-line.ts'

const ROWS = 4000
/** Of what the database sends: in the middle of the rows. */
const CUT_AFTER_BYTES = 100_000

const proxies: Server[] = []
afterEach(async () => {
  for (const proxy of proxies.splice(0)) proxy.close()
  await closeAll()
})

/** The port of a proxy that breaks connections after so many bytes. */
async function breakingProxy(port: number, host: string): Promise<number> {
  const proxy = createServer((client) => {
    const database = connect(port, host)
    let sent = 0
    database.on('data', (bytes: Buffer) => {
      sent += bytes.length
      client.write(bytes.subarray(0, Math.max(0, bytes.length - Math.max(0, sent - CUT_AFTER_BYTES))))
      if (sent > CUT_AFTER_BYTES) client.end()
    })
    client.on('data', (bytes) => void database.write(bytes))
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      socket.on('error', () => undefined)
      socket.on('close', () => other.destroy())
    }
  })
  proxies.push(proxy)
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return (proxy.address() as AddressInfo).port
}

/** Fails while it is asked for columns, or after so many rows. */
function failingTables(rowsBefore: number | undefined): ForeignTables {
  return {
    columnsOf: async () => {
      if (rowsBefore === undefined) throw new Error('SELECT command denied')
      return ['info_hash']
    },
    rows: async function* () {
      for (let row = 0; row < (rowsBefore ?? 0); row++) yield ['a'.repeat(40)]
      throw new Error('no answer within 30 s')
    },
    close: async () => undefined,
  }
}

describe('a database that fails', () => {
  it.each([
    [undefined, 0, 'SELECT command denied'],
    [7, 7, 'no answer within 30 s'],
  ])('after %s rows is a sentence, and the rows are there', async (rowsBefore, count, message) => {
    let rows = 0
    const read = async () => {
      for await (const row of databaseRows(
        failingTables(rowsBefore),
        gazelleTables({ validUntil: null, reason: undefined }),
      )) {
        if (row.kind === 'torrent') rows++
      }
    }
    const error = await read().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(CommandFailure)
    expect(error).toMatchObject({ message: `The table torrents cannot be read from the database: ${message}.` })
    expect(rows).toBe(count)
  })
})

onDatabase('an import from a database', 'mysql', (databases) => {
  async function aSite() {
    const made = await databases.create()
    if (made.driver === 'sqlite3') throw new Error('not a server')
    await runSql(made, 'create table torrents (info_hash varchar(40) not null)')
    await runSql(made, `insert into torrents select lpad(hex(seq), 40, '0') from seq_1_to_${ROWS}`)
    const { ports, url } = await listen()
    const password = encodeURIComponent(made.password)
    const urlAt = (port: number) => `mysql://${made.user}:${password}@127.0.0.1:${port}/${made.database}`
    return { made, ports, run: apiLine(url, MANAGER), urlAt }
  }

  it('takes over what it has read before the connection was lost', async () => {
    const { made, ports, run, urlAt } = await aSite()
    const port = await breakingProxy(made.port, made.host)
    const { exitCode, out, err } = await run(`import gazelle ${urlAt(port)}`)
    expect([exitCode, out]).toEqual([1, ''])
    const stored = await ports.whitelist.count()
    expect(stored).toBeGreaterThan(100)
    expect(stored).toBeLessThan(ROWS)
    expect(err).toContain(`Interrupted. Until then: whitelist: ${stored} torrents added, 0 already there.`)
    expect(err).toContain('The table torrents cannot be read from the database: ')
    expect(err).not.toContain(made.password)
    expect(err).not.toMatch(/\n {4}at /)
  })
})

// The database server is paused under a tracker, as by a frozen virtual machine, and goes on later; and a table is
// missing for a while. Every request is answered in time, and what was acknowledged is stored once.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { overServers } from '../databases/dialects.ts'
import { runSql } from '../databases/raw-database.ts'
import { API_TOKEN, aDocument, databaseOf } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

/** The deadline of a request that needs the database, as docs/operating.md has it, and some for a busy machine. */
const ANSWERED_MILLISECONDS = 10_000 + 2000
const WRITES_AT_ONCE = 30

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
  readonly milliseconds: number
}

overServers(
  'a tracker whose database server is paused',
  () => ({}),
  (server) => {
    const name = 'paused'
    const options = () => server().options(name)
    let tracker: TrackerProcess

    const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const began = performance.now()
      const response = await fetch(`${tracker.api}${path}`, {
        method,
        headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const milliseconds = performance.now() - began
      return { status: response.status, retryAfter: response.headers.get('retry-after'), text, milliseconds }
    }
    const list = (infoHash: string) => ask('POST', '/api/v2/whitelist', { info_hash: infoHash })
    const someHashes = (count: number) => Array.from({ length: count }, () => anInfoHash().toString('hex'))
    const stored = async (): Promise<string[]> => {
      const rows = await runSql(options(), 'select info_hash as value from whitelist')
      return rows.map(({ value }) => String(value)).sort()
    }
    const isStored = (infoHash: string) => async (): Promise<boolean> => (await list(infoHash)).status < 300
    const until = async (isSo: () => Promise<boolean>): Promise<void> => {
      while (tracker.isRunning && !(await isSo())) await pause(50)
    }

    beforeAll(async () => {
      await runSql(server().options(server().firstDatabase), `create database ${name}`)
      const document = aDocument({
        udp: ['127.0.0.1:0'],
        isListed: true,
        hasApi: true,
        database: databaseOf(options()),
      })
      tracker = await TrackerProcess.start(document)
    })
    afterAll(() => tracker[Symbol.asyncDispose]())

    it('answers thirty writes at once, and others, within the deadline, and loses nothing', async () => {
      const before = someHashes(3)
      for (const infoHash of before) expect((await list(infoHash)).status).toBe(201)
      server().process?.freeze()
      const during = someHashes(WRITES_AT_ONCE)
      const writes = during.map((infoHash) => list(infoHash))
      const old = ask('POST', `/api/v1/whitelist/${anInfoHash().toString('hex')}?token=${API_TOKEN}`)
      const reads = [ask('GET', '/api/v2/whitelist'), ask('GET', `/api/v2/whitelist/${before[0]}`)]
      const reloading = ask('GET', `/api/v1/whitelist/reload?token=${API_TOKEN}`)
      const client = await UdpClient.open(tracker.udp[0] ?? '')
      await client.announce({ infoHash: Buffer.from(before[0] ?? '', 'hex') })
      client.close()
      for (const { status, retryAfter, milliseconds } of await Promise.all([...writes, ...reads])) {
        expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '5' })
        expect(milliseconds).toBeLessThan(ANSWERED_MILLISECONDS)
      }
      for (const { status, text, milliseconds } of await Promise.all([old, reloading])) {
        expect(status).toBe(500)
        expect(text).toMatch(/^Unhandled rejection: Err \{ reason: "failed to /)
        expect(milliseconds).toBeLessThan(ANSWERED_MILLISECONDS)
      }
      server().process?.thaw()
      const after = someHashes(3)
      for (const infoHash of after) await until(isStored(infoHash))
      const rows = await stored()
      expect(new Set(rows).size).toBe(rows.length)
      expect(rows).toEqual(expect.arrayContaining([...before, ...after]))
      // Those that were refused can be repeated, and are there once.
      for (const infoHash of during) expect((await list(infoHash)).status).toBeLessThan(300)
      const all = await stored()
      expect(new Set(all).size).toBe(all.length)
      expect(all).toEqual(expect.arrayContaining([...before, ...during, ...after]))
    })

    it('answers 503 and names the table when one is missing, and uses it again when it is back', async () => {
      await runSql(options(), 'alter table whitelist rename to moved')
      for (let time = 0; time < 3; time++) {
        const { status, retryAfter, text } = await list(anInfoHash().toString('hex'))
        expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '5' })
        expect(text).toContain('store-unavailable')
      }
      await runSql(options(), 'alter table moved rename to whitelist')
      await until(isStored(anInfoHash().toString('hex')))
      expect((await tracker.stop()).code).toBe(0)
      const said = tracker.log.map(({ msg }) => msg)
      const ofTable = said.filter((msg) => msg.startsWith('the table whitelist '))
      expect(ofTable).toEqual([
        expect.stringMatching(/^the table whitelist cannot be used: .*whitelist/),
        'the table whitelist is available again',
      ])
      expect(said.filter((msg) => msg.includes('internal error'))).toEqual([])
    })
  },
)

// The database becomes unavailable under a running tracker and returns: announces continue, writes are refused and lose
// nothing that was acknowledged, and every completed download is stored in the end.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ClientError } from '../../src/adapters/client/client-error.ts'
import { overServers } from '../databases/dialects.ts'
import { runSql } from '../databases/raw-database.ts'
import { aDocument, databaseOf } from './documents.ts'
import { askV1, managementOf } from './management-client.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const COUNTS = '[core.tracker_policy]\npersistent_torrent_completed_stat = true\ncompleted_write_interval = 1'

/** Announces from one socket, one after another, until told to stop; any rejection is an error. */
function keepAnnouncing(client: UdpClient) {
  let isDone = false
  const state = {
    served: 0,
    hasFailed: false,
    stop: async () => {
      isDone = true
      await work.finally(() => client.close())
    },
  }
  const infoHash = anInfoHash()
  const work = (async () => {
    for (; !isDone; state.served++) await client.announce({ infoHash })
  })()
  work.catch(() => {
    state.hasFailed = true
  })
  return state
}

/** Whitelists one torrent after another until told to stop, whether that succeeds or is refused. */
function keepWriting(tracker: TrackerProcess) {
  const management = managementOf(tracker)
  let isDone = false
  const acknowledged: string[] = []
  const refusals = new Set<number | undefined>()
  const work = (async () => {
    while (!isDone) {
      const info_hash = anInfoHash().toString('hex')
      try {
        await management.call('addToWhitelist', { body: { info_hash } })
        acknowledged.push(info_hash)
      } catch (error) {
        refusals.add(error instanceof ClientError ? error.status : undefined)
      }
    }
  })()
  const stop = async () => {
    isDone = true
    await work
  }
  return { acknowledged, refusals, stop }
}

/** A completed download: a leecher first, then a seeder. */
async function complete(client: UdpClient, infoHash: Buffer, port: number): Promise<void> {
  await client.announce({ infoHash, port, peerId: `-XX0000-${String(port).padStart(12, '0')}` })
  await client.announce({ infoHash, port, peerId: `-XX0000-${String(port).padStart(12, '0')}`, event: 1, left: 0n })
}

overServers(
  'a tracker whose database server is killed and started again',
  () => ({}),
  (server) => {
    const name = 'outage'
    const stored = async (table: string, column: string): Promise<string[]> => {
      const rows = await runSql(server().options(name), `select ${column} as value from ${table}`)
      return rows.map(({ value }) => String(value)).sort()
    }
    let tracker: TrackerProcess
    let client: UdpClient

    beforeAll(async () => {
      await runSql(server().options(server().firstDatabase), `create database ${name}`)
      const listeners = { udp: ['127.0.0.1:0'], http: ['127.0.0.1:0'] }
      const document = aDocument({
        ...listeners,
        hasApi: true,
        database: databaseOf(server().options(name)),
        more: COUNTS,
      })
      tracker = await TrackerProcess.start(document)
      client = await UdpClient.open(tracker.udp[0] ?? '')
    })
    afterAll(async () => {
      client.close()
      await tracker[Symbol.asyncDispose]()
    })

    it('keeps serving announces, answers writes with 503 meanwhile, and loses nothing acknowledged or counted', async () => {
      const completed = anInfoHash()
      await complete(client, completed, 7001)
      const announcing = keepAnnouncing(await UdpClient.open(tracker.udp[0] ?? ''))
      const writing = keepWriting(tracker)
      const until = async (isSo: () => boolean) => {
        while (!isSo() && tracker.isRunning && !announcing.hasFailed) await pause(5)
      }
      try {
        await until(() => writing.acknowledged.length > 20)
        await server().process?.kill()
        await until(() => writing.refusals.size > 0)
        expect(await askV1(tracker, 'POST', `whitelist/${anInfoHash().toString('hex')}`)).toMatch(
          /^500 Unhandled rejection: Err \{ reason: "failed to whitelist torrent: /,
        )
        const during = announcing.served
        await complete(client, completed, 7002)
        await until(() => announcing.served > during + 100)
        await server().process?.start()
        const before = writing.acknowledged.length
        await until(() => writing.acknowledged.length > before + 20)
      } finally {
        await writing.stop()
        await announcing.stop()
      }
      expect([...writing.refusals]).toEqual([503])
      const said = tracker.log.map(({ msg }) => msg)
      expect(said.some((msg) => msg.startsWith('the database cannot be used: '))).toBe(true)
      expect(said).toContain('the database is available again')
      const whitelist = new Set(await stored('whitelist', 'info_hash'))
      expect(writing.acknowledged.filter((infoHash) => !whitelist.has(infoHash))).toEqual([])

      await complete(client, completed, 7003)
      expect(await client.scrape(completed)).toEqual([{ seeders: 3, completed: 3, leechers: 0 }])
      expect((await tracker.stop()).code).toBe(0)
      expect(await stored('torrents', 'completed')).toEqual(['3'])
      expect(await stored('torrent_aggregate_metrics', 'value')).toEqual(['3'])
    })
  },
)

describe('a tracker on SQLite that is killed under writes', () => {
  it('has everything that it acknowledged after a restart, and its counts continue', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'muster-killed-'))
    const document = aDocument({
      udp: ['127.0.0.1:0'],
      isListed: true,
      hasApi: true,
      database: 'driver = "sqlite3"\npath = "tracker.db"',
      more: COUNTS,
    })
    const acknowledged: string[] = []
    try {
      {
        await using tracker = await TrackerProcess.start(document, { directory })
        const management = managementOf(tracker)
        const writers = Array.from({ length: 50 }, async () => {
          for (;;) {
            const info_hash = anInfoHash().toString('hex')
            await management.call('addToWhitelist', { body: { info_hash } })
            acknowledged.push(info_hash)
          }
        })
        // All end with the connection that the kill closes.
        const ended = Promise.allSettled(writers)
        while (acknowledged.length < 500) await pause(1)
        await tracker.stop('SIGKILL')
        await ended
      }
      await using tracker = await TrackerProcess.start(document, { directory })
      const client = await UdpClient.open(tracker.udp[0] ?? '')
      try {
        for (const infoHash of acknowledged) await client.announce({ infoHash: Buffer.from(infoHash, 'hex') })
      } finally {
        client.close()
      }
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})

// A database server that answers but refuses writes or connections: it is read only, a privilege is missing, or it has
// too many connections. Requests get 503, the log names the cause, announces continue, and nothing is lost.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import mysql from 'mysql2/promise'
import type { NetworkOptions } from '../../src/adapters/outbound/persistence/database-options.ts'
import { overServers } from '../databases/dialects.ts'
import { runSql } from '../databases/raw-database.ts'
import { PASSWORD } from '../databases/test-server.ts'
import { API_TOKEN, aDocument, databaseOf } from './documents.ts'
import { TrackerProcess } from './tracker-process.ts'
import { anInfoHash, UdpClient } from './udp-client.ts'

const NAME = 'refusing'
/** The tracker's account: it owns the database and has no other privileges. */
const USER = 'limited'

type Sql = (...statements: readonly string[]) => ReturnType<typeof runSql>

interface Cause {
  /** `sql` runs statements as the server's administrator; resolves with what ends the cause. */
  readonly begin: (sql: Sql, administrator: NetworkOptions) => Promise<() => Promise<unknown>>
  readonly subject: 'the database' | 'the table whitelist'
  /** In the log. */
  readonly reason: RegExp
}

type Causes = Readonly<Record<string, Cause>>

function statements(begin: string, end: string): Cause['begin'] {
  return async (sql) => {
    await sql(begin)
    return () => sql(end)
  }
}

const disconnectPostgresql = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${USER}'`

const POSTGRESQL: Causes = {
  'is read only': {
    begin: async (sql) => {
      await sql('alter system set default_transaction_read_only = on', 'select pg_reload_conf()')
      return () => sql('set default_transaction_read_only = off', 'alter system reset all', 'select pg_reload_conf()')
    },
    subject: 'the database',
    reason: /in a read-only transaction/,
  },
  'grants no INSERT': {
    begin: statements(
      `revoke insert on all tables in schema public from ${USER}`,
      `grant insert on all tables in schema public to ${USER}`,
    ),
    subject: 'the table whitelist',
    reason: /permission denied for table whitelist/,
  },
  'has too many connections': {
    begin: async (sql) => {
      await sql(`alter role ${USER} connection limit 0`, disconnectPostgresql)
      return () => sql(`alter role ${USER} connection limit -1`)
    },
    subject: 'the database',
    reason: /too many connections/,
  },
}

async function disconnectMysql(sql: Sql): Promise<void> {
  const rows = await sql(`select id from information_schema.processlist where user = '${USER}'`)
  for (const { id } of rows) await sql(`kill ${id}`)
}

/** Takes connections until the server has none left but the one for administrators. */
async function takeConnections(
  { host, port, database }: NetworkOptions,
  taken: { readonly end: () => Promise<void> }[],
): Promise<void> {
  const account = { host, port, database, user: USER, password: PASSWORD }
  try {
    for (;;) taken.push(await mysql.createConnection(account))
  } catch (error) {
    expect(error).toMatchObject({ errno: 1040 })
  }
}

const MYSQL: Causes = {
  'is read only': {
    begin: statements('set global read_only = 1', 'set global read_only = 0'),
    subject: 'the database',
    reason: /read-only/,
  },
  'grants no INSERT': {
    begin: async (sql) => {
      await sql(`revoke insert on ${NAME}.* from ${USER}@'%'`)
      // Connections keep the privileges that they began with.
      await disconnectMysql(sql)
      return async () => {
        await sql(`grant insert on ${NAME}.* to ${USER}@'%'`)
        await disconnectMysql(sql)
      }
    },
    subject: 'the table whitelist',
    reason: /INSERT command denied to user 'limited'/,
  },
  'has too many connections': {
    begin: async (sql, administrator) => {
      await sql('set global max_connections = 10')
      await disconnectMysql(sql)
      const taken: { readonly end: () => Promise<void> }[] = []
      await takeConnections(administrator, taken)
      return async () => {
        await sql('set global max_connections = 100')
        for (const connection of taken) await connection.end()
      }
    },
    subject: 'the database',
    reason: /Too many connections/,
  },
}

overServers(
  'a tracker whose database server',
  () => ({}),
  (server) => {
    const causes = () => (server().options(NAME).driver === 'mysql' ? MYSQL : POSTGRESQL)
    const sql: Sql = (...lines) => runSql(server().options(NAME), ...lines)
    const acknowledged: string[] = []
    let completed = 0
    let tracker: TrackerProcess
    let client: UdpClient

    const list = async (infoHash: string) => {
      const response = await fetch(`${tracker.api}/api/v2/whitelist`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ info_hash: infoHash }),
      })
      await response.text()
      if (response.status < 300) acknowledged.push(infoHash)
      return { status: response.status, retryAfter: response.headers.get('retry-after') }
    }
    const aHash = () => anInfoHash().toString('hex')
    const complete = async () => {
      const peer = { infoHash: anInfoHash(), port: 6881, peerId: '-XX0000-000000006881' }
      await client.announce({ ...peer, left: 1n })
      await client.announce({ ...peer, left: 0n, event: 1 })
      completed++
    }
    const until = async (isSo: () => Promise<boolean>) => {
      while (tracker.isRunning && !(await isSo())) await pause(50)
    }

    beforeAll(async () => {
      const administrator = server().options(server().firstDatabase)
      const account =
        administrator.driver === 'mysql'
          ? [
              `create database ${NAME}`,
              `create user ${USER}@'%' identified by '${PASSWORD}'`,
              `grant all on ${NAME}.* to ${USER}@'%'`,
            ]
          : [`create role ${USER} login password '${PASSWORD}'`, `create database ${NAME} owner ${USER}`]
      await runSql(administrator, ...account)
      tracker = await TrackerProcess.start(
        aDocument({
          udp: ['127.0.0.1:0'],
          hasApi: true,
          database: databaseOf({ ...server().options(NAME), user: USER }),
          more: '[core.tracker_policy]\npersistent_torrent_completed_stat = true\ncompleted_write_interval = 1',
        }),
      )
      client = await UdpClient.open(tracker.udp[0] ?? '')
    })
    afterAll(async () => {
      client.close()
      await tracker[Symbol.asyncDispose]()
    })

    it.each(Object.keys(POSTGRESQL))('%s answers 503, names the cause, and loses nothing', async (name) => {
      const { begin, subject, reason } = causes()[name] as Cause
      expect((await list(aHash())).status).toBe(201)
      await complete()
      const said = tracker.log.length
      const refused = aHash()
      const end = await begin(sql, server().options(NAME))
      try {
        for (let time = 0; time < 3; time++) expect(await list(refused)).toEqual({ status: 503, retryAfter: '5' })
        await complete()
        await tracker.printed((line) => line.includes('download counts cannot be written'))
      } finally {
        await end()
      }
      await until(async () => (await list(refused)).status < 300)
      const total = 'select sum(completed) as value from torrents'
      await until(async () => Number((await sql(total))[0]?.['value']) >= completed)
      expect(Number((await sql(total))[0]?.['value'])).toBe(completed)
      const rows = await sql('select info_hash as value from whitelist')
      expect(rows.map(({ value }) => String(value)).sort()).toEqual([...new Set(acknowledged)].sort())

      const lines = tracker.log.slice(said)
      const told = lines.filter(({ level, msg }) => level === 'ERROR' && msg.startsWith(`${subject} cannot be used: `))
      // A connection that has just been ended may be a cause of its own.
      expect(told.filter(({ msg }) => reason.test(msg))).toHaveLength(1)
      expect(lines.map(({ msg }) => msg)).toContain(`${subject} is available again`)
      expect(lines.filter(({ msg }) => msg.includes('internal error'))).toEqual([])
    })
  },
)

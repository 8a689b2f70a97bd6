// What HTTP connections cost: memory while they are idle, and no file descriptor once they have ended.

import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { announceTarget } from '../fixtures/announce-targets.ts'
import { aDocument, HTTP_DRIVERS } from './documents.ts'
import { get } from './http-client.ts'
import { ready } from './tidy.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { anInfoHash } from './udp-client.ts'

const CONNECTIONS = 10_000
const MAX_MEMORY_BYTES = 32 * 1024 * 1024
/** Files of the test itself, and of the tracker. */
const OTHER_FILES = 1000
/** Of each kind below. */
const ROUNDS = 4000
const AT_ONCE = 50

const onLinux = process.platform === 'linux' ? it : it.skip

function document(httpDriver: 'plain' | 'node'): string {
  return aDocument({
    httpDriver,
    http: ['127.0.0.1:0'],
    more: `
[http_tracker_server]
max_connections = 20000
max_connections_per_address = 20000
keep_alive_timeout = 600
`,
  }).replace('udp = 2\nhttp = 2', 'udp = 1\nhttp = 1')
}

function residentBytes({ pid }: TrackerProcess): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) * 1024
}

function openFiles({ pid }: TrackerProcess): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** As many as this process and the tracker may open. */
function possibleConnections(): number {
  const [, limit] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return limit === 'unlimited' ? CONNECTIONS : Math.min(CONNECTIONS, Number(limit) - OTHER_FILES)
}

class Client {
  readonly socket: Socket
  readonly ended: Promise<void>
  received = ''

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.socket = connect({ host: hostname, port: Number(port) })
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1')
    })
    this.ended = new Promise((resolve) => this.socket.on('close', () => resolve()))
  }

  /** Sends it, and waits for something to arrive. */
  async ask(bytes: string): Promise<void> {
    this.socket.write(bytes)
    if (this.received === '') await once(this.socket, 'data')
  }
}

/** `count` times, some at once. */
async function many(count: number, run: () => Promise<void>): Promise<void> {
  let left = count
  const runs = async (): Promise<void> => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, runs))
}

function request(target: string, ...lines: string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: t', ...lines, '', ''].join('\r\n')
}

onLinux('10,000 idle connections of the plain driver take less than 32 MiB', async () => {
  const tracker = await ready(document('plain'))
  const [url = ''] = tracker.http
  const target = announceTarget(anInfoHash())
  await many(2000, async () => void (await get(url, target)))
  const [before, files] = [residentBytes(tracker), openFiles(tracker)]
  const clients: Client[] = []
  const count = possibleConnections()
  await many(count, async () => {
    const client = new Client(url)
    clients.push(client)
    await client.ask(request(target))
  })
  expect(clients.every(({ received }) => received.startsWith('HTTP/1.1 200'))).toBe(true)
  expect(openFiles(tracker) - files).toBe(count)
  expect(residentBytes(tracker) - before).toBeLessThan((MAX_MEMORY_BYTES * count) / CONNECTIONS)
  for (const { socket } of clients) socket.destroy()
  await Promise.all(clients.map(({ ended }) => ended))
  while (openFiles(tracker) > files) await setTimeout(10)
})

onLinux.each(HTTP_DRIVERS)('20,000 connections leave no file open, however they end (%s driver)', async (driver) => {
  const tracker = await ready(document(driver))
  const [url = ''] = tracker.http
  const target = announceTarget(anInfoHash())
  const endings: ((client: Client) => Promise<unknown>)[] = [
    async (client) => client.ask(request(target, 'Connection: close')),
    async (client) => client.ask(request('/health_check', 'Connection: close')),
    async (client) => {
      await client.ask(request(target))
      client.socket.end()
    },
    async (client) => {
      await once(client.socket, 'connect')
      client.socket.write(request(target).slice(0, 30))
      client.socket.end()
    },
    async (client) => {
      await once(client.socket, 'connect')
      client.socket.write(request(target).repeat(20))
      client.socket.resetAndDestroy()
    },
  ]
  await get(url, '/health_check')
  const files = openFiles(tracker)
  for (const end of endings) {
    await many(ROUNDS, async () => {
      const client = new Client(url)
      await end(client)
      await client.ended
    })
  }
  // A timeout of the test: descriptors are left.
  while (openFiles(tracker) > files) await setTimeout(10)
  expect((await get(url, target)).status).toBe(200)
})

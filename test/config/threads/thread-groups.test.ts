// Groups of real threads: the rows of the table only, and a third one whose threads report what they are sent.

import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { CryptoRandomness } from '../../../src/adapters/outbound/system/crypto-randomness.ts'
import { readTimeBase } from '../../../src/adapters/outbound/system/time-base.ts'
import type { Logger } from '../../../src/config/process/logger.ts'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import type { Settings } from '../../../src/config/settings/settings.ts'
import { ThreadGroups } from '../../../src/config/threads/thread-groups.ts'
import { HTTP_THREADS, type ThreadKind } from '../../../src/config/threads/thread-kinds.ts'
import { plannedListeners, planThreads, threadNames } from '../../../src/config/threads/thread-plan.ts'
import { createSharedMemory } from '../../../src/config/wiring/shared-memory.ts'
import { DEFAULT_ADDRESS_RULES } from '../../../src/domain/swarm/address-rules.ts'
import { aThirdKind } from './third-kind.ts'

const MEBIBYTE = 1 << 20
const running: ThreadGroups[] = []
const servers: Server[] = []
afterEach(async () => {
  for (const groups of running.splice(0)) await groups.stop(1000)
  for (const server of servers.splice(0)) server.close()
})

async function listeningOn(...ports: readonly number[]): Promise<Settings> {
  const { settings } = await readSettings(undefined, { env: {}, readFile: () => '' })
  const [udp] = settings.udpListeners
  const [http] = settings.httpListeners
  return {
    ...settings,
    threads: { ...settings.threads, udp: 1, http: 1 },
    udpListeners: ports.map((port) => ({ ...udp, host: '127.0.0.1', port })),
    httpListeners: ports.map((port) => ({ ...http, host: '127.0.0.1', port })),
  }
}

async function groupsOf(settings: Settings, kinds: readonly ThreadKind[]) {
  const lines: string[] = []
  const logger: Logger = { log: (_, target, message) => void lines.push(`${target}: ${message}`) }
  const plans = await planThreads(settings, 1, kinds)
  const memory = createSharedMemory(
    {
      swarmBudgetBytes: 16 * MEBIBYTE,
      addressRules: DEFAULT_ADDRESS_RULES,
      access: { torrents: 1, keys: 1, bans: 1 },
      threads: threadNames(plans).length,
      listeners: plannedListeners(plans, settings).length,
    },
    new CryptoRandomness(),
    readTimeBase(),
  )
  const deaths: Error[] = []
  const groups = new ThreadGroups(plans, {
    settings,
    memory,
    logger,
    onTraced: () => {},
    onDeath: (reason) => deaths.push(reason),
  })
  running.push(groups)
  return { groups, lines, deaths }
}

async function aTakenPort(): Promise<{ port: number; server: Server }> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, server }
}

describe('groups of threads', () => {
  it('of an additional kind are claimed, started, sent commands and stopped by its row alone', async () => {
    const { groups, lines, deaths } = await groupsOf(await listeningOn(0, 0), [HTTP_THREADS, aThirdKind()])
    await groups.claim(false)
    await groups.start()
    const services = groups.services
    expect(services.map(({ type, scheme, host }) => `${type} ${scheme} ${host}`)).toEqual([
      'http_tracker http 127.0.0.1',
      'http_tracker http 127.0.0.1',
      'http_tracker https 127.0.0.1',
      'http_tracker https 127.0.0.1',
    ])
    const ports = services.map(({ port }) => port)
    expect(new Set(ports).size).toBe(4)
    expect(ports).not.toContain(0)
    groups.reload()
    groups.succeed()
    await groups.stop(1000)
    const ofThird = lines.filter((line) => line.startsWith('EVENTS: ')).map((line) => line.slice('EVENTS: '.length))
    const started = (thread: number) =>
      JSON.stringify({ thread, isFirst: thread === 3, siblings: 3, secret: [7, 7], ports: ports.slice(2) })
    expect(ofThird.slice(0, 8)).toEqual([
      'Starting on: https://127.0.0.1:0',
      'Starting on: https://127.0.0.1:0',
      started(3),
      started(4),
      started(5),
      '3 threads, a door',
      `Started on: https://127.0.0.1:${ports[2]}`,
      `Started on: https://127.0.0.1:${ports[3]}`,
    ])
    expect(ofThird.slice(8).sort()).toEqual([3, 4, 5].flatMap((thread) => [`${thread}: reload`, `${thread}: stop`]))
    expect(deaths).toEqual([])
  })

  it('cannot share a port with a group of another kind', async () => {
    const { port, server } = await aTakenPort()
    server.close()
    const { groups } = await groupsOf(await listeningOn(port), [HTTP_THREADS, aThirdKind()])
    await expect(groups.claim(false)).rejects.toThrow(`cannot listen on https://127.0.0.1:${port}: `)
    expect(groups.services).toEqual([])
  })

  it('claim only ports that the system chooses if another process is to be taken over from', async () => {
    const { port } = await aTakenPort()
    const { groups } = await groupsOf(await listeningOn(port, 0), [aThirdKind({ wantedCount: () => 1 })])
    await expect(groups.claim(false)).rejects.toThrow(`cannot listen on https://127.0.0.1:${port}: `)
    await groups.claim(true)
    await groups.start()
    const [kept, chosen] = groups.services
    expect(kept.port).toBe(port)
    expect(chosen.port).not.toBe(0)
  })

  it('are empty if a kind has no listeners, and then no secret is opened', async () => {
    const openSecret = () => {
      throw new Error('opened')
    }
    const { groups, lines } = await groupsOf(await listeningOn(), [aThirdKind({ openSecret })])
    await groups.claim(false)
    await groups.start()
    expect(groups.services).toEqual([])
    expect(lines).toEqual([])
  })
})

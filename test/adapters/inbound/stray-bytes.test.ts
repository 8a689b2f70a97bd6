// Data that follows a request that was read: the request's reply is sent, complete, and a 400 follows only if the
// client may expect another reply. The same on every listener.

import { once } from 'node:events'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type HealthListener, openHealthListener } from '../../../src/adapters/inbound/health/health-server.ts'
import type { RunningTracker } from '../../../src/adapters/inbound/health/running-tracker.ts'
import { ANNOUNCE_QUERY } from '../../fixtures/http-vectors.ts'
import { closeAll, connectTo, DRIVERS, get, listen, splitReplies, untilClosed } from './http/http-exchange.ts'
import { closeAll as closeManagement, listen as listenToManagement, MANAGER } from './rest/rest-fixture.ts'

const health: HealthListener[] = []

afterEach(async () => {
  await closeAll()
  await closeManagement()
  for (const listener of health.splice(0)) await listener.close(0)
})

async function listenToHealth(askDatabase: () => Promise<void> = async () => undefined): Promise<number> {
  const tracker: RunningTracker = {
    services: () => [],
    state: () => 'ready',
    hasFailed: () => false,
    isUnderAttack: () => false,
    pingDatabase: askDatabase,
  }
  const probe = async () => ({ Ok: '' })
  const report = (error: Error): void => {
    throw error
  }
  const listener = await openHealthListener(
    { host: '127.0.0.1', port: 0, allowedHosts: ['t'], limitsPrivate: false },
    tracker,
    { udp: probe, http: probe },
    report,
  )
  health.push(listener)
  return listener.address.port
}

const bearer = `Authorization: Bearer ${MANAGER}`

interface Listener {
  readonly on: string
  readonly target: string
  readonly open: () => Promise<number>
  /** The reply is sent before anything after its request is read. */
  readonly isImmediate: boolean
  /** So is the reply to a request that is pipelined after it. */
  readonly isNextImmediate?: boolean
}

const LISTENERS: readonly Listener[] = [
  ...DRIVERS.flatMap((driver) => {
    const on = `the tracker with its ${driver} driver`
    const open = async () => (await listen({ driver })).port
    return [
      { on, target: `/announce?${ANNOUNCE_QUERY}`, open, isImmediate: true, isNextImmediate: driver === 'plain' },
      { on, target: '/health_check', open, isImmediate: false },
    ]
  }),
  {
    on: 'management',
    target: '/api/v2/stats',
    open: async () => (await listenToManagement()).port,
    isImmediate: false,
  },
  {
    on: 'management',
    target: '/api/v1/stats',
    open: async () => (await listenToManagement()).port,
    isImmediate: false,
  },
  { on: 'health', target: '/readyz', open: () => listenToHealth(), isImmediate: false },
]

/** A request with these additional header lines. */
function request(target: string, version: string, ...lines: string[]) {
  return [`GET ${target} HTTP/${version}`, 'Host: t', bearer, ...lines, '', ''].join('\r\n')
}

/** The statuses of all replies to `bytes`, sent in one write, until the other end closes. */
async function statuses(port: number, bytes: string): Promise<number[]> {
  const socket = connectTo(port)
  const answer = untilClosed(socket)
  socket.write(bytes, 'latin1')
  return splitReplies(await answer).map(({ status }) => status)
}

const STRAY = [
  ['a NUL', '\0'],
  ['a stray byte', 'x'],
  ['a byte above 0x7f', '\xff'],
  ['a line end and a byte', '\r\nx'],
  ['a second request', 'GET /nothing HTTP/1.1\r\nHost: t\r\n\r\n'],
  ['a second request that closes', 'GET /nothing HTTP/1.0\r\n\r\n'],
  ['not a request', 'not a request\r\n\r\n'],
] as const

describe.each(LISTENERS)('on $on, after a request for $target', ({ target, open, isImmediate, isNextImmediate }) => {
  it.each(STRAY)('that is the last of its connection, %s is not answered', async (_, stray) => {
    const port = await open()
    expect(await statuses(port, request(target, '1.0') + stray)).toEqual([200])
    expect(await statuses(port, request(target, '1.1', 'Connection: close') + stray)).toEqual([200])
  })

  it.each(['\0', 'x', 'not a request\r\n\r\n'])('on a persistent connection, %j ends it', async (stray) => {
    const answers = await statuses(await open(), request(target, '1.1') + stray)
    expect(answers).toEqual(isImmediate ? [200, 400] : [200])
  })

  it('a second request is answered in turn, and a malformed third one ends the connection', async () => {
    const answers = await statuses(await open(), `${request(target, '1.1') + request(target, '1.1')}\0`)
    expect(answers).toEqual(isNextImmediate ? [200, 200, 400] : [200, 200])
  })

  it('400 follows a reply that was received, if the next input is not a request', async () => {
    const socket = connectTo(await open())
    const answer = untilClosed(socket)
    socket.write(request(target, '1.1'))
    await once(socket, 'data')
    socket.write('not a request\r\n\r\n')
    expect(splitReplies(await answer).map(({ status }) => status)).toEqual([200, 400])
  })
})

describe('a listener', () => {
  it('finishes a slow reply whatever follows its request, however often', async () => {
    let answers = (): void => undefined
    const slow = new Promise<void>((resolve) => {
      answers = resolve
    })
    let isAsked = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    const port = await listenToHealth(() => {
      isAsked()
      return slow
    })
    const socket = connectTo(port)
    const answer = untilClosed(socket)
    socket.write(request('/readyz', '1.1'))
    await asked
    for (let i = 0; i < 3; i++) {
      socket.write('\0stray')
      // All data received before this exchange has been read after it.
      expect((await get(port, '/livez')).status).toBe(200)
    }
    answers()
    const [reply, ...more] = splitReplies(await answer)
    expect([reply?.status, reply?.headers.get('connection'), more]).toEqual([200, 'close', []])
  })

  it('owes no reply to a request with a malformed body', async () => {
    const { port } = await listenToManagement()
    const lines = ['POST /api/v2/whitelist HTTP/1.1', 'Host: t', bearer, 'Content-Type: application/json']
    const bytes = [...lines, 'Transfer-Encoding: chunked', '', 'no chunk', ''].join('\r\n')
    expect(await statuses(port, bytes)).toEqual([400])
    expect(await statuses(port, request('/api/v2/stats', '1.1') + bytes)).toEqual([200])
  })

  it.each(DRIVERS)('adds nothing to a reply with which it has closed (%s driver)', async (driver) => {
    const { port } = await listen({ driver })
    expect(await statuses(port, `GET /announce HTTP/1.1\r\n\r\nx`)).toEqual([400])
    const body = `GET /announce?${ANNOUNCE_QUERY} HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\n12`
    expect(await statuses(port, body)).toEqual([200])
  })
})

// What the plain driver does with connections: order, hand-over, time limits, budgets, shortage of descriptors.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { EMFILE, loadTcpCalls, type TcpCalls } from '../../../../src/adapters/linux/tcp-calls.ts'
import { COUNTER_NAMES } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { ANNOUNCE_QUERY } from '../../../fixtures/http-vectors.ts'
import {
  type Changes,
  closeAll,
  connectTo,
  DRIVERS,
  exchange,
  get,
  listen as listenWith,
  type Opened,
  splitReplies,
  untilClosed,
  untilReplies,
} from './http-exchange.ts'

const ANNOUNCE = `/announce?${ANNOUNCE_QUERY}`
const REQUEST = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`
const LAST = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
const HASHES = Array.from({ length: 74 }, (_, i) => `info_hash=${`%${(i + 16).toString(16)}`.repeat(20)}`).join('&')
/** Has a reply of some kilobytes. */
const SCRAPE = `GET /scrape?${HASHES} HTTP/1.1\r\nHost: t\r\n\r\n`

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip

afterEach(closeAll)

async function listen(changes: Changes = {}): Promise<Opened & { readonly plain: NonNullable<Opened['plain']> }> {
  const { plain, ...opened } = await listenWith({ driver: 'plain', ...changes })
  if (plain === undefined) throw new Error('no plain driver')
  return { ...opened, plain }
}

function announceAt(port: number, ending = ''): string {
  return `GET ${ANNOUNCE}&port=${port} HTTP/1.1\r\nHost: t\r\n${ending}\r\n`
}

/** Of `untilReplies`. */
function forget(socket: Socket): void {
  for (const event of ['close', 'data', 'error']) socket.removeAllListeners(event)
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn()
}

/** A connection on which a request was answered. */
async function keptConnection(port: number, localAddress?: string): Promise<Socket> {
  const socket = connectTo(port, '127.0.0.1', localAddress)
  const reply = untilReplies(socket, 1)
  socket.write(REQUEST)
  await reply
  forget(socket)
  return socket
}

/** A client, and another descriptor of the server's end of its connection. */
async function connection(): Promise<{ readonly client: Socket; readonly fd: number }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectTo((server.address() as AddressInfo).port)
  const [accepted] = await once(server, 'connection')
  const fd = (await loadTcpCalls()).duplicate(accepted._handle.fd)
  accepted.destroy()
  server.close()
  return { client, fd }
}

/** Sends many scrapes and reads nothing until the driver has handed the connection over. */
async function unreadingClient({ port, plain }: Awaited<ReturnType<typeof listen>>, bytes: string): Promise<Socket> {
  const socket = connectTo(port)
  socket.pause()
  socket.on('error', () => {})
  socket.write(bytes)
  await until(() => plain.handedOver > 0)
  return socket
}

describeOnLinux('requests over the plain driver', () => {
  it('stay there while they are plain', async () => {
    const { port, plain, tracker } = await listen()
    const socket = connectTo(port)
    for (let i = 1; i <= 20; i++) {
      const reply = untilReplies(socket, 1)
      socket.write(announceAt(i))
      await reply
      forget(socket)
    }
    expect(tracker.announces.map(({ port }) => port)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect([plain.handedOver, plain.count]).toEqual([0, 1])
    socket.destroy()
    await until(() => plain.count === 0)
  })

  it.each([2, 4, 5, 50, 500])('are answered in order if %i are pipelined', async (count) => {
    const { port, counters, tracker } = await listen()
    const socket = connectTo(port)
    const replies = untilClosed(socket)
    const ports = Array.from({ length: count }, (_, i) => i + 1)
    const odd = (port: number) => (port % 3 === 0 ? SCRAPE : '')
    socket.write(
      ports.map((port) => odd(port) + announceAt(port, port === count ? 'Connection: close\r\n' : '')).join(''),
    )
    const kinds = splitReplies(await replies).map(({ body }) => (body.startsWith('d5:files') ? 'scrape' : 'announce'))
    expect(kinds).toEqual(ports.flatMap((port) => (port % 3 === 0 ? ['scrape', 'announce'] : ['announce'])))
    expect(tracker.announces.map(({ port }) => port)).toEqual(ports)
    expect(counters.of('http_requests')).toBe(kinds.length)
  })

  it('are handed over in two pieces, cut at any byte, and the next ones too', async () => {
    const { port, plain, tracker } = await listen({ limits: { maxConnectionsPerAddress: 1000 } })
    for (let cut = 1; cut < REQUEST.length; cut++) {
      const socket = connectTo(port)
      socket.setNoDelay(true)
      const replies = untilReplies(socket, 2)
      socket.write(REQUEST.slice(0, cut))
      await until(() => plain.handedOver === cut)
      socket.write(`${REQUEST.slice(cut)}${REQUEST}`)
      await replies
      socket.destroy()
    }
    expect(tracker.announces).toHaveLength(2 * (REQUEST.length - 1))
  })

  it('of a client that has sent its end are answered', async () => {
    const { port, tracker } = await listen()
    const socket = connectTo(port)
    const answer = untilClosed(socket)
    socket.end(REQUEST)
    expect(splitReplies(await answer)).toMatchObject([{ status: 200 }])
    expect(tracker.announces).toHaveLength(1)
  })

  it('of a kept connection whose end came with its last request are answered, and then it is closed', async () => {
    const { port, plain, tracker } = await listen({ limits: { keepAliveTimeoutMs: 1e6 } })
    const socket = await keptConnection(port)
    const answer = untilClosed(socket)
    socket.end(REQUEST)
    expect(splitReplies(await answer)).toMatchObject([{ status: 200 }])
    expect([tracker.announces.length, plain.handedOver]).toEqual([2, 0])
    await until(() => plain.count === 0)
  })

  it.each([0, 1, REQUEST.length])(
    'that fill the memory of a read leave none unread behind them (%i bytes more)',
    async (more) => {
      const { port, tracker } = await listen()
      // As long as heads may be: two of them fill it.
      const long = announceAt(1, `X: ${'x'.repeat(8192 - announceAt(1, 'X: \r\n').length)}\r\n`)
      expect(long).toHaveLength(8192)
      const socket = await keptConnection(port)
      const replies = untilReplies(socket, 3)
      socket.write(`${long}${long}${REQUEST.slice(0, more)}`)
      await until(() => tracker.announces.length >= 3)
      socket.write(REQUEST.slice(more))
      await replies
      socket.destroy()
    },
  )

  it('of HTTP/1.0 keep the connection if they ask for it', async () => {
    const { port, plain } = await listen()
    const socket = connectTo(port)
    const answer = untilClosed(socket)
    const old = REQUEST.replace('HTTP/1.1', 'HTTP/1.0')
    socket.write(old.replace('\r\n\r\n', '\r\nConnection: keep-alive\r\n\r\n') + old)
    const replies = splitReplies(await answer)
    expect(replies.map(({ headers }) => headers.get('connection'))).toEqual(['keep-alive', 'close'])
    expect(plain.handedOver).toBe(0)
  })

  it('are not read after the last one', async () => {
    const { port, counters, tracker } = await listen({ limits: { maxRequestsPerConnection: 3 } })
    const socket = connectTo(port)
    const answer = untilClosed(socket)
    socket.write(REQUEST.repeat(10))
    expect(splitReplies(await answer).map(({ headers }) => headers.get('connection'))).toEqual([
      undefined,
      undefined,
      'close',
    ])
    expect([tracker.announces.length, counters.of('http_requests')]).toEqual([3, 3])
  })

  it('are measured', async () => {
    const { port, measurements } = await listen()
    await get(port, ANNOUNCE)
    await get(port, `/scrape?${HASHES}`)
    expect(measurements.times('http_announce')).toBe(1)
    measurements.isOn = false
    await get(port, ANNOUNCE)
    expect(measurements.times('http_announce')).toBe(1)
  })

  it('are counted as with node:http', async () => {
    const targets = [
      ANNOUNCE,
      '/announce',
      `/announce?${'&a=b'.repeat(129)}`,
      `/scrape?${HASHES}`,
      '/scrape',
      '/scrape/?info_hash=x',
      `/0123456789abcdef0123456789abcdef${ANNOUNCE}`,
      '/health_check',
      '/',
    ]
    const lines = ['Accept-Encoding: identity', 'Origin: null', 'X-Forwarded-For: 9.9.9.9', 'User-Agent: a', 'Bad']
    const totals: (readonly (readonly [string, number])[])[] = []
    for (const driver of DRIVERS) {
      const { port, counters } = await listenWith({ driver })
      for (const target of targets) for (const line of lines) await get(port, target, line)
      for (const version of ['1.0', '1.1']) await exchange(port, `GET ${ANNOUNCE} HTTP/${version}\r\n\r\n`)
      // The random intervals all have four digits.
      totals.push(COUNTER_NAMES.map((name) => [name, counters.of(name)] as const))
    }
    expect(totals[1]).toEqual(totals[0])
  })
})

describeOnLinux('a client of the plain driver that does not read', () => {
  it('receives everything in order once it reads', async () => {
    const opened = await listen({ limits: { maxRequestsPerConnection: 1_000_000 } })
    const count = 3000
    const socket = await unreadingClient(opened, SCRAPE.repeat(count) + LAST)
    const replies = splitReplies(await untilClosed(socket.resume()))
    expect(replies).toHaveLength(count + 1)
    const scraped = replies.slice(0, -1)
    expect(new Set(scraped.map(({ body }) => body)).size).toBe(1)
    expect(scraped.every(({ status }) => status === 200)).toBe(true)
    expect(replies.at(-1)?.body).toContain('8:intervali')
    expect(opened.tracker.announces).toHaveLength(1)
  })

  it.each([1, 100, 1000])('receives the rest of its last reply if the kernel takes %i bytes', async (taken) => {
    const calls = await loadTcpCalls()
    const send: TcpCalls['send'] = (fd, bytesAt, length, flags) =>
      calls.send(fd, bytesAt, Math.min(length, taken), flags)
    const { port, plain, tracker } = await listen({ calls: { ...calls, send } })
    for (const bytes of [REQUEST + SCRAPE + LAST, SCRAPE + SCRAPE + LAST + REQUEST]) {
      const socket = connectTo(port)
      const answer = untilClosed(socket)
      socket.write(bytes)
      const replies = splitReplies(await answer)
      expect(replies.map(({ headers }) => headers.get('connection'))).toEqual([undefined, undefined, 'close'])
    }
    expect([plain.handedOver, tracker.announces.length, tracker.scrapes.length]).toEqual([2, 3, 3 * 74])
  })

  it('is closed by the rule for replies that are not read', async () => {
    const opened = await listen({ limits: { idleTimeoutMs: 200, maxRequestsPerConnection: 1_000_000 } })
    const socket = await unreadingClient(opened, SCRAPE.repeat(4000))
    await new Promise((resolve) => socket.on('close', resolve))
  })
})

describeOnLinux('a connection of the plain driver', () => {
  it('is closed if it sends nothing for the time of a head, and if it is idle for longer than may be', async () => {
    const { port, plain, clock } = await listen({
      stopsClock: true,
      limits: { headersTimeoutMs: 10_000, keepAliveTimeoutMs: 5000 },
    })
    const silent = untilClosed(connectTo(port))
    const idle = await keptConnection(port)
    const idleEnd = untilClosed(idle)
    await until(() => plain.count === 2)
    clock.seconds += 5
    for (let i = 0; i < 10; i++) await nextTurn()
    expect(plain.count).toBe(2)
    clock.seconds += 1
    expect(await idleEnd).toBe('')
    expect(plain.count).toBe(1)
    clock.seconds += 4
    for (let i = 0; i < 10; i++) await nextTurn()
    expect(plain.count).toBe(1)
    clock.seconds += 1
    expect(await silent).toBe('')
  })

  it('stays open while it is used', async () => {
    const { port, plain, clock } = await listen({ stopsClock: true })
    const socket = await keptConnection(port)
    for (let i = 0; i < 10; i++) {
      clock.seconds += 5
      const reply = untilReplies(socket, 1)
      socket.write(REQUEST)
      await reply
      forget(socket)
    }
    expect(plain.count).toBe(1)
  })

  it('that was handed over has the time limits of node:http', async () => {
    const { port, plain } = await listen({
      limits: { headersTimeoutMs: 100, requestTimeoutMs: 150, checkingIntervalMs: 50 },
    })
    expect((await exchange(port, 'GET /announce')).status).toBe(408)
    const body = `POST ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nx`
    expect((await exchange(port, body)).status).toBe(405)
    const second = connectTo(port)
    const answer = untilClosed(second)
    second.write(`${REQUEST}GET /announce`)
    expect(splitReplies(await answer).map(({ status }) => status)).toEqual([200, 408])
    expect(plain.handedOver).toBe(3)
  })

  it('that was handed over is kept, and closed when it is idle', async () => {
    const { port, plain } = await listen({ limits: { keepAliveTimeoutMs: 50 } })
    const socket = connectTo(port)
    const first = untilReplies(socket, 1)
    socket.write(`GET /health_check HTTP/1.1\r\nHost: t\r\n\r\n`)
    await first
    expect(plain.handedOver).toBe(1)
    forget(socket)
    const rest = untilClosed(socket)
    socket.write(REQUEST)
    expect(splitReplies(await rest)).toMatchObject([{ status: 200 }])
  })

  it.each(['GET /announce', `${REQUEST}x`, SCRAPE.repeat(50)])(
    'may be reset at any moment (after %.13j)',
    async (bytes) => {
      const { port, plain, counters, events } = await listen({ limits: { maxConnectionsPerAddress: 1000 } })
      for (let i = 0; i < 100; i++) {
        const socket = connectTo(port)
        socket.on('error', () => {})
        await once(socket, 'connect')
        socket.write(bytes)
        for (let turns = i % 5; turns > 0; turns--) await nextTurn()
        socket.resetAndDestroy()
      }
      expect((await get(port, ANNOUNCE)).status).toBe(200)
      await until(() => plain.count === 0)
      expect([counters.of('internal_errors'), events]).toEqual([0, []])
    },
  )

  it('that is owed nothing gives way to others of its network', async () => {
    const limits = { maxConnections: 12, maxConnectionsPerAddress: 1, appliesToPrivate: true }
    const { port, plain, counters } = await listen({ limits })
    const ends: Promise<string>[] = []
    for (let i = 2; i < 6; i++) ends.push(untilClosed(await keptConnection(port, `127.0.0.${i}`)))
    expect([plain.count, counters.of('http_connections_displaced_by_prefix')]).toEqual([3, 1])
    await ends[0]
    ends.push(untilClosed(await keptConnection(port, '127.0.0.5')))
    await ends[3]
    expect([plain.count, counters.of('http_connections_displaced_by_address')]).toEqual([3, 1])
    expect(counters.of('http_connections_refused')).toBe(0)
  })

  it('counts to the total after it was handed over with the rest of its last reply', async () => {
    const { port, listener, counters } = await listen({ limits: { maxConnections: 1 } })
    const { client, fd } = await connection()
    const end = untilClosed(client.pause())
    const unsent = new Uint8Array(64 * 1024 * 1024)
    listener.adopt({ fd, listener: 0, unread: new Uint8Array(0), unsent, isLast: true })
    expect(await exchange(port, `POST ${LAST.slice(4)}`)).toMatchObject({ status: 405 })
    expect(counters.of('http_connections_displaced_by_total')).toBe(1)
    client.resume()
    expect((await end).length).toBeLessThan(unsent.length)
  })

  it('may send one more request when the listener closes', async () => {
    const { port, listener, plain } = await listen()
    const sockets = [await keptConnection(port), await keptConnection(port)]
    const answers = sockets.map(untilClosed)
    const closed = listener.close(60_000)
    await nextTurn()
    sockets[0]?.write(REQUEST.repeat(3))
    expect(splitReplies((await answers[0]) ?? '').map(({ headers }) => headers.get('connection'))).toEqual(['close'])
    await closed
    expect(await answers[1]).toBe('')
    expect(plain.count).toBe(0)
  })
})

describeOnLinux('without descriptors for more connections, the plain driver', () => {
  /** The real calls, which fail as long as `errno` is not 0. */
  async function failingCalls() {
    const calls = await loadTcpCalls()
    const shortage = { errno: 0, calls: 0, waits: 0 }
    let hasFailed = false
    return {
      shortage,
      calls: {
        ...calls,
        accept4: (fd: number, addressAt: number, lengthAt: number, flags: number) => {
          hasFailed = shortage.errno !== 0
          if (!hasFailed) return calls.accept4(fd, addressAt, lengthAt, flags)
          shortage.calls++
          return -1
        },
        recv: (fd: number, bytesAt: number, length: number, flags: number) => {
          hasFailed = false
          return calls.recv(fd, bytesAt, length, flags)
        },
        errno: () => (hasFailed ? shortage.errno : calls.errno()),
      },
    }
  }

  it('accepts nothing until a second has passed, and counts that', async () => {
    const { calls, shortage } = await failingCalls()
    const { port, counters, clock } = await listen({ calls, stopsClock: true })
    shortage.errno = EMFILE
    const answer = get(port, ANNOUNCE)
    await until(() => counters.of('http_accept_pauses') > 0)
    for (let i = 0; i < 100; i++) await nextTurn()
    expect([counters.of('http_accept_pauses'), shortage.calls]).toEqual([1, 1])
    clock.seconds++
    await until(() => shortage.calls === 2)
    shortage.errno = 0
    clock.seconds++
    expect((await answer).status).toBe(200)
    expect(counters.of('http_accept_pauses')).toBe(2)
  })

  it('accepts again once a connection is closed', async () => {
    const { calls, shortage } = await failingCalls()
    const { port, counters } = await listen({ calls, stopsClock: true })
    const held = await keptConnection(port)
    shortage.errno = EMFILE
    const answer = get(port, ANNOUNCE)
    await until(() => counters.of('http_accept_pauses') === 1)
    shortage.errno = 0
    held.destroy()
    expect((await answer).status).toBe(200)
  })

  it('still closes', async () => {
    const { calls, shortage } = await failingCalls()
    const { port, counters, listener } = await listen({ calls, stopsClock: true })
    shortage.errno = EMFILE
    const socket = connectTo(port)
    const end = untilClosed(socket)
    await until(() => counters.of('http_accept_pauses') === 1)
    await listener.close(0)
    expect(await end).toBe('')
  })
})

describe.each(DRIVERS)('an address for the %s driver', (driver) => {
  it.each([
    ['192.0.2.1', 'EADDRNOTAVAIL'],
    ['2001:db8::1', 'EADDRNOTAVAIL'],
  ])('that is not of this machine is named: %s', async (host, code) => {
    await expect(listenWith({ driver, host })).rejects.toMatchObject({ code, address: host })
  })

  it('may be IPv6, with any port', async () => {
    const { listener, port, tracker } = await listenWith({ driver, host: '::1' })
    expect(listener.address).toMatchObject({ family: 'IPv6', address: '::1' })
    expect(port).toBeGreaterThan(0)
    expect((await exchange(port, LAST, '::1')).status).toBe(200)
    expect(tracker.announces).toMatchObject([{ address: `${'00'.repeat(15)}01` }])
  })
})

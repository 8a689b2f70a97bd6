// What has arrived on several connections when the plain driver looks: each gets the replies to its own requests,
// whatever the others have sent. All sockets write in one turn of the event loop, before the driver's next turn.

import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ANNOUNCE_QUERY } from '../../../fixtures/http-vectors.ts'
import { closeAll, connectTo, listen, type Opened, splitReplies, untilClosed, untilReplies } from './http-exchange.ts'

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip

afterEach(closeAll)

/** By its port, the tracker tells it apart. */
function announce(port: number, ...lines: string[]): string {
  const query = ANNOUNCE_QUERY.replace(/&?port=\d+/, '')
  return `${[`GET /announce?${query}&port=${port} HTTP/1.1`, 'Host: t', ...lines].join('\r\n')}\r\n\r\n`
}

/** `count` connections on each of which a request has been answered. */
async function keptConnections({ port, tracker }: Opened, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let i = 0; i < count; i++) {
    const socket = connectTo(port)
    const reply = untilReplies(socket, 1)
    socket.write(announce(1000 + i))
    await reply
    for (const event of ['close', 'data', 'error']) socket.removeAllListeners(event)
    sockets.push(socket)
  }
  tracker.announces.length = 0
  return sockets
}

describeOnLinux('connections that send at the same time', () => {
  it.each([1, 2, 31, 32, 33, 100])('are all answered: %i', async (count) => {
    const opened = await listen({ driver: 'plain', limits: { maxConnectionsPerAddress: 200 } })
    const sockets = await keptConnections(opened, count)
    const replies = sockets.map((socket) => untilReplies(socket, 1))
    for (const [i, socket] of sockets.entries()) socket.write(announce(2000 + i))
    for (const reply of await Promise.all(replies)) expect(splitReplies(reply)).toMatchObject([{ status: 200 }])
    const ports = opened.tracker.announces.map(({ port }) => port)
    expect(ports.toSorted((a, b) => a - b)).toEqual(sockets.map((_, i) => 2000 + i))
    expect([opened.plain?.handedOver, opened.counters.of('internal_errors')]).toEqual([0, 0])
  })

  it('get what each of them has asked for', async () => {
    const opened = await listen({ driver: 'plain' })
    const sockets = await keptConnections(opened, 7)
    const [first, pipelined, odd, partial, last, rejected, gone] = sockets
    const answers = [
      untilReplies(first, 1),
      untilReplies(pipelined, 3),
      untilReplies(odd, 2),
      untilReplies(partial, 1),
      untilClosed(last),
      untilReplies(rejected, 1),
    ]
    first.write(announce(2001))
    pipelined.write(announce(2002) + announce(2003) + announce(2004))
    odd.write(`${announce(2005)}HEAD /announce HTTP/1.1\r\nHost: t\r\n\r\n`)
    partial.write(announce(2006).slice(0, 30))
    last.write(announce(2007, 'Connection: close'))
    rejected.write(`GET /announce?${'&a=b'.repeat(129)} HTTP/1.1\r\nHost: t\r\n\r\n`)
    gone.resetAndDestroy()
    await Promise.all([answers[0], answers[1], answers[4]])
    partial.write(announce(2006).slice(30))
    const statuses = (await Promise.all(answers)).map((text) => splitReplies(text).map(({ status }) => status))
    expect(statuses).toEqual([[200], [200, 200, 200], [200, 200], [200], [200], [400]])
    const ports = opened.tracker.announces.map(({ port }) => port)
    expect(ports.toSorted((a, b) => a - b)).toEqual([2001, 2002, 2003, 2004, 2005, 2006, 2007])
    expect([opened.plain?.handedOver, opened.counters.of('internal_errors')]).toEqual([2, 0])
  })

  it('are answered before any of them gives way to a newcomer', async () => {
    const limits = { maxConnections: 2, maxConnectionsPerAddress: 2 }
    const opened = await listen({ driver: 'plain', limits })
    const sockets = await keptConnections(opened, 2)
    const ends = sockets.map(untilClosed)
    const newcomers = [connectTo(opened.port), connectTo(opened.port)]
    for (const [i, socket] of sockets.entries()) socket.write(announce(2000 + i, 'Connection: close'))
    const replies = newcomers.map(untilClosed)
    for (const newcomer of newcomers) newcomer.write(announce(3000, 'Connection: close'))
    for (const end of await Promise.all(ends)) expect(splitReplies(end)).toMatchObject([{ status: 200 }])
    await Promise.all(replies)
    const ports = opened.tracker.announces.map(({ port }) => port)
    expect(ports).toEqual(expect.arrayContaining([2000, 2001]))
    expect(opened.counters.of('internal_errors')).toBe(0)
  })
})

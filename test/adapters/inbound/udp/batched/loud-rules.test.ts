// The rules against loud sources, run by the kernel on real sockets.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { loudRules } from '../../../../../src/adapters/inbound/udp/batched/loud-rules.ts'
import { openSocket } from '../../../../../src/adapters/inbound/udp/batched/open-socket.ts'
import { SocketFilter } from '../../../../../src/adapters/inbound/udp/batched/socket-filter.ts'
import { LOUD, LOUD_NETWORK, LoudLevel, LoudSources } from '../../../../../src/adapters/inbound/udp/loud-sources.ts'
import { SO_MEMINFO, SO_MEMINFO_BYTES, SOL_SOCKET } from '../../../../../src/adapters/linux/constants.ts'
import { loadLibc } from '../../../../../src/adapters/linux/libc.ts'
import { Family } from '../../../../../src/domain/announce.ts'

const SENT = 1000
const OPTIONS = { receiveBufferBytes: 4 << 20, sendBufferBytes: 1 << 20, sharesPorts: false }

function noted(family: Family, level: LoudLevel, address: readonly number[]): LoudSources {
  const loud = new LoudSources()
  loud.isBacklogged = true
  const words = new Int32Array(Uint8Array.from(address).buffer)
  // 70 others: jumps are longer than a conditional one can be.
  for (let other = 0; other < 70; other++) refuse(loud, family, level, 0x01010101 + (other << 16), other)
  refuse(loud, family, level, words[0], words[1] ?? 0)
  loud.everySecond()
  return loud
}

function refuse(loud: LoudSources, family: Family, level: LoudLevel, first: number, second: number): void {
  const count = level === LoudLevel.Network ? LOUD_NETWORK : LOUD
  for (let i = 0; i < count; i++) loud.note(family, level, first, second)
}

/** How many of the datagrams from `source` a socket with the rules drops. */
async function dropped(server: string, source: string, loud: LoudSources): Promise<number> {
  const libc = await loadLibc()
  const isIPv6 = server.includes(':')
  const open = openSocket(libc, { address: server, port: 0 }, OPTIONS)
  const client = createSocket(isIPv6 ? 'udp6' : 'udp4').bind(0, source)
  try {
    await once(client, 'listening')
    expect(new SocketFilter(libc, open.fd).setLoud(loudRules(loud, isIPv6))).toBe(true)
    for (let i = 0; i < SENT; i++) await new Promise((sent) => client.send('x', open.bound.port, server, sent))
    const memory = new Uint8Array(SO_MEMINFO_BYTES)
    libc.getsockopt(open.fd, SOL_SOCKET, SO_MEMINFO, memory, Uint8Array.of(SO_MEMINFO_BYTES, 0, 0, 0))
    return new DataView(memory.buffer).getInt32(SO_MEMINFO_BYTES - 4, true)
  } finally {
    client.close()
    libc.close(open.fd)
  }
}

/** Of 1000, all but about one in 16. */
function expectMost(drops: number): void {
  expect(drops).toBeGreaterThan(SENT * 0.85)
  expect(drops).toBeLessThan(SENT)
}

describe('the rules against loud sources', () => {
  it('drop most datagrams of an address, and none of its neighbour', async () => {
    const loud = noted(Family.IPv4, LoudLevel.Address, [127, 9, 8, 7])
    expectMost(await dropped('127.0.0.1', '127.9.8.7', loud))
    expect(await dropped('127.0.0.1', '127.9.8.6', loud)).toBe(0)
  })

  it('drop most datagrams of a /24, and none of the next', async () => {
    const loud = noted(Family.IPv4, LoudLevel.Prefix, [127, 9, 8, 7])
    expectMost(await dropped('127.0.0.1', '127.9.8.6', loud))
    expect(await dropped('127.0.0.1', '127.9.9.7', loud)).toBe(0)
  })

  it('drop most datagrams of a /16, and none of the next', async () => {
    const loud = noted(Family.IPv4, LoudLevel.Network, [127, 9, 8, 7])
    expectMost(await dropped('127.0.0.1', '127.9.200.6', loud))
    expect(await dropped('127.0.0.1', '127.8.8.7', loud)).toBe(0)
  })

  it.each(Object.entries(LoudLevel))(
    'drop most datagrams of an IPv6 source (%s), and none of another',
    async (_, level) => {
      expectMost(await dropped('::1', '::1', noted(Family.IPv6, level, [0, 0, 0, 0, 0, 0, 0, 0])))
      expect(await dropped('::1', '::1', noted(Family.IPv6, level, [0x20, 0, 0, 0, 0, 0, 0, 0]))).toBe(0)
    },
  )
})

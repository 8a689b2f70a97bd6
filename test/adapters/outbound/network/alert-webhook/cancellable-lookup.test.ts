// Name servers on loopback answer as the test says.

import { createSocket, type Socket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from '@jest/globals'
import { cancellableLookup } from '../../../../../src/adapters/outbound/network/alert-webhook/cancellable-lookup.ts'

/** Types and the answers to questions for them, as data of a record; none: there is no such record. */
const A = 1
const AAAA = 28
const NO_SUCH_NAME = 3

interface Zone {
  readonly [A]?: readonly number[]
  readonly [AAAA]?: readonly number[]
  readonly code?: number
}

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

async function aNameServer(zone: Zone | undefined): Promise<{ server: string; asked: Promise<unknown> }> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const asked = once(socket, 'message')
  socket.on('message', (question, { port, address }) => {
    if (zone === undefined) return
    const end = question.indexOf(0, 12) + 5
    const type = question.readUInt16BE(end - 4)
    const data = type === A ? zone[A] : type === AAAA ? zone[AAAA] : undefined
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(0x8180 | (zone.code ?? 0), 2)
    head.writeUInt16BE(data === undefined ? 0 : 1, 6)
    head.writeUInt32BE(0, 8)
    const record = data && Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 9, 0, data.length, ...data])
    socket.send(Buffer.concat([head, question.subarray(12, end), record ?? Buffer.alloc(0)]), port, address)
  })
  return { server: `127.0.0.1:${socket.address().port}`, asked }
}

type Outcome = string | readonly LookupAddress[]

function look(server: string, host: string, all: boolean, signal = new AbortController().signal): Promise<Outcome> {
  return new Promise((resolve) => {
    cancellableLookup(signal, [server])(host, { all }, (error, address, family) => {
      if (error !== null) resolve(String(error.code))
      else resolve(typeof address === 'string' ? `${address} ${family}` : address)
    })
  })
}

const IPV6 = [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1]

describe('a lookup', () => {
  it('finds the addresses of both families, or the first of them', async () => {
    const { server } = await aNameServer({ [A]: [192, 0, 2, 1], [AAAA]: IPV6 })
    expect(await look(server, 'alerts.example.org', true)).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ])
    expect(await look(server, 'alerts.example.org', false)).toBe('192.0.2.1 4')
  })

  it('is content with one family', async () => {
    const { server } = await aNameServer({ [AAAA]: IPV6 })
    expect(await look(server, 'alerts.example.org', false)).toBe('2001:db8::1 6')
  })

  it('asks the system where DNS knows no such name', async () => {
    const { server } = await aNameServer({ code: NO_SUCH_NAME })
    expect(await look(server, 'localhost', true)).toContainEqual({ address: '127.0.0.1', family: 4 })
  })

  it('asks the system where there is no name server', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    socket.close()
    await once(socket, 'close')
    expect(await look(`127.0.0.1:${port}`, 'localhost', true)).toContainEqual({ address: '127.0.0.1', family: 4 })
  })

  it('ends at once when it is cancelled, and does not ask the system', async () => {
    const { server, asked } = await aNameServer(undefined)
    const attempt = new AbortController()
    const outcome = look(server, 'localhost.example.org', true, attempt.signal)
    await asked
    attempt.abort()
    expect(await outcome).toBe('ECANCELLED')
  })
})

// Which socket gets the new connections of a port that several sockets listen on.

import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { BpfConnectionSteering } from '../../../../src/adapters/outbound/system/bpf-connection-steering.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(port = 0): Promise<{ server: Server; port: number; accepted: () => number }> {
  let accepted = 0
  const server = createServer((socket) => {
    accepted++
    socket.end('x')
  })
  servers.push(server)
  server.listen({ host: '127.0.0.1', port, reusePort: true })
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0, accepted: () => accepted }
}

async function visit(port: number, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const socket = connect(port, '127.0.0.1').resume()
    await once(socket, 'close')
  }
}

function fdOf(server: object): number {
  const handle = '_handle' in server ? server._handle : undefined
  return typeof handle === 'object' && handle !== null && 'fd' in handle ? Number(handle.fd) : -1
}

const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('new connections', () => {
  it('go to later sockets once they are steered away, and to all when they are spread again', async () => {
    const steering = await BpfConnectionSteering.load(2)
    const [first] = [await serve()]
    const second = await serve(first.port)
    const third = await serve(first.port)
    expect(steering?.steerAway(fdOf(second.server))).toBe(true)
    await visit(first.port, 40)
    expect([first, second, third].map(({ accepted }) => accepted())).toEqual([0, 0, 40])
    steering?.spread(fdOf(third.server))
    await visit(first.port, 60)
    expect(third.accepted()).toBeLessThan(100)
  })

  it('are not moved when there is no later socket', async () => {
    const steering = await BpfConnectionSteering.load(1)
    const only = await serve()
    expect(steering?.steerAway(fdOf(only.server))).toBe(true)
    await visit(only.port, 10)
    expect(only.accepted()).toBe(10)
  })

  it('cannot be steered on a descriptor that is not a socket', async () => {
    expect((await BpfConnectionSteering.load(1))?.steerAway(1_000_000)).toBe(false)
  })
})

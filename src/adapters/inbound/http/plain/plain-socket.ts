// A listening socket for the plain driver: bound by Node.js, with its rules and errors, then taken out of its hands.

import { once } from 'node:events'
import { type AddressInfo, createServer, type ListenOptions } from 'node:net'
import type { TcpCalls } from '../../../linux/tcp-calls.ts'
import { descriptorOf } from '../server-descriptor.ts'

/** Connections that wait to be accepted; the system may allow fewer (`net.core.somaxconn`). */
const BACKLOG = 4096

export interface PlainSocket {
  readonly fd: number
  readonly address: AddressInfo
}

/** Rejects if the address cannot be bound. */
export async function openPlainSocket(where: ListenOptions, calls: TcpCalls): Promise<PlainSocket> {
  const server = createServer({ noDelay: true })
  server.listen({ ...where, backlog: BACKLOG })
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  // Still in the turn of the event loop in which it began to listen: Node.js has accepted nothing.
  const fd = calls.duplicate(descriptorOf(server) ?? -1)
  server.close()
  if (fd < 0) throw new Error(`the socket on port ${address.port} cannot be duplicated: errno ${calls.errno()}`)
  calls.setNoDelay(fd)
  return { fd, address }
}

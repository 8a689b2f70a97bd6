// Accepts connections from listening sockets, with the address that each one comes from.

import { SOCK_CLOEXEC } from '../../../linux/constants.ts'
import { EMFILE, ENFILE, ENOBUFS, ENOMEM, SOCK_NONBLOCK, type TcpCalls } from '../../../linux/tcp-calls.ts'
import type { ClientAddresses } from '../../client-address.ts'
import type { RemoteEnd } from '../../connection-table.ts'
import { readRemoteEnd, SOCKET_ADDRESS_BYTES } from './remote-end.ts'

/** What a connection cannot be accepted for, while it waits. */
const SHORTAGES = [EMFILE, ENFILE, ENOBUFS, ENOMEM]

export class SocketAcceptor {
  readonly #calls: TcpCalls
  readonly #address = Buffer.from(new ArrayBuffer(SOCKET_ADDRESS_BYTES))
  readonly #addressAt: number
  readonly #addressLength = new Int32Array(new ArrayBuffer(4))
  readonly #addressLengthAt: number

  constructor(calls: TcpCalls) {
    this.#calls = calls
    this.#addressAt = calls.addressOf(this.#address.buffer)
    this.#addressLengthAt = calls.addressOf(this.#addressLength.buffer)
  }

  /** The descriptor of the next connection; negative if there is none, or none can be accepted now. */
  accept(fd: number): number {
    this.#addressLength[0] = SOCKET_ADDRESS_BYTES
    return this.#calls.accept4(fd, this.#addressAt, this.#addressLengthAt, SOCK_NONBLOCK | SOCK_CLOEXEC)
  }

  /** Whether the last call failed for want of descriptors or memory. */
  lacksResources(): boolean {
    return SHORTAGES.includes(this.#calls.errno())
  }

  /** Of the connection accepted last. */
  remoteEnd(clients: ClientAddresses): RemoteEnd {
    return readRemoteEnd(this.#address, clients)
  }
}

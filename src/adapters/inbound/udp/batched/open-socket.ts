// Opens one UDP socket through the C library and configures it for the batched driver.

import { getSystemErrorName } from 'node:util'
import {
  IP_PKTINFO,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVPKTINFO,
  IPV6_V6ONLY,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_RCVTIMEO,
  SO_REUSEPORT,
  SO_SNDBUF,
  SO_SNDBUFFORCE,
  SO_SNDTIMEO,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
} from '../../../linux/constants.ts'
import type { Libc } from '../../../linux/libc.ts'
import { AF_INET, AF_INET6, SOURCE_BYTES, SOURCE_PORT_AT, socketAddress } from '../../../linux/socket-address.ts'
import { isIPv6Text } from '../../../protocol/address-text.ts'
import { ListenError, type SocketOptions } from '../listener.ts'
import { DISCARD_PORT, discardAddress, type Endpoint, isWildcard } from '../own-endpoints.ts'
import type { MessageShape } from './message-vectors.ts'

/** How long a call may block before the loop checks for a stop. */
export const SOCKET_TIMEOUT_MS = 100

/** An open socket: its descriptor, the address actually bound, and the kind of its messages. */
export interface OpenSocket extends MessageShape {
  readonly fd: number
  readonly bound: Endpoint
}

/** Throws a ListenError if the address cannot be bound. */
export function openSocket(libc: Libc, listener: Endpoint, options: SocketOptions): OpenSocket {
  const isIPv6 = isIPv6Text(listener.address)
  const keepsLocalAddress = isWildcard(listener.address)
  const fd = libc.socket(isIPv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  if (fd === -1) throw failure(libc, listener, 'cannot open a socket')
  const set = (level: number, name: number, value: Uint8Array): boolean =>
    libc.setsockopt(fd, level, name, value, value.length) === 0
  try {
    if (options.sharesPorts && !set(SOL_SOCKET, SO_REUSEPORT, int(1))) throw failure(libc, listener, 'cannot share')
    if (isIPv6 && !set(IPPROTO_IPV6, IPV6_V6ONLY, int(1))) throw failure(libc, listener, 'cannot exclude IPv4')
    if (keepsLocalAddress) {
      if (isIPv6) set(IPPROTO_IPV6, IPV6_RECVPKTINFO, int(1))
      else set(IPPROTO_IP, IP_PKTINFO, int(1))
    }
    // Buffer sizes are best effort: the FORCE option needs a privilege, the other is capped at the system's limit.
    const receiveBuffer = int(options.receiveBufferBytes)
    const sendBuffer = int(options.sendBufferBytes)
    if (!set(SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer)) set(SOL_SOCKET, SO_RCVBUF, receiveBuffer)
    if (!set(SOL_SOCKET, SO_SNDBUFFORCE, sendBuffer)) set(SOL_SOCKET, SO_SNDBUF, sendBuffer)
    if (!set(SOL_SOCKET, SO_RCVTIMEO, timeval(SOCKET_TIMEOUT_MS))) throw failure(libc, listener, 'cannot time out')
    if (!set(SOL_SOCKET, SO_SNDTIMEO, timeval(SOCKET_TIMEOUT_MS))) throw failure(libc, listener, 'cannot time out')
    const address = socketAddress(listener.address, listener.port)
    if (libc.bind(fd, address, address.length) === -1) throw failure(libc, listener, 'cannot listen')
    return { fd, isIPv6, keepsLocalAddress, bound: { address: listener.address, port: boundPort(libc, fd) } }
  } catch (error) {
    libc.close(fd)
    throw error
  }
}

/**
 * Connects the socket to an address that never sends, so that the kernel delivers new datagrams to the other sockets on
 * the port. What has already arrived can still be received and answered. False if the kernel refuses.
 */
export function stopReceiving(libc: Libc, fd: number, bound: Endpoint): boolean {
  const address = socketAddress(discardAddress(bound.address), DISCARD_PORT)
  return libc.connect(fd, address, address.length) === 0
}

function failure(libc: Libc, listener: Endpoint, step: string): ListenError {
  return new ListenError(listener, step, getSystemErrorName(-libc.errno()))
}

function int(value: number): Uint8Array {
  return new Uint8Array(new Int32Array([value]).buffer)
}

function timeval(milliseconds: number): Uint8Array {
  return new Uint8Array(
    new BigInt64Array([BigInt(Math.floor(milliseconds / 1000)), BigInt((milliseconds % 1000) * 1000)]).buffer,
  )
}

function boundPort(libc: Libc, fd: number): number {
  const bytes = new Uint8Array(SOURCE_BYTES)
  libc.getsockname(fd, bytes, int(bytes.length))
  return new DataView(bytes.buffer).getUint16(SOURCE_PORT_AT)
}

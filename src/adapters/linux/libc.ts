// The few C library calls that batches of datagrams need, through the koffi FFI. On the hot path memory is passed as an
// address, because arguments should be plain numbers there; elsewhere as bytes.

import { linuxObstacle } from './linux-obstacle.ts'

/** As in the manual pages: -1 is a failure, `errno` returns which one. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number
  /** `length` is an in-out argument of 4 bytes. */
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number
  bind(fd: number, address: Uint8Array, length: number): number
  connect(fd: number, address: Uint8Array, length: number): number
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number
  close(fd: number): number
  poll(polledAt: number, count: number, timeoutMs: number): number
  /** The time-out is a timespec of 16 bytes; no signal mask is changed. */
  ppoll(polledAt: number, count: number, timeoutAt: number, noMask: 0): number
  recvmmsg(fd: number, messagesAt: number, count: number, flags: number, timeoutAt: number): number
  sendmmsg(fd: number, messagesAt: number, count: number, flags: number): number
  /** Of the last call of this thread. */
  errno(): number
  /** The address of memory outside the JavaScript heap. It is stable for as long as the memory is referenced. */
  addressOf(memory: ArrayBufferLike): number
}

/** Why the C library cannot be called here; undefined when it can. */
export function libcObstacle(): Promise<string | undefined> {
  return linuxObstacle('recvmmsg', loadLibc)
}

export async function loadLibc(): Promise<Libc> {
  const { address, errno, load } = await import('koffi')
  // null is the process itself, in which the C library is already loaded, whichever it is.
  const library = load(null)
  return {
    socket: library.func('socket', 'int', ['int', 'int', 'int']),
    setsockopt: library.func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t']),
    getsockopt: library.func('getsockopt', 'int', ['int', 'int', 'int', 'void *', 'void *']),
    bind: library.func('bind', 'int', ['int', 'void *', 'uint32_t']),
    connect: library.func('connect', 'int', ['int', 'void *', 'uint32_t']),
    getsockname: library.func('getsockname', 'int', ['int', 'void *', 'void *']),
    close: library.func('close', 'int', ['int']),
    poll: library.func('poll', 'int', ['uintptr_t', 'uint64_t', 'int']),
    ppoll: library.func('ppoll', 'int', ['uintptr_t', 'uint64_t', 'uintptr_t', 'uintptr_t']),
    recvmmsg: library.func('recvmmsg', 'int', ['int', 'uintptr_t', 'uint32_t', 'int', 'uintptr_t']),
    sendmmsg: library.func('sendmmsg', 'int', ['int', 'uintptr_t', 'uint32_t', 'int']),
    errno,
    addressOf: (memory) => Number(address(memory)),
  }
}

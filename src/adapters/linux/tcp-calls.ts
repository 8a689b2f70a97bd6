// The few C library calls that many TCP connections need, through the koffi FFI. Memory is passed as an address,
// because arguments should be plain numbers on the hot path.

/** As in the manual pages: -1 is a failure, `errno` returns which one. */
export interface TcpCalls {
  accept4(fd: number, addressAt: number, lengthAt: number, flags: number): number
  recv(fd: number, bytesAt: number, length: number, flags: number): number
  send(fd: number, bytesAt: number, length: number, flags: number): number
  close(fd: number): number
  /** Another descriptor of the same socket. */
  duplicate(fd: number): number
  /** Connections that a listening socket accepts inherit it. */
  setNoDelay(fd: number): number
  epoll_create1(flags: number): number
  epoll_ctl(epoll: number, operation: number, fd: number, eventAt: number): number
  epoll_wait(epoll: number, eventsAt: number, count: number, timeoutMs: number): number
  /** Of the last call of this thread. */
  errno(): number
  /** The address of memory outside the JavaScript heap. It is stable for as long as the memory is referenced. */
  addressOf(memory: ArrayBufferLike): number
}

export async function loadTcpCalls(): Promise<TcpCalls> {
  const { address, errno, load } = await import('koffi')
  // null is the process itself, in which the C library is already loaded, whichever it is.
  const library = load(null)
  const fcntl = library.func('fcntl', 'int', ['int', 'int', 'int'])
  const setsockopt = library.func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t'])
  return {
    accept4: library.func('accept4', 'int', ['int', 'uintptr_t', 'uintptr_t', 'int']),
    recv: library.func('recv', 'int', ['int', 'uintptr_t', 'uint32_t', 'int']),
    send: library.func('send', 'int', ['int', 'uintptr_t', 'uint32_t', 'int']),
    duplicate: (fd) => fcntl(fd, F_DUPFD_CLOEXEC, 0),
    setNoDelay: (fd) => setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, ONE, ONE.length),
    close: library.func('close', 'int', ['int']),
    epoll_create1: library.func('epoll_create1', 'int', ['int']),
    epoll_ctl: library.func('epoll_ctl', 'int', ['int', 'int', 'int', 'uintptr_t']),
    epoll_wait: library.func('epoll_wait', 'int', ['int', 'uintptr_t', 'int', 'int']),
    errno,
    addressOf: (memory) => Number(address(memory)),
  }
}

const F_DUPFD_CLOEXEC = 1030
const IPPROTO_TCP = 6
const TCP_NODELAY = 1
const ONE = new Uint8Array(Int32Array.of(1).buffer)

export const SOCK_NONBLOCK = 0o4000
export const MSG_NOSIGNAL = 0x4000
export const EPOLL_CTL_ADD = 1
export const EPOLL_CTL_DEL = 2
export const EPOLL_CTL_MOD = 3
export const EPOLLIN = 1
export const EPOLLERR = 8
export const EPOLLHUP = 0x10
/** The other end sends no more. */
export const EPOLLRDHUP = 0x2000
/** Edge-triggered: reports only what is new. */
export const EPOLLET = 1 << 31
export const ENOMEM = 12
export const ENFILE = 23
export const EMFILE = 24
export const ENOBUFS = 105

// The descriptors of which the kernel reports that something can be read (epoll). Of listening sockets it says so for
// as long as it is true. Of connections only when something has arrived, which saves it a look at each after each
// request: whoever leaves something unread has to ask for another report.

import { arch } from 'node:process'
import { SOCK_CLOEXEC } from './constants.ts'
import {
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLERR,
  EPOLLET,
  EPOLLHUP,
  EPOLLIN,
  EPOLLRDHUP,
  type TcpCalls,
} from './tcp-calls.ts'

const MAX_EVENTS = 256
/** struct epoll_event is packed on x86-64 only. */
const EVENT_WORDS = arch === 'x64' ? 3 : 4
const DATA_WORD = arch === 'x64' ? 1 : 2

const CONNECTION_EVENTS = EPOLLIN | EPOLLRDHUP | EPOLLET
const END_EVENTS = EPOLLRDHUP | EPOLLHUP | EPOLLERR

export class PollSet {
  readonly #calls: TcpCalls
  readonly #fd: number
  readonly #events = new Int32Array(new ArrayBuffer(MAX_EVENTS * EVENT_WORDS * 4))
  readonly #eventsAt: number
  readonly #event = new Int32Array(new ArrayBuffer(EVENT_WORDS * 4))
  readonly #eventAt: number

  constructor(calls: TcpCalls) {
    this.#calls = calls
    this.#eventsAt = calls.addressOf(this.#events.buffer)
    this.#eventAt = calls.addressOf(this.#event.buffer)
    this.#fd = calls.epoll_create1(SOCK_CLOEXEC)
    if (this.#fd < 0) throw new Error(`epoll_create1 failed with errno ${calls.errno()}`)
  }

  /** A listening socket, until it is removed or closed. False if the kernel has no room for it. */
  add(fd: number): boolean {
    return this.#control(EPOLL_CTL_ADD, fd, EPOLLIN)
  }

  /** The same for a connection. */
  addConnection(fd: number): boolean {
    return this.#control(EPOLL_CTL_ADD, fd, CONNECTION_EVENTS)
  }

  /** Has a connection reported again if something is unread, or when something arrives. */
  reportAgain(fd: number): void {
    this.#control(EPOLL_CTL_MOD, fd, CONNECTION_EVENTS)
  }

  #control(operation: number, fd: number, events: number): boolean {
    this.#event[0] = events
    this.#event[DATA_WORD] = fd
    return this.#calls.epoll_ctl(this.#fd, operation, fd, this.#eventAt) === 0
  }

  remove(fd: number): void {
    this.#calls.epoll_ctl(this.#fd, EPOLL_CTL_DEL, fd, this.#eventAt)
  }

  /** Waits for the first event; returns how many there are, 0 after `timeoutMs`, or less when a signal interrupts. */
  wait(timeoutMs: number): number {
    return this.#calls.epoll_wait(this.#fd, this.#eventsAt, MAX_EVENTS, timeoutMs)
  }

  /** The descriptor of an event of the last wait. */
  descriptor(event: number): number {
    return this.#events[event * EVENT_WORDS + DATA_WORD]
  }

  /** Whether nothing will arrive after what has arrived by an event of the last wait. */
  isEnd(event: number): boolean {
    return (this.#events[event * EVENT_WORDS] & END_EVENTS) !== 0
  }

  close(): void {
    this.#calls.close(this.#fd)
  }
}

// What both drivers are told and what they tell: where to listen, with which sockets.

import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { Endpoint } from './own-endpoints.ts'

/** What is asked of the sockets' kernel side. */
export interface SocketOptions {
  /** Bytes; the kernel may grant less. */
  readonly receiveBufferBytes: number
  readonly sendBufferBytes: number
  /** True when several threads listen on the same addresses (SO_REUSEPORT). */
  readonly sharesPorts: boolean
  /** False for all but one of the threads that share ports, when drops are only known by port (dgram driver). */
  readonly countsPortDrops?: boolean
}

/** Between batches a driver asks and tells the thread that it runs in. */
export interface ThreadHooks {
  /** Asked at least ten times a second. */
  shouldStop(): boolean
  /** Called before each batch is handled: a coarse clock may be set forward here. */
  tick(): void
  /** Called about once a second, between two batches, for what need not be done often. */
  everySecond(): void
}

/** A socket could not be opened: names the listener and the system's error. */
export class ListenError extends Error {
  readonly code: string
  /** The listener: `udp://[::]:6969`. */
  readonly url: string

  constructor(listener: Endpoint, step: string, code: string, cause?: unknown) {
    const url = `udp://${writeHostPort(listener.address, listener.port)}`
    super(`${url}: ${step}: ${code}`, { cause })
    this.code = code
    this.url = url
  }
}

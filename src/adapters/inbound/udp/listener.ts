// The types that both drivers share: listeners, socket options, thread hooks and the error for a failed listener.

import type { ExternalAddress } from '../../../domain/external-address.ts'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { Endpoint } from './own-endpoints.ts'

/** The operator's settings for one listener. */
export interface ListenerPolicy {
  readonly connectionIdMaxAgeSeconds: number
  /** Lists clients from loopback addresses with this address. */
  readonly externalAddress: ExternalAddress | undefined
}

/** Where a thread listens, and where it counts what arrives there. */
export interface UdpListener extends Endpoint {
  readonly counters: Counters
  readonly policy: ListenerPolicy
}

/** Kernel options of the sockets. */
export interface SocketOptions {
  /** Bytes; the kernel may grant less. */
  readonly receiveBufferBytes: number
  readonly sendBufferBytes: number
  /** True when several threads listen on the same addresses (SO_REUSEPORT). */
  readonly sharesPorts: boolean
  /** False for all but one of the threads that share ports, where drops are known only per port (dgram driver). */
  readonly countsPortDrops?: boolean
}

/** Called by a driver between batches, on the thread that it runs in. */
export interface ThreadHooks {
  /** Called at least ten times a second. */
  shouldStop(): boolean
  /** Called before each batch is handled: a coarse clock may be advanced here. */
  tick(): void
  /** Called about once a second, between two batches, for infrequent work. */
  everySecond(): void
}

/** A socket could not be opened. Names the listener and the system error. */
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

// What the main thread passes to a thread, the commands that it sends later, and what the thread reports.

import type { TracedRequest } from '../../domain/ports/outbound/request-tap.ts'
import type { Level } from '../process/logger.ts'
import type { LogTarget } from '../settings/log-targets.ts'
import type { Settings } from '../settings/settings.ts'
import type { SharedMemory } from '../wiring/shared-memory.ts'

/** The address of a listener; port 0 asks the operating system for one. */
export interface Address {
  readonly address: string
  readonly port: number
}

/** Passed as `workerData`; settings are plain data. */
export interface ThreadOptions {
  readonly settings: Settings
  readonly memory: SharedMemory
  /** Number of the thread, and of its rows of counters; the main thread has 0. */
  readonly thread: number
  /** Number of its companion, if it has one. */
  readonly companion: number | undefined
  /** Whether it is the first thread of its kind. */
  readonly isFirst: boolean
  /** Addresses of this thread's listeners, in the order of the settings, with their real ports. */
  readonly addresses: readonly Address[]
  /** Number of its first listener, counted over all kinds of threads; the others follow. */
  readonly firstListener: number
  /** Other threads, or the process that takes over from this one, listen on the same addresses. */
  readonly sharesPorts: boolean
  /** Number of threads of this kind, itself included. */
  readonly groupSize: number
  /**
   * The same for all threads of a kind; undefined if the kind has none. For UDP it is the key of the connection ids,
   * for HTTP the keys of TLS sessions.
   */
  readonly secret: Uint8Array | undefined
}

/** From a thread. `listening` is the first and sent once; an uncaught error ends the process. */
export type ThreadReport =
  | { readonly kind: 'listening'; readonly detail: string }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'note'
      readonly level: Level
      readonly target: LogTarget
      readonly message: string
    }
  /** A request of the client that the trace of this number follows. */
  | { readonly kind: 'traced'; readonly trace: number; readonly request: TracedRequest }

/** To a thread that has an event loop; one that waits in the kernel sees the stop flag instead. */
export type ThreadCommand =
  | { readonly kind: 'reload' }
  /** The process that had the ports before has exited. */
  | { readonly kind: 'succeed' }
  | { readonly kind: 'stop'; readonly deadlineMs: number }

// The kinds of threads that answer torrent clients, a row each. What counts, names, starts, reloads and stops threads
// goes by this table and knows no kind by name; docs/architecture.md lists what another kind needs besides its row.

import { randomBytes } from 'node:crypto'
import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import type { LogTarget } from '../settings/log-targets.ts'
import type { ListenerSettings, Settings, ThreadCount } from '../settings/settings.ts'
import { openConnectionIdKey } from './connection-id-key.ts'
import type { Scheme } from './listening.ts'
import { needsPlainDriver } from './plain-listeners.ts'
import type { ThreadCommand } from './thread-options.ts'
import type { Transport } from './transport.ts'

/** The lists of listeners in the settings. */
type ListenerList = {
  [Name in keyof Settings]: Settings[Name] extends readonly ListenerSettings[] ? Name : never
}[keyof Settings]

interface Companion {
  /** Prefix of their names, as of any thread. */
  readonly name: string
  readonly isNeeded: (settings: Settings) => Promise<boolean>
}

export interface ThreadKind {
  /** Prefix of its threads' names, in metrics and in the operating system: `udp-1`. */
  readonly name: string
  /** The file that runs in each of its threads. */
  readonly entry: URL
  /** Target of its log lines. */
  readonly target: LogTarget
  /** Type of its listeners in the health API, which determines how they are probed. */
  readonly service: Service['type']
  /** Its ports are claimed together with those of all kinds of the same transport. */
  readonly transport: Transport
  /** The settings of its listeners. Each of its threads serves all of them. */
  readonly listeners: ListenerList
  readonly schemeOf: (listener: ListenerSettings) => Scheme
  readonly wantedCount: (settings: Settings) => ThreadCount
  /** Threads per core, if their number is `auto`. */
  readonly threadsPerCore: number
  /**
   * Opens the secret that its threads share, if they need one. Throws with a message for the operator if unusable.
   */
  readonly openSecret?: (settings: Settings) => Uint8Array
  /** Each of its threads has one beside it, which counts in rows of its own. */
  readonly companion?: Companion
  /** The commands that it takes besides `stop`. */
  readonly commands: readonly ThreadCommand['kind'][]
}

/** As `tls.Server.setTicketKeys` takes them. */
const TICKET_KEY_BYTES = 48

/** Threads run from both `src/*.ts` and `dist/*.js`. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
function entryOf(name: string): URL {
  return new URL(`./${name}.${EXTENSION}`, import.meta.url)
}

const UDP_THREADS: ThreadKind = {
  name: 'udp',
  entry: entryOf('udp-thread'),
  target: 'UDP TRACKER',
  service: 'udp_tracker',
  transport: 'udp',
  listeners: 'udpListeners',
  schemeOf: () => 'udp',
  wantedCount: ({ threads }) => threads.udp,
  threadsPerCore: 0.5,
  openSecret: ({ udp }) => openConnectionIdKey(udp.connectionIdKeyFile),
  // They wait in the kernel, where no command reaches them.
  commands: [],
}

export const HTTP_THREADS: ThreadKind = {
  name: 'http',
  entry: entryOf('http-thread'),
  target: 'HTTP TRACKER',
  service: 'http_tracker',
  transport: 'tcp',
  listeners: 'httpListeners',
  schemeOf: (listener) => ('tls' in listener && listener.tls !== undefined ? 'https' : 'http'),
  wantedCount: ({ threads }) => threads.http,
  threadsPerCore: 0.25,
  // The plain driver waits in the kernel, and node:http in its event loop.
  companion: { name: 'http-plain', isNeeded: needsPlainDriver },
  // The keys of TLS sessions, so that a client that reconnects need not meet the same thread.
  openSecret: () => randomBytes(TICKET_KEY_BYTES),
  commands: ['reload', 'succeed'],
}

/** In the order in which they start. */
export const THREAD_KINDS: readonly ThreadKind[] = [UDP_THREADS, HTTP_THREADS]

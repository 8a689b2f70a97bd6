// Configuration documents for the process tests: small listeners on ephemeral ports, few threads.

import type { NetworkOptions } from '../../src/adapters/outbound/persistence/database-options.ts'

export interface DocumentParts {
  readonly udp?: readonly string[]
  readonly http?: readonly string[]
  readonly driver?: 'batched' | 'dgram' | 'auto'
  /** By default the one in the same row of `HTTP_DRIVER_BESIDE`. */
  readonly httpDriver?: 'plain' | 'node' | 'auto'
  readonly isListed?: boolean
  readonly isPrivate?: boolean
  /** Keys of `[core.database]`, as TOML. */
  readonly database?: string
  /** The management API listens, and accepts `API_TOKEN`. */
  readonly hasApi?: boolean
  /** Tables and keys to append, as TOML. */
  readonly more?: string
}

/** Of the management API. */
export const API_TOKEN = 'a-token-for-tests-only'

export const SQLITE = 'driver = "sqlite3"\npath = "tracker.db"'

/** Keys of `[core.database]` for a server. */
export function databaseOf({ driver, host, port, user, password, database }: NetworkOptions): string {
  return Object.entries({ driver, host, port, user, password, database })
    .map(([option, value]) => `${option} = ${JSON.stringify(value)}`)
    .join('\n')
}

export const DRIVERS = ['batched', 'dgram'] as const
export const HTTP_DRIVERS = ['plain', 'node'] as const

/** Those of Linux are tested together, and those of any system. */
const HTTP_DRIVER_BESIDE = { batched: 'plain', dgram: 'node', auto: 'auto' } as const

export function aDocument(parts: DocumentParts): string {
  const { udp = [], http = [], driver = 'auto', more = '', isListed = false, isPrivate = false, database } = parts
  const httpDriver = parts.httpDriver ?? HTTP_DRIVER_BESIDE[driver]
  return [
    '[metadata]\nschema_version = "3.0.0"',
    // Everything is logged, so that every log is searched for what must not be in it.
    '[logging]\ntrace_filter = "trace"',
    `[core]\nlisted = ${isListed}\nprivate = ${isPrivate}`,
    ...(database === undefined ? [] : [`[core.database]\n${database}`]),
    ...(parts.hasApi ? [`[http_api]\nbind_address = "127.0.0.1:0"\naccess_tokens = { admin = "${API_TOKEN}" }`] : []),
    `[threads]\nudp = 2\nhttp = 2\nhttp_driver = "${httpDriver}"`,
    '[memory]\nswarm_budget = "64 MiB"',
    `[udp_tracker_server]\ndriver = "${driver}"`,
    ...udp.map((address) => `[[udp_trackers]]\nbind_address = "${address}"`),
    ...http.map((address) => `[[http_trackers]]\nbind_address = "${address}"`),
    // Its default port is for one tracker per machine.
    ...(more.includes('[health_check_api]') ? [] : ['[health_check_api]\nbind_address = "127.0.0.1:0"']),
    more,
  ].join('\n\n')
}

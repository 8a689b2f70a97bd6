// Limits on what a client of the management API can use (protocol rules SEC-23, SEC-33).

import type { ConnectionBounds } from '../connection-table.ts'

export interface RestLimits extends ConnectionBounds {
  /** Request line and headers together. */
  readonly maxHeaderBytes: number
  readonly headersTimeoutMs: number
  /** For the whole body to arrive; in an import, for the next piece. */
  readonly bodyTimeoutMs: number
  /** For a whole import. */
  readonly importTimeoutMs: number
  /** How often header and import timeouts are checked; adds to the effective timeout. */
  readonly checkingIntervalMs: number
  readonly keepAliveTimeoutMs: number
  /** For answers that the client does not read: cut off after at least half of this and at most all of it. */
  readonly idleTimeoutMs: number
  readonly maxBodyBytes: number
  readonly maxBodyDepth: number
  readonly maxImportBytes: number
  readonly maxLineBytes: number
}

const MIB = 1024 * 1024

/** Those that are not configurable. */
export const REST_LIMITS: Omit<RestLimits, 'appliesToPrivate'> = {
  // Torrust Index asks for lists of torrents in one request line: a thousand of them take 50 KiB.
  maxHeaderBytes: 64 * 1024,
  headersTimeoutMs: 5000,
  bodyTimeoutMs: 5000,
  importTimeoutMs: 3_600_000,
  checkingIntervalMs: 1000,
  keepAliveTimeoutMs: 5000,
  idleTimeoutMs: 30_000,
  maxConnections: 1000,
  maxConnectionsPerAddress: 100,
  maxBodyBytes: MIB,
  maxBodyDepth: 16,
  maxImportBytes: 256 * MIB,
  maxLineBytes: 4096,
}

// The interface that the benchmarks need of a store of swarms.

import type { AnnounceReply, AnnounceRequest } from '../../../src/domain/announce.ts'

export interface BenchStore {
  /** Applies the announce and writes up to `numwant` peers into the reply. */
  announce(request: AnnounceRequest, reply: AnnounceReply): void
  /** Peers currently stored. */
  peers(): number
}

export const STORE_NAMES = ['shared', 'packed', 'objects'] as const
export type StoreName = (typeof STORE_NAMES)[number]

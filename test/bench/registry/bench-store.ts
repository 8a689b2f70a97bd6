// What the benchmarks ask of a store of swarms, whichever way it is built.

import type { AnnounceReply, AnnounceRequest } from '../../../src/domain/announce.ts'

export interface BenchStore {
  /** Applies the announce and puts up to `numwant` peers in the reply. */
  announce(request: AnnounceRequest, reply: AnnounceReply): void
  /** Peers stored at this moment. */
  peers(): number
}

export const STORE_NAMES = ['shared', 'packed', 'objects'] as const
export type StoreName = (typeof STORE_NAMES)[number]

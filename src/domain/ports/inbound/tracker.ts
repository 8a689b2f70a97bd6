// The entry to the hot lane: what every BitTorrent client requests, whichever protocol it uses.

import type { Credentials } from '../../access-key.ts'
import type { AnnounceReply, AnnounceRequest } from '../../announce.ts'
import type { SwarmCounts } from '../../scrape.ts'
import type { Verdict } from '../../verdict.ts'
import { port } from '../port.ts'

/**
 * Synchronous, allocates nothing, never throws because of a request's contents. One instance per thread; any number of
 * threads may work on the same swarms at once. The caller owns all records and may reuse them as soon as a call
 * returns.
 */
export interface Tracker {
  /**
   * Applies an announce and chooses peers for the reply. With `Served` and `Full` the reply is complete (with `Full` it
   * is empty and its interval long); with any other verdict it is untouched and nothing was stored.
   */
  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict

  /**
   * Announces that the first `count` of `requests` (at most 64) come next, so that the memory they need can be fetched
   * together. Optional; affects only how long the announces take.
   */
  prefetch(requests: readonly AnnounceRequest[], count: number): void

  /**
   * Fills `counts` for the info hash at word `infoHashAt` of `words`. Creates nothing; unknown swarms count zero, as do
   * those that `credentials` do not allow or that the tracker does not serve.
   */
  scrape(words: Int32Array, infoHashAt: number, credentials: Credentials, counts: SwarmCounts): void
}
export const Tracker = port<Tracker>('Tracker')

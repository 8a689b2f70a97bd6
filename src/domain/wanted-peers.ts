// When the tracker chooses the number of peers in a reply (protocol rules HTTP-23 and UDP-14).

import { AnnounceEvent, type AnnounceRequest } from './announce.ts'
import { Peer } from './swarm/layout.ts'
import { isSeeder } from './swarm/peer-role.ts'

/**
 * True for a negative `numwant`, and for 0 from a client that starts a download: some clients ask for no peers then,
 * and would wait a whole interval for their first one.
 */
export function leavesNumwantToTracker(request: AnnounceRequest): boolean {
  if (request.numwant > 0) return false
  if (request.numwant < 0) return true
  return request.event === AnnounceEvent.Started && !isSeeder(request.words, request.peerAt + Peer.Left)
}

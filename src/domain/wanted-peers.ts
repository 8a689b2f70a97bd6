// When the number of peers in a reply is the tracker's choice (protocol rules HTTP-23 and UDP-14).

import { AnnounceEvent, type AnnounceRequest } from './announce.ts'
import { Peer } from './swarm/layout.ts'
import { isSeeder } from './swarm/peer-role.ts'

/**
 * True for a negative `numwant`, and for 0 from a client that has just begun to download: some clients ask for none
 * then and would wait a whole interval for their first peer.
 */
export function leavesNumwantToTracker(request: AnnounceRequest): boolean {
  if (request.numwant > 0) return false
  if (request.numwant < 0) return true
  return request.event === AnnounceEvent.Started && !isSeeder(request.words, request.peerAt + Peer.Left)
}

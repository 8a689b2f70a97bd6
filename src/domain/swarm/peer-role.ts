// A peer's role, from what it has left and what it has announced: as it is counted, and as its list files it.

import { AnnounceEvent, type AnnounceRequest } from '../announce.ts'
import { Peer, Role } from './layout.ts'

/** The runs of a list, in order. */
export const Run = { Uploaders: 0, Downloaders: 1, Hidden: 2 } as const
export type Run = (typeof Run)[keyof typeof Run]

/** True when nothing is left; `leftAt` is where the two words of `left` are. */
export function isSeeder(words: Int32Array, leftAt: number): boolean {
  return (words[leftAt] | words[leftAt + 1]) === 0
}

/** The role of a peer whose `left` is at that word. */
export function roleOf(words: Int32Array, leftAt: number): Role {
  return isSeeder(words, leftAt) ? Role.Seeder : Role.Leecher
}

/** True when the peer cannot use other uploaders (BEP 21). */
export function uploadsOnly(request: AnnounceRequest): boolean {
  return request.event === AnnounceEvent.Paused || isSeeder(request.words, request.peerAt + Peer.Left)
}

/** Seeders and partial seeds upload only; a hidden peer has its own run whatever it does. */
export function runOf(request: AnnounceRequest): Run {
  if (request.isHidden) return Run.Hidden
  return uploadsOnly(request) ? Run.Uploaders : Run.Downloaders
}

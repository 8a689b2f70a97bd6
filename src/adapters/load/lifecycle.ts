// What a peer does next in its life: it starts, announces regularly, completes, seeds and stops. Without a lifecycle
// each announce is drawn anew, as aquatic's load test does.

import { AnnounceEvent } from '../../domain/announce.ts'
import type { LoadRandom } from './load-random.ts'

/** As kept by peer. */
const PeerState = { Absent: 0, Leeching: 1, Seeding: 2 } as const

/** Of a leecher's announces one in 10 completes and one in 20 stops; of a seeder's one in 10 stops. */
const COMPLETES = 0.1
const LEECHER_STOPS = 0.05
const SEEDER_STOPS = 0.1

/** Reused: the announce that was decided last. */
export class NextAnnounce {
  event: number = AnnounceEvent.None
  isSeeding = false
}

/** Decides what a peer that is absent says first, and notes it. */
export function begin(states: Uint8Array, peer: number, seeders: number, random: LoadRandom, next: NextAnnounce): void {
  next.isSeeding = random.share() < seeders
  next.event = AnnounceEvent.Started
  states[peer] = next.isSeeding ? PeerState.Seeding : PeerState.Leeching
}

/** Decides what a peer says next in its life, and notes it. */
export function live(states: Uint8Array, peer: number, seeders: number, random: LoadRandom, next: NextAnnounce): void {
  const state = states[peer]
  if (state === PeerState.Absent) {
    begin(states, peer, seeders, random, next)
    return
  }
  const share = random.share()
  next.event = AnnounceEvent.None
  next.isSeeding = state === PeerState.Seeding
  if (state === PeerState.Seeding) {
    if (share < SEEDER_STOPS) stop(states, peer, next)
  } else if (share < COMPLETES) {
    next.event = AnnounceEvent.Completed
    next.isSeeding = true
    states[peer] = PeerState.Seeding
  } else if (share < COMPLETES + LEECHER_STOPS) stop(states, peer, next)
}

function stop(states: Uint8Array, peer: number, next: NextAnnounce): void {
  next.event = AnnounceEvent.Stopped
  states[peer] = PeerState.Absent
}

/** Decides an announce as aquatic does: a seeder completes and a leecher starts, every time. */
export function draw(seeders: number, random: LoadRandom, next: NextAnnounce): void {
  next.isSeeding = random.share() < seeders
  next.event = next.isSeeding ? AnnounceEvent.Completed : AnnounceEvent.Started
}

// What the parts of one thread's load share: who asks, what waits for a reply, and which phase it is.

import type { Family } from '../../../domain/announce.ts'
import { FillProgress } from '../fill-progress.ts'
import { LOAD_COUNTS, LoadPhase } from '../load-memory.ts'
import type { LoadPlan } from '../load-plan.ts'
import { LoadRandom } from '../load-random.ts'
import type { LoadTally } from '../load-tally.ts'
import type { Population } from '../population.ts'
import { Choice } from '../request-choice.ts'
import { SocketPeers } from '../socket-peers.ts'
import type { DatagramBatch } from './datagram-batch.ts'
import { neededPlaces, PendingRequests } from './pending-requests.ts'
import { UdpLinks } from './udp-links.ts'

export interface UdpLoadStateParts {
  readonly plan: LoadPlan
  readonly thread: number
  readonly population: Population
  readonly batch: DatagramBatch
  readonly tally: LoadTally
}

export class UdpLoadState {
  readonly plan: LoadPlan
  readonly population: Population
  readonly batch: DatagramBatch
  readonly tally: LoadTally
  readonly links: UdpLinks
  readonly peers: SocketPeers
  readonly pending: PendingRequests
  readonly fill: FillProgress
  readonly random: LoadRandom
  /** The number of link 0 among the sockets of all threads. */
  readonly firstSocket: number
  /** Microseconds after which a request without a reply is lost. */
  readonly patience: number
  phase: LoadPhase = LoadPhase.Connect

  constructor({ plan, thread, population, batch, tally }: UdpLoadStateParts) {
    this.plan = plan
    this.firstSocket = thread * plan.sockets
    this.patience = plan.timeoutSeconds * 1_000_000
    this.population = population
    this.batch = batch
    this.tally = tally
    this.links = new UdpLinks(plan, thread)
    this.peers = new SocketPeers(plan, thread)
    this.pending = new PendingRequests(neededPlaces(plan))
    this.fill = new FillProgress(plan, thread)
    this.random = new LoadRandom(plan.population.seed + 1000 * (thread + 1))
  }

  familyOf(link: number): Family {
    return this.links.families[link]
  }

  /** Whether the request in this place announces a peer of the fill. */
  isFillAnnounce(place: number): boolean {
    return this.phase === LoadPhase.Fill && this.pending.kinds[place] === Choice.Announce
  }

  /** The request in this place, which has been released, will have no proper reply. */
  forget(link: number, place: number): void {
    this.links.inFlight[link]--
    if (this.pending.kinds[place] === Choice.Connect) this.links.isRenewing[link] = 0
    this.repeatFill(link, place)
  }

  /** Has a peer of the fill announced again, if that is what the request in this place did. */
  repeatFill(link: number, place: number): void {
    if (!this.isFillAnnounce(place)) return
    this.tally.counts[LOAD_COUNTS.fillRepeats]++
    this.fill.repeat(link, this.pending.details[place])
  }
}

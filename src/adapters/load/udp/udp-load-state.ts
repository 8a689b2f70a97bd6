// What the parts of one thread's load share: who asks, what waits for a reply, and which phase it is.

import type { Family } from '../../../domain/announce.ts'
import { FillProgress } from '../fill-progress.ts'
import { LoadPhase } from '../load-memory.ts'
import type { LoadPlan } from '../load-plan.ts'
import { LoadRandom } from '../load-random.ts'
import type { LoadTally } from '../load-tally.ts'
import type { Population } from '../population.ts'
import { Choice } from '../request-choice.ts'
import { SocketPeers } from '../socket-peers.ts'
import type { DatagramBatch } from './datagram-batch.ts'
import { PendingRequests } from './pending-requests.ts'
import { UdpLinks } from './udp-links.ts'

/** Room for requests that are overdue and not yet known to be lost. */
const SPARE = 1.2

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
  phase: LoadPhase = LoadPhase.Connect

  constructor({ plan, thread, population, batch, tally }: UdpLoadStateParts) {
    const window = plan.sockets * plan.inFlight
    const overdue = ((plan.requestsPerSecond ?? 0) / plan.threads) * plan.timeoutSeconds * SPARE
    this.plan = plan
    this.population = population
    this.batch = batch
    this.tally = tally
    this.links = new UdpLinks(plan, thread)
    this.peers = new SocketPeers(plan, thread)
    this.pending = new PendingRequests(Math.max(window, overdue))
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

  /** Has a peer of the fill announced again, if that is what the request in this place did. */
  repeatFill(link: number, place: number, count: number): void {
    if (!this.isFillAnnounce(place)) return
    this.tally.counts[count]++
    this.fill.repeat(link, this.pending.details[place])
  }
}

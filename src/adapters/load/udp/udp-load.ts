// The load of one thread over UDP: keeps requests in flight (closed loop), or sends them when they are due (open loop),
// and receives the replies.

import { LOAD_COUNTS, LoadPhase } from '../load-memory.ts'
import { isFlood } from '../load-plan.ts'
import { OpenSchedule } from '../open-schedule.ts'
import type { ThreadLoad } from '../thread-load.ts'
import { BATCH } from './datagram-batch.ts'
import type { LoadSockets } from './load-sockets.ts'
import { UdpLoadState, type UdpLoadStateParts } from './udp-load-state.ts'
import { UdpReplies } from './udp-replies.ts'
import { UdpRequests } from './udp-requests.ts'

/** How often requests without a reply are looked for. */
const SWEEP_EVERY = 500
const IDLE_MICROSECONDS = 5000

export interface UdpLoadParts extends UdpLoadStateParts {
  readonly sockets: LoadSockets
  /** Microseconds of a steady clock. */
  readonly clock: () => number
  /** Is told the first error that the tracker replies with. */
  readonly onFailure: (text: string) => void
}

export class UdpLoad implements ThreadLoad {
  readonly isSynchronous: boolean
  readonly #state: UdpLoadState
  readonly #sockets: LoadSockets
  readonly #clock: () => number
  readonly #requests: UdpRequests
  readonly #replies: UdpReplies
  readonly #schedule: OpenSchedule | undefined
  #nextLink = 0
  #sweptAt = 0

  constructor(parts: UdpLoadParts) {
    const { plan, sockets, clock, onFailure } = parts
    this.#state = new UdpLoadState(parts)
    this.#sockets = sockets
    this.#clock = clock
    this.#requests = new UdpRequests(this.#state)
    this.#replies = new UdpReplies(this.#state, onFailure)
    this.isSynchronous = sockets.isSynchronous
    const { requestsPerSecond } = plan
    this.#schedule = requestsPerSecond === undefined ? undefined : new OpenSchedule(requestsPerSecond / plan.threads)
  }

  enter(phase: LoadPhase): void {
    const now = this.#clock()
    this.#state.phase = phase
    this.#schedule?.enter(phase, now)
    if (phase === LoadPhase.Measure) this.#state.tally.measureFrom(now)
  }

  get isDone(): boolean {
    const { fill, links, pending, phase } = this.#state
    if (phase === LoadPhase.Connect) return links.areConnected
    if (phase === LoadPhase.Fill) return fill.isDone
    return phase === LoadPhase.Drain && pending.waiting === 0 && (this.#schedule?.backlog(this.#clock()) ?? 0) <= 0
  }

  turn(): boolean {
    const { links, tally } = this.#state
    const schedule = this.#dueRequests()
    let moved = 0
    for (let link = 0; link < links.count; link++) {
      moved += this.#receive(link)
      if (schedule === undefined) moved += this.#keepInFlight(link)
    }
    if (schedule !== undefined) moved += this.#sendDue(schedule)
    const now = this.#clock()
    if (now - this.#sweptAt > SWEEP_EVERY) {
      this.#sweptAt = now
      this.#replies.giveUpOld(now)
      tally.counts[LOAD_COUNTS.unreachable] += this.#sockets.takeUnreachable()
    }
    return moved > 0
  }

  rest(): void {
    const schedule = this.#dueRequests()
    const until = schedule === undefined ? IDLE_MICROSECONDS : schedule.untilNext(this.#clock())
    this.#sockets.wait(Math.min(until, IDLE_MICROSECONDS))
  }

  close(): void {
    this.#sockets.close()
  }

  /** The schedule, while an open loop runs or has something left to send. */
  #dueRequests(): OpenSchedule | undefined {
    const { phase } = this.#state
    return phase >= LoadPhase.Load ? this.#schedule : undefined
  }

  #receive(link: number): number {
    const count = this.#sockets.receive(link)
    if (count === 0) return 0
    const now = this.#clock()
    for (let slot = 0; slot < count; slot++) this.#replies.judge(link, slot, now)
    return count
  }

  /** The closed loop: fills the window of a link. One without a connection id asks for that first. */
  #keepInFlight(link: number): number {
    const { links, phase, plan } = this.#state
    const isConnected = links.isConnected[link] === 1
    if (phase >= LoadPhase.Drain || (phase === LoadPhase.Connect && isConnected)) return 0
    const window = isConnected || (phase >= LoadPhase.Load && isFlood(plan)) ? plan.inFlight : 1
    const room = Math.min(BATCH, window - links.inFlight[link])
    if (room <= 0) return 0
    const now = this.#clock()
    let count = 0
    while (count < room && this.#requests.write(link, count, now, now)) count++
    if (count > 0) this.#send(link, count, now)
    return count
  }

  /** The open loop: sends what is due, each batch from the next link. */
  #sendDue(schedule: OpenSchedule): number {
    const { links, patience, tally } = this.#state
    const now = this.#clock()
    tally.giveUp(schedule, now - patience)
    let backlog = schedule.backlog(now)
    let moved = 0
    // After a batch from each link replies have their turn.
    for (let batches = 0; backlog > 0 && batches < links.count; batches++) {
      const link = this.#nextLink
      const count = Math.min(BATCH, backlog)
      this.#nextLink = (link + 1) % links.count
      for (let slot = 0; slot < count; slot++) this.#requests.write(link, slot, schedule.take(), now)
      this.#send(link, count, now)
      backlog -= count
      moved += count
    }
    return moved
  }

  #send(link: number, count: number, now: number): void {
    const sent = this.#sockets.send(link, count)
    for (let slot = sent; slot < count; slot++) this.#requests.notSent(link, slot, now)
  }
}

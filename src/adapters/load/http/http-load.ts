// The load of one thread over HTTP: one request in flight on each connection, the next when its reply has come (closed
// loop) or when it is due (open loop). Connections are kept, or fresh for each request.

import { LOAD_COUNTS, LoadPhase } from '../load-memory.ts'
import type { LoadPlan } from '../load-plan.ts'
import type { LoadTally } from '../load-tally.ts'
import { OpenSchedule } from '../open-schedule.ts'
import { Choice } from '../request-choice.ts'
import type { ThreadLoad } from '../thread-load.ts'
import type { HttpConnections } from './http-connections.ts'
import { LoadedHttpReply } from './http-reply.ts'
import type { HttpRequests } from './http-requests.ts'
import { IdleConnections } from './idle-connections.ts'
import type { SlowHeads } from './slow-heads.ts'

const SWEEP_EVERY = 5000
const IDLE_MS = 5

export interface HttpLoadParts {
  readonly plan: LoadPlan
  readonly connections: HttpConnections
  readonly requests: HttpRequests
  readonly slowHeads: SlowHeads
  readonly tally: LoadTally
  /** Microseconds of a steady clock. */
  readonly clock: () => number
  /** Is told the first refusal of the tracker. */
  readonly onFailure: (text: string) => void
}

export class HttpLoad implements ThreadLoad {
  readonly isSynchronous = true
  readonly #plan: LoadPlan
  readonly #connections: HttpConnections
  readonly #requests: HttpRequests
  readonly #slowHeads: SlowHeads
  readonly #tally: LoadTally
  readonly #clock: () => number
  readonly #onFailure: (text: string) => void
  readonly #schedule: OpenSchedule | undefined
  readonly #reply = new LoadedHttpReply()
  readonly #patience: number
  /** By connection. */
  readonly #isSending: Uint8Array
  readonly #isWaiting: Uint8Array
  /** Requests on the connection so far. */
  readonly #uses: Int32Array
  readonly #idle: IdleConnections
  #sending = 0
  #events = 0
  #sweptAt = 0
  #hasFailed = false

  constructor({ plan, connections, requests, slowHeads, tally, clock, onFailure }: HttpLoadParts) {
    const { count } = connections
    this.#plan = plan
    this.#connections = connections
    this.#requests = requests
    this.#slowHeads = slowHeads
    this.#tally = tally
    this.#clock = clock
    this.#onFailure = onFailure
    this.#patience = plan.timeoutSeconds * 1_000_000
    this.#isSending = new Uint8Array(count)
    this.#isWaiting = new Uint8Array(count)
    this.#uses = new Int32Array(count)
    this.#idle = new IdleConnections(count)
    const { requestsPerSecond } = plan
    this.#schedule = requestsPerSecond === undefined ? undefined : new OpenSchedule(requestsPerSecond / plan.threads)
  }

  enter(phase: LoadPhase): void {
    const now = this.#clock()
    this.#requests.phase = phase
    this.#schedule?.enter(phase, now)
    if (phase === LoadPhase.Measure) this.#tally.measureFrom(now)
  }

  get isDone(): boolean {
    const { phase } = this.#requests
    if (phase === LoadPhase.Connect) return true
    if (phase === LoadPhase.Fill) return this.#requests.hasFilled
    const backlog = this.#schedule?.backlog(this.#clock()) ?? 0
    return phase === LoadPhase.Drain && this.#idle.count === this.#connections.count && backlog <= 0
  }

  turn(): boolean {
    const events = this.#events > 0 ? this.#events : this.#connections.wait(0)
    this.#events = 0
    for (let event = 0; event < events; event++) this.#receive(this.#connections.connectionOf(event))
    if (this.#sending > 0) this.#sendRest()
    const started = this.#start()
    const now = this.#clock()
    if (now - this.#sweptAt > SWEEP_EVERY) this.#sweep(now)
    return events > 0 || started > 0
  }

  rest(): void {
    const until = this.#dueRequests()?.untilNext(this.#clock()) ?? IDLE_MS * 1000
    // The kernel counts whole milliseconds; below that the thread looks again and again.
    this.#events = this.#connections.wait(
      this.#sending > 0 ? 0 : Math.min(IDLE_MS, Math.max(0, Math.floor(until / 1000))),
    )
  }

  close(): void {
    this.#slowHeads.close()
    this.#connections.closeAll()
  }

  #dueRequests(): OpenSchedule | undefined {
    const { phase } = this.#requests
    return phase >= LoadPhase.Load ? this.#schedule : undefined
  }

  /** Starts requests on idle connections; returns how many. */
  #start(): number {
    const { phase } = this.#requests
    const schedule = this.#dueRequests()
    const isOver = phase >= LoadPhase.Drain && schedule === undefined
    const now = this.#clock()
    if (schedule !== undefined) this.#tally.giveUp(schedule, now - this.#patience)
    if (this.#idle.count === 0 || phase === LoadPhase.Connect || isOver) return 0
    let backlog = schedule?.backlog(now) ?? this.#idle.count
    let started = 0
    // Each once: a connection that breaks at once is idle again.
    for (let left = this.#idle.count; left > 0 && backlog > 0; left--) {
      const connection = this.#idle.take()
      if (!this.#open(connection) || !this.#requests.hasNext(connection)) this.#idle.put(connection)
      else {
        this.#requests.write(connection, schedule?.take() ?? now, now)
        this.#send(connection)
        backlog--
        started++
      }
    }
    return started
  }

  #open(connection: number): boolean {
    if (this.#connections.isOpen(connection)) return true
    if (!this.#connections.open(connection)) return false
    this.#uses[connection] = 0
    this.#tally.counts[LOAD_COUNTS.opened]++
    return true
  }

  #send(connection: number): void {
    this.#uses[connection]++
    this.#connections.request(connection, this.#requests.lengths[connection])
    this.#isWaiting[connection] = 1
    this.#flush(connection)
  }

  #flush(connection: number): void {
    const outcome = this.#connections.flush(connection)
    const isSending = outcome === 0 ? 1 : 0
    this.#sending += isSending - this.#isSending[connection]
    this.#isSending[connection] = isSending
    if (outcome < 0) this.#end(connection, 0)
  }

  #sendRest(): void {
    for (let connection = 0; connection < this.#connections.count; connection++) {
      if (this.#isSending[connection] === 1) this.#flush(connection)
    }
  }

  #receive(connection: number): void {
    if (connection < 0) return
    const length = this.#connections.receive(connection)
    const { hasEnded, received } = this.#connections
    if (this.#isWaiting[connection] === 0) {
      if (hasEnded) this.#connections.close(connection)
      return
    }
    this.#reply.read(received, length, hasEnded)
    if (this.#reply.isComplete) this.#accept(connection, length)
    else if (hasEnded) this.#end(connection, length)
    else this.#connections.keepPartial(connection, length)
  }

  #accept(connection: number, length: number): void {
    const reply = this.#reply
    const now = this.#clock()
    if (this.#requests.isHonest(connection)) {
      if (this.#isLate(connection, now)) this.#requests.late(connection)
      else {
        reply.readBody(this.#connections.received, this.#requests.kinds[connection] === Choice.Scrape)
        this.#requests.judge(connection, reply, length, now)
        if (reply.isFailure || !reply.isOk) this.#tellFailure(length)
      }
    }
    if (this.#plan.isFresh || !reply.keepsConnection) this.#connections.close(connection)
    this.#release(connection)
  }

  /** The connection has ended without a whole reply. */
  #end(connection: number, length: number): void {
    this.#connections.close(connection)
    this.#sending -= this.#isSending[connection]
    this.#isSending[connection] = 0
    const wasKept = this.#uses[connection] > 1
    // The tracker had closed a kept connection before the request reached it: as a client would, ask again.
    if (wasKept && length === 0 && this.#requests.isHonest(connection) && this.#open(connection)) {
      this.#send(connection)
      return
    }
    if (this.#requests.isHonest(connection)) {
      this.#tally.counts[LOAD_COUNTS.broken]++
      this.#requests.miss(connection)
    }
    this.#release(connection)
  }

  #release(connection: number): void {
    if (this.#isWaiting[connection] === 0) return
    this.#isWaiting[connection] = 0
    this.#idle.put(connection)
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    this.#tally.counts[LOAD_COUNTS.unreachable] += this.#connections.takeRefused()
    if (this.#requests.phase >= LoadPhase.Load) this.#slowHeads.everyNow(now)
    for (let connection = 0; connection < this.#connections.count; connection++) {
      if (this.#isWaiting[connection] === 0 || !this.#isLate(connection, now)) continue
      this.#uses[connection] = 0
      this.#end(connection, 0)
    }
  }

  #isLate(connection: number, now: number): boolean {
    return now - this.#requests.dueAt[connection] > this.#patience
  }

  #tellFailure(length: number): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    const { bodyFrom } = this.#reply
    const bytes = this.#connections.received.subarray(this.#reply.isOk ? bodyFrom : 0, Math.min(length, bodyFrom + 160))
    this.#onFailure(new TextDecoder('latin1').decode(bytes))
  }
}

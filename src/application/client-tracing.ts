// Runs client traces: one at a time, each until its time or its lines are used up, it is stopped, or another replaces
// it.

import type { ClientTrace, ClientTraces, TraceOptions } from '../domain/ports/inbound/client-traces.ts'
import type { TracedRequest } from '../domain/ports/outbound/request-tap.ts'
import type { Timer } from '../domain/ports/outbound/timer.ts'
import type { TraceSwitch } from '../domain/ports/outbound/trace-switch.ts'
import type { WallClock } from '../domain/ports/outbound/wall-clock.ts'
import { Refusal } from '../domain/refusal.ts'

/** Why a trace ended. */
export type TraceEnd = 'time' | 'lines' | 'stopped' | 'replaced' | 'shutdown'

/** Where a trace is written. */
export interface TraceJournal {
  started(trace: ClientTrace): void
  request(request: TracedRequest): void
  ended(trace: ClientTrace, end: TraceEnd): void
}

export interface ClientTracingDependencies {
  readonly traceSwitch: TraceSwitch
  readonly wallClock: WallClock
  readonly timer: Timer
  readonly journal: TraceJournal
}

interface Running {
  readonly number: number
  readonly trace: Omit<ClientTrace, 'lines' | 'droppedLines'>
  readonly cancelTimer: () => void
  lines: number
}

export class ClientTracing implements ClientTraces {
  readonly #dependencies: ClientTracingDependencies
  #running: Running | undefined

  constructor(dependencies: ClientTracingDependencies) {
    this.#dependencies = dependencies
  }

  start({ clients, seconds, maxLines }: TraceOptions): ClientTrace {
    const { traceSwitch, wallClock, timer, journal } = this.#dependencies
    this.#end('replaced')
    const startedAtSeconds = wallClock.wallSeconds()
    const trace = { address: clients.text, startedAtSeconds, endsAtSeconds: startedAtSeconds + seconds, maxLines }
    const started = { ...trace, lines: 0, droppedLines: 0 }
    // Before the first request.
    journal.started(started)
    this.#running = {
      number: traceSwitch.turnOn(clients, maxLines),
      trace,
      cancelTimer: timer.start(seconds * 1000, () => this.#end('time')),
      lines: 0,
    }
    return started
  }

  current(): ClientTrace | undefined {
    return this.#running && this.#stateOf(this.#running)
  }

  stop(): void {
    if (this.#running === undefined) throw new Refusal('not-there', 'no client is being traced')
    this.#end('stopped')
  }

  /** A request that a thread has noted. Those of an earlier trace come too late and are ignored. */
  take(number: number, request: TracedRequest): void {
    const running = this.#running
    if (running?.number !== number) return
    running.lines++
    this.#dependencies.journal.request(request)
    if (running.lines >= running.trace.maxLines) this.#end('lines')
  }

  /** At the end of the process. */
  close(): void {
    this.#end('shutdown')
  }

  #end(end: TraceEnd): void {
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    running.cancelTimer()
    this.#dependencies.traceSwitch.turnOff()
    this.#dependencies.journal.ended(this.#stateOf(running), end)
  }

  #stateOf({ trace, lines }: Running): ClientTrace {
    return { ...trace, lines, droppedLines: this.#dependencies.traceSwitch.droppedLines() }
  }
}

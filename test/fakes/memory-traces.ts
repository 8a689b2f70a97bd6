// Traces that follow no one: they remember what was started.

import type { ClientTrace, ClientTraces, TraceOptions } from '../../src/domain/ports/inbound/client-traces.ts'
import { Refusal } from '../../src/domain/refusal.ts'

const STARTED_AT_SECONDS = 1_700_000_000

export class MemoryTraces implements ClientTraces {
  readonly started: TraceOptions[] = []
  #current: ClientTrace | undefined

  start(options: TraceOptions): ClientTrace {
    this.started.push(options)
    this.#current = {
      address: options.clients.text,
      startedAtSeconds: STARTED_AT_SECONDS,
      endsAtSeconds: STARTED_AT_SECONDS + options.seconds,
      maxLines: options.maxLines,
      lines: 0,
      droppedLines: 0,
    }
    return this.#current
  }

  current(): ClientTrace | undefined {
    return this.#current
  }

  stop(): void {
    if (this.#current === undefined) throw new Refusal('not-there', 'no client is being traced')
    this.#current = undefined
  }
}

// Traces that follow no one: they remember what was ordered.

import type { ClientTrace, ClientTraces, TraceOrder } from '../../src/domain/ports/inbound/client-traces.ts'
import { Refusal } from '../../src/domain/refusal.ts'

const STARTED_AT_SECONDS = 1_700_000_000

export class MemoryTraces implements ClientTraces {
  readonly orders: TraceOrder[] = []
  #current: ClientTrace | undefined

  start(order: TraceOrder): ClientTrace {
    this.orders.push(order)
    this.#current = {
      address: order.clients.text,
      startedAtSeconds: STARTED_AT_SECONDS,
      endsAtSeconds: STARTED_AT_SECONDS + order.seconds,
      maxLines: order.maxLines,
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

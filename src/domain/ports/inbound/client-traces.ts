// Following one client in the log for a while. Off unless an operator asks for it; one trace at a time.

import type { ClientRange } from '../../client-range.ts'
import { port } from '../port.ts'

export interface TraceOptions {
  readonly clients: ClientRange
  readonly seconds: number
  readonly maxLines: number
}

export interface ClientTrace {
  /** As in `ClientRange`. */
  readonly address: string
  /** Dates. */
  readonly startedAtSeconds: number
  readonly endsAtSeconds: number
  readonly maxLines: number
  /** Lines logged so far, and those left out because there were too many in a second. */
  readonly lines: number
  readonly droppedLines: number
}

export interface ClientTraces {
  /** Starts a trace, which ends by itself. It replaces the one that is running. */
  start(options: TraceOptions): ClientTrace
  /** The running trace. */
  current(): ClientTrace | undefined
  /** Throws a `Refusal` 'not-there' if none is running. */
  stop(): void
}
export const ClientTraces = port<ClientTraces>('ClientTraces')

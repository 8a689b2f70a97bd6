// The trace of one client: binds its parts, and writes it to the log.

import { SharedTraceSwitch } from '../../adapters/outbound/trace/shared-trace-switch.ts'
import { ClientTracing, type TraceEnd, type TraceJournal } from '../../application/client-tracing.ts'
import { type ClientTrace, ClientTraces } from '../../domain/ports/inbound/client-traces.ts'
import { Timer } from '../../domain/ports/outbound/timer.ts'
import { TraceSwitch } from '../../domain/ports/outbound/trace-switch.ts'
import { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import type { Logger } from '../process/logger.ts'
import type { Bindings } from '../wiring/bindings.ts'
import { ClientTracingPart } from '../wiring/parts.ts'
import type { SharedMemory } from '../wiring/shared-memory.ts'

const TARGET = 'CLIENT TRACE'

const ENDS: Readonly<Record<TraceEnd, string>> = {
  time: 'its time is up',
  lines: 'it has all its lines',
  stopped: 'it was stopped',
  replaced: 'another one replaces it',
  shutdown: 'the tracker stops',
}

/** Adds to the main thread's bindings. */
export function bindTracing(bindings: Bindings, memory: SharedMemory, logger: Logger): Bindings {
  return bindings
    .bind(TraceSwitch, () => new SharedTraceSwitch(memory.trace))
    .bind(ClientTracingPart, (get) => {
      const dependencies = { traceSwitch: get(TraceSwitch), wallClock: get(WallClock), timer: get(Timer) }
      return new ClientTracing({ ...dependencies, journal: journalIn(logger) })
    })
    .bind(ClientTraces, (get) => get(ClientTracingPart))
}

function journalIn(logger: Logger): TraceJournal {
  return {
    started: ({ address, startedAtSeconds, endsAtSeconds, maxLines }: ClientTrace) => {
      const seconds = endsAtSeconds - startedAtSeconds
      logger.log('info', TARGET, `tracing ${address} for ${seconds} s, up to ${maxLines} lines`)
    },
    request: ({ kind, verdict, ...details }) => logger.log('info', TARGET, `${kind} ${verdict}`, details),
    ended: ({ address, lines, droppedLines }, end) => {
      logger.log('info', TARGET, `the trace of ${address} has ended: ${ENDS[end]}`, { lines, droppedLines })
    },
  }
}

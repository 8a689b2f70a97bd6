// REST v2: the client trace, translated from the domain to the contract.

import type { ClientTrace, ClientTraces } from '../../../../domain/ports/inbound/client-traces.ts'
import { readClientRange } from '../../../protocol/client-range-text.ts'
import type { trace } from '../../../protocol/rest/v2/trace.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'

export function traceHandlers(traces: ClientTraces): Handlers<typeof trace> {
  return {
    startTrace: async ({ body }) => {
      const clients = readClientRange(body.address)
      // The contract has validated it already.
      if (clients === undefined) throw new Error('the contract and its handler disagree about addresses')
      const started = traces.start({ clients, seconds: body.seconds, maxLines: body.max_lines })
      return { status: 200, body: writeTrace(started) }
    },

    getTrace: async () => {
      const current = traces.current()
      if (current === undefined) throw notFound('No client is being traced.')
      return { status: 200, body: writeTrace(current) }
    },

    stopTrace: async () => {
      traces.stop()
      return { status: 204 }
    },
  }
}

function writeTrace({ address, startedAtSeconds, endsAtSeconds, maxLines, lines, droppedLines }: ClientTrace) {
  return {
    address,
    started_at: isoTimestamp(startedAtSeconds),
    ends_at: isoTimestamp(endsAtSeconds),
    max_lines: maxLines,
    lines,
    dropped_lines: droppedLines,
  }
}

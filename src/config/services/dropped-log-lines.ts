// Counts the lines that the log drops, including those dropped before the counters existed.

import { Counter } from '../../adapters/protocol/metrics/counters.ts'
import type { Counters } from '../../domain/ports/outbound/counters.ts'
import type { LogOutput } from '../process/log-output.ts'

export function countDroppedLines(output: LogOutput, counters: Counters): void {
  counters.add(Counter.log_lines_dropped, output.droppedLines)
  output.onDrop = () => counters.add(Counter.log_lines_dropped, 1)
}

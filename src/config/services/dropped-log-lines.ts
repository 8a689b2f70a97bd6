// Lines that the log has to drop are counted, those before there were counters too.

import { Counter } from '../../adapters/protocol/metrics/counters.ts'
import type { Counters } from '../../domain/ports/outbound/counters.ts'
import type { LogOutput } from '../process/log-output.ts'

export function countDroppedLines(output: LogOutput, counters: Counters): void {
  counters.add(Counter.log_lines_dropped, output.droppedLines)
  output.onDrop = () => counters.add(Counter.log_lines_dropped, 1)
}

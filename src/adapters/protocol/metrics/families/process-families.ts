// The process as the operating system sees it, and the tracker's version.

import type { ProcessFigures } from '../../../../domain/ports/outbound/measurements.ts'
import type { MetricFamily } from '../../exposition.ts'
import { counter, gauge, sample } from './build-family.ts'

export function processFamilies(process: ProcessFigures, version: string): readonly MetricFamily[] {
  return [
    gauge('info', 'Always 1; the label contains the version.', sample(1, { version })),
    gauge('process_resident_memory_bytes', 'Memory of the process that is in RAM.', sample(process.residentBytes)),
    counter('process_cpu_seconds_total', 'Processor time of the process, user and system.', sample(process.cpuSeconds)),
    gauge(
      'process_start_time_seconds',
      'Start time of the process, in seconds since 1970.',
      sample(process.startedAtSeconds),
    ),
  ]
}

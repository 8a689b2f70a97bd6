// Per-thread metrics: heap, event loop, garbage collection pauses.

import type { ThreadFigures } from '../../../../domain/ports/outbound/measurements.ts'
import type { MetricFamily, MetricSample } from '../../exposition.ts'
import { Gauge, type GaugeName, HISTOGRAM_BOUNDS, Histogram } from '../measurements.ts'
import { gauge, sample } from './build-family.ts'

/** Threads that wait in the kernel, instead of in an event loop. */
const BLOCKING = /^(?:udp|http-plain)-/

export function threadFamilies(threads: readonly ThreadFigures[]): readonly MetricFamily[] {
  const ofThreads = (name: GaugeName): MetricSample[] =>
    threads.map(({ thread, gauges }) => sample(gauges[Gauge[name]], { thread }))
  const withLoop = threads.filter(({ thread }) => !BLOCKING.test(thread))
  const delays = ({ thread, gauges }: ThreadFigures): MetricSample[] => [
    sample(gauges[Gauge.event_loop_delay_max], { stat: 'max', thread }),
    sample(gauges[Gauge.event_loop_delay_mean], { stat: 'mean', thread }),
    sample(gauges[Gauge.event_loop_delay_p99], { stat: 'p99', thread }),
  ]
  return [
    gauge('thread_heap_used_bytes', 'JavaScript heap in use, by thread.', ...ofThreads('heap_used_bytes')),
    gauge('thread_heap_size_bytes', 'JavaScript heap reserved, by thread.', ...ofThreads('heap_total_bytes')),
    gauge(
      'thread_event_loop_delay_seconds',
      'Event loop delay in the latest five seconds.',
      ...withLoop.flatMap(delays),
    ),
    {
      type: 'histogram',
      name: 'muster_thread_gc_seconds',
      help: 'Garbage collection pauses, for young objects (minor) and old ones (major), by thread.',
      bounds: HISTOGRAM_BOUNDS.gc_major,
      distributions: threads.flatMap(({ thread, histograms }) => [
        { ...histograms[Histogram.gc_major], labels: { kind: 'major', thread } },
        { ...histograms[Histogram.gc_minor], labels: { kind: 'minor', thread } },
      ]),
    },
  ]
}

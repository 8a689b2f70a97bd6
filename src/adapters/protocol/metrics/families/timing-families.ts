// Durations and sizes, over all threads.

import type { HistogramFigures, ThreadFigures } from '../../../../domain/ports/outbound/measurements.ts'
import type { Distribution, MetricFamily } from '../../exposition.ts'
import { HISTOGRAM_BOUNDS, Histogram, type HistogramName } from '../measurements.ts'

/** Sums up the observations of all threads. */
function merged(all: readonly HistogramFigures[]): Distribution {
  return {
    counts: (all[0]?.counts ?? []).map((_, bucket) => all.reduce((count, { counts }) => count + counts[bucket], 0)),
    sum: all.reduce((sum, one) => sum + one.sum, 0),
    labels: {},
  }
}

export function timingFamilies(threads: readonly ThreadFigures[]): readonly MetricFamily[] {
  const histogram = (name: string, help: string, which: HistogramName): MetricFamily => ({
    type: 'histogram',
    name: `muster_${name}`,
    help,
    bounds: HISTOGRAM_BOUNDS[which],
    distributions: [merged(threads.map(({ histograms }) => histograms[Histogram[which]]))],
  })
  return [
    histogram(
      'udp_handling_seconds',
      'Time per datagram: an even share of the time of its batch, without sending; every fourth batch.',
      'udp_handling',
    ),
    histogram('udp_batch_datagrams', 'Datagrams received and answered together.', 'udp_batch_datagrams'),
    histogram(
      'http_announce_seconds',
      'Time of an HTTP announce, from read request to written reply.',
      'http_announce',
    ),
    histogram(
      'rest_request_seconds',
      'Time of a request to the management API, from parsed request to response sent.',
      'rest_request',
    ),
    histogram('store_query_seconds', 'Time of a database statement, as seen by the driver.', 'store_query'),
  ]
}

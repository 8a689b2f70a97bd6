// How long things take and how large they are, over all threads.

import type { HistogramFigures, ThreadFigures } from '../../../../domain/ports/outbound/measurements.ts'
import type { Distribution, MetricFamily } from '../../exposition.ts'
import { HISTOGRAM_BOUNDS, Histogram, type HistogramName } from '../measurements.ts'

/** The observations of all threads. */
function together(all: readonly HistogramFigures[]): Distribution {
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
    distributions: [together(threads.map(({ histograms }) => histograms[Histogram[which]]))],
  })
  return [
    histogram(
      'udp_handling_seconds',
      'Handling a datagram: an even share of what its batch took, sending left out; every fourth batch.',
      'udp_handling',
    ),
    histogram('udp_batch_datagrams', 'Datagrams that were taken in and answered together.', 'udp_batch_datagrams'),
    histogram(
      'http_announce_seconds',
      'Handling an HTTP announce, from request read to reply handed over.',
      'http_announce',
    ),
    histogram(
      'rest_request_seconds',
      'A request to the management API, from request read to answer sent.',
      'rest_request',
    ),
    histogram('store_query_seconds', 'A statement to the database, as its driver sees it.', 'store_query'),
  ]
}

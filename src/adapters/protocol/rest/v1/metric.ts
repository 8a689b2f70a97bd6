// The form of a metric of API v1, and the ways of writing samples that do not belong to a listener.

import type { MetricSample } from '../../exposition.ts'

export interface Metric {
  readonly type: 'counter' | 'gauge'
  readonly name: string
  readonly unit?: 'nanoseconds'
  readonly help: string
  readonly samples: readonly MetricSample[]
}

export function torrustCounter(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return {
    type: 'counter',
    name,
    help,
    samples,
  }
}

export function torrustGauge(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return {
    type: 'gauge',
    name,
    help,
    samples,
  }
}

/** One sample without labels. */
export function plain(value: number): readonly MetricSample[] {
  return [{ value, labels: {} }]
}

export function byRole({ seeders, leechers }: { seeders: number; leechers: number }): readonly MetricSample[] {
  return [
    { value: leechers, labels: { peer_role: 'leecher' } },
    { value: seeders, labels: { peer_role: 'seeder' } },
  ]
}

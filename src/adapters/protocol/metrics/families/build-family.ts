// Builds metric families for the exposition. All our names begin with `muster_`.

import type { Labels, MetricFamily, MetricSample } from '../../exposition.ts'

export function sample(value: number, labels: Labels = {}): MetricSample {
  return { value, labels }
}

export function counter(name: string, help: string, ...samples: readonly MetricSample[]): MetricFamily {
  return {
    type: 'counter',
    name: `muster_${name}`,
    help,
    samples,
  }
}

export function gauge(name: string, help: string, ...samples: readonly MetricSample[]): MetricFamily {
  return {
    type: 'gauge',
    name: `muster_${name}`,
    help,
    samples,
  }
}

/** Samples that differ in one label. */
export function by(label: string, values: Readonly<Record<string, number>>): MetricSample[] {
  return Object.entries(values).map(([value, count]) => sample(count, { [label]: value }))
}

export function ofFamily(ipv4: number, ipv6: number, labels: Labels = {}): MetricSample[] {
  return [sample(ipv4, { ...labels, family: 'ipv4' }), sample(ipv6, { ...labels, family: 'ipv6' })]
}

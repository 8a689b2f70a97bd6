// Families of metrics in the form of the exposition. Every name of ours begins with `muster_`.

import type { Labels, MetricFamily, MetricSample } from '../../exposition.ts'

export const sample = (value: number, labels: Labels = {}): MetricSample => ({ value, labels })

export const counter = (name: string, help: string, ...samples: readonly MetricSample[]): MetricFamily => ({
  type: 'counter',
  name: `muster_${name}`,
  help,
  samples,
})

export const gauge = (name: string, help: string, ...samples: readonly MetricSample[]): MetricFamily => ({
  type: 'gauge',
  name: `muster_${name}`,
  help,
  samples,
})

/** Samples that one label sets apart. */
export const by = (label: string, values: Readonly<Record<string, number>>): MetricSample[] =>
  Object.entries(values).map(([value, count]) => sample(count, { [label]: value }))

export const ofFamily = (ipv4: number, ipv6: number, labels: Labels = {}): MetricSample[] => [
  sample(ipv4, { ...labels, family: 'ipv4' }),
  sample(ipv6, { ...labels, family: 'ipv6' }),
]

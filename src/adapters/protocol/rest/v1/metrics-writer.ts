// `GET metrics`: Torrust's labelled metrics under its names, as JSON or as Prometheus text.

import { writeFamily } from '../../exposition.ts'
import type { ShownFigures, ShownInactivity } from './figures.ts'
import { httpMetrics, udpMetrics } from './listener-metrics.ts'
import type { Metric } from './metric.ts'
import { downloadMetrics, swarmMetrics } from './swarm-metrics.ts'

/** Counters first, then gauges. */
function metricsOf(figures: ShownFigures, inactivity: ShownInactivity): readonly Metric[] {
  const all = [
    ...swarmMetrics(figures, inactivity),
    ...downloadMetrics(figures),
    ...httpMetrics(figures),
    ...udpMetrics(figures),
  ].filter(({ samples }) => samples.length > 0)
  return [...all.filter(({ type }) => type === 'counter'), ...all.filter(({ type }) => type === 'gauge')]
}

/** A gauge is a floating-point number, and looks like one. */
function writeValue(type: Metric['type'], value: number): string {
  return type === 'gauge' ? value.toFixed(1) : `${value}`
}

export function writeMetricsJson(figures: ShownFigures, inactivity: ShownInactivity, nowSeconds: number): string {
  const at = new Date(nowSeconds * 1000).toISOString().replace(/\.\d+Z$/, '+00:00')
  const metrics = metricsOf(figures, inactivity).map(({ type, name, unit = 'count', help, samples }) => {
    const rows = samples.map(({ value, labels }) => {
      const pairs = Object.entries(labels).map(([label, text]) => ({ name: label, value: text }))
      return `{"value":${writeValue(type, value)},"recorded_at":"${at}","labels":${JSON.stringify(pairs)}}`
    })
    const head = `"type":"${type}","name":"${name}","unit":"${unit}","description":${JSON.stringify(help)}`
    return `{${head},"samples":[${rows.join(',')}]}`
  })
  return `{"metrics":[${metrics.join(',')}]}`
}

/**
 * Families are separated by a blank line. Torrust has no line end at the end, which `promtool check metrics` rejects.
 */
export function writeMetricsText(figures: ShownFigures, inactivity: ShownInactivity): string {
  return `${metricsOf(figures, inactivity).map(writeFamily).join('\n\n')}\n`
}

// Series in Prometheus text: reads them, and evaluates queries over them with Prometheus' own tool.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Series {
  /** As in the text: `name{label="value"}`. */
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export function readSeries(text: string): readonly Series[] {
  return [...text.matchAll(/^(([a-z_0-9]+)(?:\{(.*)\})?) (\S+)$/gm)].map(([, id, name, labels = '', value]) => ({
    id,
    name,
    labels: Object.fromEntries([...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label, text]) => [label, text])),
    value: Number(value),
  }))
}

/** The values of a metric whose labels have these values, added up by the other label. */
export function sumBy(
  label: string,
  series: readonly Series[],
  name: string,
  matching: Series['labels'] = {},
): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const one of series) {
    if (one.name !== name || Object.entries(matching).some(([key, value]) => one.labels[key] !== value)) continue
    const group = one.labels[label] ?? ''
    sums[group] = (sums[group] ?? 0) + one.value
  }
  return sums
}

export interface Expectation {
  readonly query: string
  /** The label sets of the result, all with positive values. */
  readonly finds: readonly Series['labels'][]
}

/** What Prometheus finds wrong if it has scraped `before`, then `after`; empty if all expectations are met. */
export function complaints(
  before: readonly Series[],
  after: readonly Series[],
  expectations: readonly Expectation[],
): string {
  const earlier = new Map(before.map(({ id, value }) => [id, value]))
  const test = {
    interval: '1m',
    input_series: after.map(({ id, value }) => ({ series: id, values: `${earlier.get(id) ?? '_'} ${value} ${value}` })),
    promql_expr_test: expectations.map(({ query, finds }) => ({
      expr: `(${query}) > bool 0`,
      eval_time: '2m',
      exp_samples: finds.map((labels) => ({ labels: writeLabels(labels), value: 1 })),
    })),
  }
  const directory = mkdtempSync(join(tmpdir(), 'muster-series-'))
  try {
    const file = join(directory, 'test.json')
    writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests: [test] }))
    const { status, stdout, stderr, error } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
    if (error !== undefined) throw error
    return status === 0 ? '' : `${stdout}${stderr}`
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function writeLabels(labels: Series['labels']): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`
}

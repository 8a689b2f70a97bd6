// The dashboard and the alert rules use existing metrics, and Prometheus' own tool accepts what the tracker writes.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { writeExposition } from '../../src/adapters/protocol/exposition.ts'
import { readTotals } from '../../src/adapters/protocol/metrics/counters.ts'
import { Gauge, Histogram } from '../../src/adapters/protocol/metrics/measurements.ts'
import { musterFamilies } from '../../src/adapters/protocol/metrics/muster-metrics.ts'
import { writeMetricsText } from '../../src/adapters/protocol/rest/v1/metrics-writer.ts'
import { FixedStatistics } from '../fakes/fixed-statistics.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { PlainMeasurements } from '../fakes/plain-measurements.ts'
import { aShownListener } from '../fixtures/shown-listeners.ts'

const DASHBOARD = 'contrib/grafana/dashboards/muster.json'
const ALERTS = 'contrib/prometheus/alerts.yml'

const statistics = new FixedStatistics()
const counters = readTotals(new PlainCounters())

function ownText(): string {
  const measured = new PlainMeasurements()
  measured.observe(Histogram.udp_handling, 3e-6, 64)
  measured.observe(Histogram.rest_request, 100, 1)
  measured.set(Gauge.heap_used_bytes, 1e6)
  return writeExposition(
    musterFamilies({
      counters,
      statistics: statistics.snapshot(),
      census: statistics.counted,
      threads: [...measured.threads(), { ...measured.threads()[0], thread: 'udp-1' }],
      process: measured.process(),
      version: '1.2.3-"quoted"\\',
    }),
  )
}

/** Names of samples, including those with `_bucket`, `_sum` and `_count`. */
const NAMES = new Set([...ownText().matchAll(/^(muster_\w+)[ {]/gm)].map(([, name]) => name))

function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\bmuster_\w+/g)].map(([name]) => name))]
}

function promtool(words: readonly string[], input = '') {
  const { status, stdout, stderr, error } = spawnSync('promtool', words, { input, encoding: 'utf8' })
  if (error !== undefined) throw error
  return { status, output: `${stdout}${stderr}` }
}

describe('the dashboard', () => {
  const text = readFileSync(DASHBOARD, 'utf8')

  it('is JSON that uses the data source `prometheus`, with a position for every panel', () => {
    const dashboard = JSON.parse(text)
    expect(dashboard).toMatchObject({ uid: 'muster', title: 'Muster' })
    const panels: { type: string; datasource?: { uid: string }; id: number }[] = dashboard.panels
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const { type, datasource } of panels) if (type !== 'row') expect(datasource?.uid).toBe('prometheus')
  })

  it('uses existing metrics', () => {
    expect(namesIn(text).filter((name) => !NAMES.has(name))).toEqual([])
  })
})

describe('the alert rules', () => {
  const text = readFileSync(ALERTS, 'utf8')

  it('use existing metrics', () => {
    expect(namesIn(text).filter((name) => !NAMES.has(name))).toEqual([])
  })

  it('fire when one of two trackers is down, and when none is scraped at all', () => {
    const alertsFor = (...up: readonly [instance: string, values: string][]) => ({
      interval: '1m',
      input_series: up.map(([instance, values]) => ({ series: `up{job="muster",instance="${instance}"}`, values })),
    })
    const expected = (instances: readonly object[]) => ({
      eval_time: '10m',
      alertname: 'MusterDown',
      exp_alerts: instances.map((labels) => ({ exp_labels: { severity: 'critical', job: 'muster', ...labels } })),
    })
    const cases = [
      { ...alertsFor(['one', '1x20'], ['two', '1x2 0x20']), alert_rule_test: [expected([{ instance: 'two' }])] },
      { ...alertsFor(['one', '1x20'], ['two', '1x20']), alert_rule_test: [expected([])] },
      { ...alertsFor(), alert_rule_test: [expected([{}])] },
    ]
    const folder = mkdtempSync(join(tmpdir(), 'muster-alerts-'))
    try {
      const annotations = /summary: (.+)\n +description: (.+)\n/.exec(text)
      const exp_annotations = { summary: annotations?.[1], description: annotations?.[2] }
      const tests = cases.map(({ alert_rule_test, ...rest }) => ({
        ...rest,
        alert_rule_test: alert_rule_test.map(({ exp_alerts, ...one }) => ({
          ...one,
          exp_alerts: exp_alerts.map((alert) => ({ ...alert, exp_annotations })),
        })),
      }))
      const file = join(folder, 'alerts-test.yml')
      writeFileSync(file, JSON.stringify({ rule_files: [resolve(ALERTS)], evaluation_interval: '1m', tests }))
      expect(promtool(['test', 'rules', file])).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('are valid for Prometheus', () => {
    const { status, output } = promtool(['check', 'rules', ALERTS])
    expect([status, output]).toEqual([0, expect.stringContaining('SUCCESS')])
  })
})

describe('the documentation of metrics', () => {
  it('has every family', () => {
    const text = readFileSync('docs/metrics.md', 'utf8')
    const families = [...ownText().matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)
    expect(families.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('the text of metrics', () => {
  it('of our own passes the checks of Prometheus, including style', () => {
    expect(promtool(['check', 'metrics'], ownText())).toEqual({ status: 0, output: '' })
  })

  it("with Torrust's names can be parsed, and only the names are criticized", () => {
    const listeners = [
      aShownListener('udp://0.0.0.0:6969', { udp_connects_timed: 1 }),
      aShownListener('http://[::]:80'),
    ]
    const text = writeMetricsText(
      { ...statistics.snapshot(), counters, addressesWithIdErrors: 0, listeners },
      statistics.counted,
    )
    const { status, output } = promtool(['check', 'metrics'], text)
    expect(status).toBe(3)
    for (const line of output.trim().split('\n')) {
      expect(line).toMatch(/should not have "_total" suffix|should not contain abbreviated units/)
    }
  })
})

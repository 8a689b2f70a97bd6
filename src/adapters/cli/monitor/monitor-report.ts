// What a monitor shows: a live table on a terminal, a summary at the end, and Prometheus metrics.

import { type MetricFamily, writeExposition } from '../../protocol/exposition.ts'
import type { Cell } from '../cell.ts'
import { writeJsonLine } from '../output.ts'
import { writeCount, writeDuration } from '../quantities.ts'
import { writeTable } from '../table.ts'
import type { Paint } from '../tones.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import { PROBE_STATUSES, type ProbeStatus } from './probe-event.ts'

const HEAD = ['Tracker', 'Address', 'Now', 'Uptime', '24 h', 'p50', 'p95', 'p99', 'Probes']

export function writeMonitorTable(
  records: readonly EndpointRecord[],
  nowMs: number,
  columns: number,
  paint: Paint,
): string {
  const rows = records.map((record): readonly Cell[] => {
    const { latencies, counts } = record
    const now = `${record.status}, ${writeDuration(Math.max(0, nowMs - record.sinceMs) / 1000)}`
    return [
      record.url,
      record.address ?? null,
      stateCell(
        record.status,
        record.message === undefined || record.status === 'ok' ? now : `${now}: ${record.message}`,
      ),
      percent(record.uptime),
      percent(record.uptimeOfDay(nowMs)),
      milliseconds(latencies?.p50),
      milliseconds(latencies?.p95),
      milliseconds(latencies?.p99),
      writeCount(counts.ok + counts.timeout + counts.error),
    ]
  })
  return rows.length === 0 ? 'No probe yet.\n' : writeTable(HEAD, rows, columns, paint)
}

export function writeMonitorSummary(records: readonly EndpointRecord[], nowMs: number): string {
  return writeJsonLine({
    event: 'summary',
    time: new Date(nowMs).toISOString(),
    endpoints: records.map((record) => ({
      url: record.url,
      address: record.address ?? null,
      current: record.isCurrent,
      status: record.status,
      since: new Date(record.sinceMs).toISOString(),
      uptime: record.uptime ?? null,
      uptime_24h: record.uptimeOfDay(nowMs) ?? null,
      probes: record.counts,
      latency_ms: record.latencies ?? null,
    })),
  })
}

export function writeMonitorMetrics(records: readonly EndpointRecord[]): string {
  const labelsOf = ({ url, address }: EndpointRecord) => ({ address: address ?? '', url })
  const families: readonly MetricFamily[] = [
    {
      name: 'muster_monitor_up',
      help: 'Whether the last probe was answered. Missing while that is unknown.',
      type: 'gauge',
      samples: records
        .filter(({ status }) => status !== 'unknown')
        .map((record) => ({ value: record.status === 'ok' ? 1 : 0, labels: labelsOf(record) })),
    },
    {
      name: 'muster_monitor_probes_total',
      help: 'Probes by outcome. Those of unknown outcome were not sent.',
      type: 'counter',
      samples: records.flatMap((record) =>
        PROBE_STATUSES.map((status) => ({ value: record.counts[status], labels: { ...labelsOf(record), status } })),
      ),
    },
    {
      name: 'muster_monitor_answer_seconds_total',
      help: 'Sum of the times until announces were answered.',
      type: 'counter',
      samples: records.map((record) => ({ value: record.latencySumMs / 1000, labels: labelsOf(record) })),
    },
    {
      name: 'muster_monitor_answer_seconds',
      help: 'Percentiles of these times since the beginning.',
      type: 'gauge',
      samples: records.flatMap((record) =>
        Object.entries(record.latencies ?? {}).map(([name, value]) => ({
          value: value / 1000,
          labels: { ...labelsOf(record), percentile: name.slice(1) },
        })),
      ),
    },
  ]
  return writeExposition(families)
}

function stateCell(status: ProbeStatus, text: string): Cell {
  return status === 'unknown' ? text : { text, tone: status === 'ok' ? 'good' : 'bad' }
}

function percent(share: number | undefined): Cell {
  // Never 100 % with a failure in it.
  return share === undefined ? null : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`
}

function milliseconds(value: number | undefined): Cell {
  return value === undefined ? null : `${value.toFixed(value < 10 ? 1 : 0)} ms`
}

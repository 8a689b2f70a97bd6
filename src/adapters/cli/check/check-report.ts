// Writes what a check of trackers found: as a table, as lines, or as JSON.

import type { Cell } from '../cell.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeJson, writeLine } from '../output.ts'
import { writeCount } from '../quantities.ts'
import { writeTable } from '../table.ts'
import type { EndpointCheck, TrackerCheck } from './check-trackers.ts'
import { shownUrl } from './shown-url.ts'
import type { TrackerVerdict } from './verdict.ts'

const HEAD = ['Tracker', 'Address', 'Verdict', 'Latency', 'Seeders', 'Leechers', 'Remark']
const TONES = { ok: 'good', rejected: 'warning', failing: 'bad' } as const
const VERDICTS = ['ok', 'rejected', 'failing', 'unknown'] as const satisfies readonly TrackerVerdict[]

export function writeCheckJson(checks: readonly TrackerCheck[]): string {
  return writeJson({
    trackers: checks.map(({ tracker, verdict, flaw, notes, endpoints }) => ({
      url: shownUrl(tracker.text),
      verdict,
      message: flaw ?? null,
      notes,
      endpoints: endpoints.map((endpoint) => ({
        address: endpoint.address,
        port: endpoint.port,
        verdict: endpoint.verdict,
        rule: endpoint.rule ?? null,
        message: endpoint.message ?? null,
        latency_ms: rounded(endpoint.latencyMs),
        interval_seconds: endpoint.intervalSeconds ?? null,
        seeders: endpoint.seeders ?? null,
        leechers: endpoint.leechers ?? null,
        completed: endpoint.completed ?? null,
        peers: endpoint.peers ?? null,
      })),
    })),
    summary: countVerdicts(checks),
  })
}

/** A table on a terminal, else a line for each endpoint, with columns separated by tabs. */
export function writeCheckText(
  checks: readonly TrackerCheck[],
  { isTerminal, columns, paint }: Pick<CliEnvironment, 'isTerminal' | 'columns' | 'paint'>,
): string {
  const rows = checks.flatMap(rowsOf)
  if (!isTerminal) return rows.map(writeLine).join('')
  const counts = countVerdicts(checks)
  const summary = VERDICTS.flatMap((verdict) =>
    counts[verdict] === 0 ? [] : [`${writeCount(counts[verdict])} ${verdict}`],
  )
  const notes = [...new Set(checks.flatMap((check) => check.notes))].map((note) => `Note: ${note}.\n`)
  return `${writeTable(HEAD, rows, columns, paint)}${summary.join(', ')}\n${notes.join('')}`
}

function rowsOf({ tracker, verdict, flaw, endpoints }: TrackerCheck): readonly (readonly Cell[])[] {
  const url = shownUrl(tracker.text)
  if (endpoints.length === 0) return [[url, null, verdictCell(verdict), null, null, null, flaw ?? 'has no address']]
  return endpoints.map((endpoint) => [url, ...endpointCells(endpoint)])
}

function endpointCells({ address, verdict, latencyMs, seeders, leechers, ...rest }: EndpointCheck) {
  const remark = [rest.message, rest.rule].filter((part) => part !== undefined)
  return [
    address,
    verdictCell(verdict),
    latencyMs === undefined ? null : `${latencyMs.toFixed(latencyMs < 10 ? 1 : 0)} ms`,
    seeders ?? null,
    leechers ?? null,
    remark.length === 0 ? null : remark.join(' (') + (remark.length > 1 ? ')' : ''),
  ]
}

function verdictCell(verdict: TrackerVerdict): Cell {
  return verdict === 'unknown' ? verdict : { text: verdict, tone: TONES[verdict] }
}

function countVerdicts(checks: readonly TrackerCheck[]): Readonly<Record<TrackerVerdict, number>> {
  const counts = { ok: 0, rejected: 0, failing: 0, unknown: 0 }
  for (const { verdict } of checks) counts[verdict]++
  return counts
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10) / 10
}

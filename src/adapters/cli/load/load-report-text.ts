// A load report for the terminal: tables that fit it, or lines in a pipe.

import type { LoadReport } from '../../load/load-report.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeFields, writeLine } from '../output.ts'
import { writeTable } from '../table.ts'
import { type FigureRow, fillRows, LATENCY_HEAD, latencyRows, notesOf, summaryRows } from './load-report-rows.ts'

type Terminal = Pick<CliEnvironment, 'isTerminal' | 'columns'>

export function writeLoadText(report: LoadReport, terminal: Terminal): string {
  const fields = (rows: readonly FigureRow[]): string => writeFields(Object.fromEntries(rows), terminal)
  const fill = fillRows(report)
  const latencies = latencyRows(report)
  return [
    ...(fill.length === 0 ? [] : ['Fill\n', fields(fill)]),
    ...(fill.length === 0 ? [] : ['Measurement\n']),
    fields(summaryRows(report)),
    terminal.isTerminal
      ? writeTable(LATENCY_HEAD, latencies, terminal.columns)
      : [LATENCY_HEAD, ...latencies].map(writeLine).join(''),
    ...notesOf(report).map((note) => `${note}\n`),
  ].join('')
}

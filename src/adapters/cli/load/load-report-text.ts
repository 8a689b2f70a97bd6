// A load report for the terminal: tables that fit it, or lines in a pipe.

import type { LoadReport } from '../../load/load-report.ts'
import type { Cell } from '../cell.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeFields, writeLine } from '../output.ts'
import { writeTable } from '../table.ts'
import type { Tone } from '../tones.ts'
import { type FigureRow, fillRows, LATENCY_HEAD, latencyRows, notesOf, summaryRows } from './load-report-rows.ts'

type Terminal = Pick<CliEnvironment, 'isTerminal' | 'columns' | 'paint'>

export function writeLoadText(report: LoadReport, terminal: Terminal): string {
  const fields = (rows: readonly FigureRow[]): string =>
    writeFields(Object.fromEntries(rows.map(([name, text]) => [name, toned(name, text, report)])), terminal)
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

/** Colours what tells whether the load went well. */
function toned(name: string, text: string, { fill, lost }: LoadReport): Cell {
  const tones: Readonly<Record<string, Tone | undefined>> = {
    Result: fill?.isComplete ? 'good' : 'bad',
    Refused: text === '0' ? undefined : 'bad',
    Malformed: 'bad',
    Lost: lost > 0 ? 'warning' : 'good',
  }
  const tone = tones[name]
  return tone === undefined ? text : { text, tone }
}

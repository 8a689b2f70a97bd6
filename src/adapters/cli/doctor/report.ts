// Writes findings as text or as JSON.

import { pluralize } from '../../../domain/pluralize.ts'
import { visible } from '../cell.ts'
import { writeJson } from '../output.ts'
import { type Paint, unpainted } from '../tones.ts'
import { hangText } from '../wrap-text.ts'
import type { Finding } from './finding.ts'

const VERDICTS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const
const VERDICT_WIDTH = 4
const TONES = { ok: 'good', warn: 'warning', fail: 'bad' } as const

/** Whether no check failed. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== 'fail')
}

export function writeJsonReport(findings: readonly Finding[]): string {
  return writeJson({ ok: isWell(findings), findings })
}

/**
 * One line per finding, and a second one with the remedy, each wrapped to `columns`. Both may contain text from a
 * server that was queried.
 */
export function writeReport(
  findings: readonly Finding[],
  columns = Number.POSITIVE_INFINITY,
  paint: Paint = unpainted,
): string {
  const width = findings.reduce((most, { check }) => Math.max(most, check.length), 0)
  const lines = findings.flatMap(({ check, verdict, message, remedy }) => [
    paint(VERDICTS[verdict], TONES[verdict]) +
      hangText(`${VERDICTS[verdict]}  ${check.padEnd(width)}  `, visible(message), columns).slice(VERDICT_WIDTH),
    ...(remedy === undefined ? [] : [hangText(`${' '.repeat(width + 8)}-> `, visible(remedy), columns)]),
  ])
  return `${[...lines, '', summary(findings)].join('\n')}\n`
}

function summary(findings: readonly Finding[]): string {
  const countVerdict = (wanted: Finding['verdict']): number =>
    findings.filter(({ verdict }) => verdict === wanted).length
  const [fails, warns] = [countVerdict('fail'), countVerdict('warn')]
  if (fails + warns === 0) return 'No problems found.'
  return `${pluralize(fails, 'failure')}, ${pluralize(warns, 'warning')}.`
}

// Findings as text, for people and for programs.

import { visible } from '../output.ts'
import type { Finding } from './finding.ts'

const VERDICTS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const

/** Whether the tracker can be run as things are. */
export const isWell = (findings: readonly Finding[]): boolean => findings.every(({ verdict }) => verdict !== 'fail')

export const writeJsonReport = (findings: readonly Finding[]): string =>
  `${JSON.stringify({ ok: isWell(findings), findings }, null, 2)}\n`

/** One line a finding, and a second one that says what to do about it. Some of it may be the words of whoever was asked. */
export const writeReport = (findings: readonly Finding[]): string => {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.flatMap(({ check, verdict, message, remedy }) => [
    `${VERDICTS[verdict]}  ${check.padEnd(width)}  ${visible(message)}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 8)}-> ${visible(remedy)}`]),
  ])
  return `${[...lines, '', summary(findings)].join('\n')}\n`
}

const summary = (findings: readonly Finding[]): string => {
  const countVerdict = (wanted: Finding['verdict']): number =>
    findings.filter(({ verdict }) => verdict === wanted).length
  const [fails, warns] = [countVerdict('fail'), countVerdict('warn')]
  if (fails + warns === 0) return 'All is well.'
  return `${fails} ${fails === 1 ? 'thing' : 'things'} to mend, ${warns} to think about.`
}

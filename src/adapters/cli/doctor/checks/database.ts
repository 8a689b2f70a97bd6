// Whether the database can be used with the settings as they are.

import { Findings } from '../finding.ts'
import type { Check } from '../patient.ts'

export const database: Check = async ({ plan }) => {
  const findings = new Findings('database')
  if (plan.database === undefined) return findings.ok('none is configured: lists, keys and counts are not kept').found
  const { name, examine } = plan.database
  const state = await examine()
  if (state.kind === 'unreachable') {
    findings.fail(
      `${name} cannot be reached: ${state.reason}`,
      'start it, or correct core.database in the configuration',
    )
  } else if (state.kind === 'not-writable') {
    findings.fail(`${name} cannot be written: ${state.reason}`, 'give the user of core.database all rights on it')
  } else if (state.kind === 'foreign') {
    findings.fail(`${name} cannot be adopted: ${state.reason}`, 'name another one in core.database')
  }
  return findings.otherwise(`${name} can be used`).found
}

// Checks that the configured database can be used: the tracker's own login, and tables that it can adopt.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

export const database: Check = async ({ plan }) => {
  const findings = new Findings('database')
  if (plan.database === undefined)
    return findings.ok('no database is configured: lists, keys and counts are not persisted').found
  const { name, examine } = plan.database
  const state = await examine()
  if (state.kind === 'unreachable') {
    findings.fail(`${name} cannot be reached: ${state.reason}`, 'start it, or correct core.database')
  } else if (state.kind === 'denied') {
    findings.fail(`${name} refuses the login: ${state.reason}`, 'correct user, password and database in core.database')
  } else if (state.kind === 'not-writable') {
    findings.fail(`${name} cannot be written: ${state.reason}`, 'grant the user in core.database all rights on it')
  } else if (state.kind === 'foreign') {
    findings.fail(`${name} cannot be adopted: ${state.reason}`, 'set another database in core.database')
  }
  return findings.okIfNone(`${name} is usable`).found
}

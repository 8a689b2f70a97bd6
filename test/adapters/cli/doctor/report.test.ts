import { describe, expect, it } from '@jest/globals'
import { Findings } from '../../../../src/adapters/cli/doctor/finding.ts'
import { isWell, writeJsonReport, writeReport } from '../../../../src/adapters/cli/doctor/report.ts'

const CLOCK = new Findings('clock').ok('the clock is right').found
const PORTS = new Findings('ports')
  .warn('a port is odd', 'another one')
  .fail('a port is taken', 'ss tells by whom').found

describe('the report of the doctor', () => {
  it('has a line for each finding, and one for what to do about it', () => {
    expect(writeReport([...CLOCK, ...PORTS])).toBe(
      [
        'ok    clock  the clock is right',
        'warn  ports  a port is odd',
        '             -> another one',
        'FAIL  ports  a port is taken',
        '             -> ss tells by whom',
        '',
        '1 thing to mend, 1 to think about.',
        '',
      ].join('\n'),
    )
    expect(writeReport(CLOCK)).toContain('\nAll is well.\n')
  })

  it('is well as long as nothing fails', () => {
    expect([isWell(CLOCK), isWell(PORTS.slice(0, 1)), isWell(PORTS)]).toEqual([true, true, false])
  })

  it('says the same to programs', () => {
    expect(JSON.parse(writeJsonReport(PORTS))).toEqual({ ok: false, findings: PORTS })
  })

  it('does not let a tracker that is asked move the cursor', () => {
    expect(writeReport(new Findings('a').fail('refused: \u001b[2J', 'b\nc').found)).toContain(
      'refused: ?[2J\n         -> b?c\n',
    )
  })
})

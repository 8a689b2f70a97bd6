import { describe, expect, it } from '@jest/globals'
import { Findings } from '../../../../src/adapters/cli/doctor/finding.ts'
import { isWell, writeJsonReport, writeReport } from '../../../../src/adapters/cli/doctor/report.ts'

const CLOCK = new Findings('clock').ok('the clock is right').found
const PORTS = new Findings('ports')
  .warn('a port is odd', 'another one')
  .fail('a port is taken', 'ss shows by which program').found

describe('the report of the doctor', () => {
  it('has a line for each finding and one for its remedy', () => {
    expect(writeReport([...CLOCK, ...PORTS])).toBe(
      [
        'ok    clock  the clock is right',
        'warn  ports  a port is odd',
        '             -> another one',
        'FAIL  ports  a port is taken',
        '             -> ss shows by which program',
        '',
        '1 failure, 1 warning.',
        '',
      ].join('\n'),
    )
    expect(writeReport(CLOCK)).toContain('\nNo problems found.\n')
  })

  it('wraps at spaces, below the text', () => {
    const message = 'a port that many words are needed for, is taken'
    const found = new Findings('ports').fail(message, 'find out by which program, then stop that').found
    expect(writeReport(found, 40)).toBe(
      [
        'FAIL  ports  a port that many words are',
        '             needed for, is taken',
        '             -> find out by which',
        '                program, then stop that',
        '',
        '1 failure, 0 warnings.',
        '',
      ].join('\n'),
    )
  })

  it('is good as long as no check fails', () => {
    expect([isWell(CLOCK), isWell(PORTS.slice(0, 1)), isWell(PORTS)]).toEqual([true, true, false])
  })

  it('contains the same as JSON', () => {
    expect(JSON.parse(writeJsonReport(PORTS))).toEqual({ ok: false, findings: PORTS })
  })

  it('replaces control characters from a queried tracker', () => {
    expect(writeReport(new Findings('a').fail('refused: \u001b[2J', 'b\nc').found)).toContain(
      'refused: ?[2J\n         -> b?c\n',
    )
  })
})

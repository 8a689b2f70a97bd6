import { describe, expect, it } from '@jest/globals'
import { Findings } from '../../../src/adapters/cli/doctor/finding.ts'
import { writeJsonReport } from '../../../src/adapters/cli/doctor/report.ts'
import { escapeInvisible, writeJsonText } from '../../../src/adapters/cli/json-text.ts'
import { writeProbeEvent } from '../../../src/adapters/cli/monitor/probe-event.ts'
import { writeJson, writeJsonLine } from '../../../src/adapters/cli/output.ts'
import { reportFailure, writeResult } from '../../../src/adapters/cli/tracker-client/output.ts'
import { TorrustFailure } from '../../../src/adapters/cli/tracker-client/torrust-failure.ts'

/** DEL, C1, line separators, bidirectional controls, and an invisible one beyond U+FFFF. */
const HOSTILE = ['\u007f', '\u009b', '\u009f', '\u2028', '\u2029', '\u202e', '\u2066', '\u2069', '\u{e0001}'].join('2J')

describe('JSON for a terminal', () => {
  it('has invisible characters as escapes, and is the same value', () => {
    const text = writeJsonText({ [HOSTILE]: `é漢😀${HOSTILE}` })
    expect(JSON.parse(text)).toEqual({ [HOSTILE]: `é漢😀${HOSTILE}` })
    expect(text).toContain('\\u009b2J')
    expect(text).toContain('é漢😀')
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(escapeInvisible(JSON.stringify(HOSTILE))).toBe(writeJsonText(HOSTILE))
  })

  it('is indented where it is asked for', () => {
    expect(writeJsonText({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}')
  })

  it.each([
    ['a value', () => writeJson(HOSTILE)],
    ['a line', () => writeJsonLine(HOSTILE)],
    ['a report of the doctor', () => writeJsonReport(new Findings('a').fail(HOSTILE, HOSTILE).found)],
    ['a result of tracker_client', () => writeResult({ HOSTILE }, 'json')],
    ['a failure of tracker_client', () => new TorrustFailure({ kind: 'a', source: 'b', message: HOSTILE }, 1).toLine()],
    [
      'a failure at run time of tracker_client',
      () => {
        let written = ''
        reportFailure(HOSTILE, {
          err: (text) => {
            written += text
          },
        })
        return written
      },
    ],
    [
      'an event of the monitor',
      () =>
        writeProbeEvent({
          atMs: 0,
          url: HOSTILE,
          address: undefined,
          status: 'error',
          latencyMs: undefined,
          message: HOSTILE,
        }),
    ],
  ])('is so for %s', (_, write) => {
    expect(write()).toContain('\\u202e')
    expect(write().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

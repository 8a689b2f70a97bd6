import { execFileSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { Findings } from '../../../src/adapters/cli/doctor/finding.ts'
import { writeReport } from '../../../src/adapters/cli/doctor/report.ts'
import { EndpointRecord } from '../../../src/adapters/cli/monitor/endpoint-record.ts'
import { writeMonitorTable } from '../../../src/adapters/cli/monitor/monitor-report.ts'
import { writeFields, writeLine } from '../../../src/adapters/cli/output.ts'
import { writeTable } from '../../../src/adapters/cli/table.ts'
import { type Paint, unpainted } from '../../../src/adapters/cli/tones.ts'
import { runLine } from './a-command-line.ts'

const CODES = { good: 32, warning: 33, bad: 31 }
const paint: Paint = (text, tone) => `\u001b[${CODES[tone]}m${text}\u001b[39m`

const WHERE = { url: 'udp://a.example:1', address: '192.0.2.1' }
const ROWS = [
  [{ text: 'fails because of many words', tone: 'bad' }, 'x'],
  ['unknown', 'y'],
] as const

describe('a table with colours', () => {
  it.each([80, 30, 20, 12])('is the same table in %d columns', (columns) => {
    const coloured = writeTable(['State', 'Name'], ROWS, columns, paint)
    expect(coloured).toContain('\u001b[31mfails')
    // No colour goes beyond its line.
    for (const line of coloured.split('\n')) {
      expect(line.split('\u001b[31m')).toHaveLength(line.split('\u001b[39m').length)
    }
    expect(stripVTControlCharacters(coloured)).toBe(writeTable(['State', 'Name'], ROWS, columns))
  })

  it.each([80, 12])('of one record is the same in %d columns', (columns) => {
    const fields = { Result: ROWS[0][0] }
    const coloured = writeFields(fields, { isTerminal: true, columns, paint })
    expect(coloured).toContain('\u001b[31mfails')
    expect(stripVTControlCharacters(coloured)).toBe(
      writeFields(fields, { isTerminal: true, columns, paint: unpainted }),
    )
  })

  it('has none in a pipe', () => {
    expect(writeLine(ROWS[0])).toBe('fails because of many words\tx\n')
    expect(writeFields({ Result: ROWS[0][0] }, { isTerminal: false, columns: 80, paint })).not.toContain('\u001b')
  })
})

describe('colours', () => {
  it('mark the checks of the doctor, and move nothing', () => {
    const found = new Findings('a').warn('many words that need a second line', 'b').fail('c', 'd').found
    const coloured = writeReport(found, 30, paint)
    expect(coloured).toContain('\u001b[33mwarn\u001b[39m  a')
    expect(coloured).toContain('\u001b[31mFAIL\u001b[39m  a')
    expect(stripVTControlCharacters(coloured)).toBe(writeReport(found, 30))
  })

  it('mark the states of the monitor', () => {
    const record = new EndpointRecord(WHERE.url, WHERE.address)
    record.add({ ...WHERE, atMs: 1, status: 'ok', latencyMs: 1, message: undefined })
    expect(writeMonitorTable([record], 1, 200, paint)).toContain('\u001b[32mok, 0 s\u001b[39m')
    record.add({ ...WHERE, atMs: 2, status: 'error', latencyMs: undefined, message: 'no' })
    expect(writeMonitorTable([record], 2, 200, paint)).toContain('\u001b[31merror, 0 s: no\u001b[39m')
  })

  it('mark the verdicts of a check on a terminal only, and never in JSON', async () => {
    const words = ['check', 'udp://127.0.0.1:1', '--timeout', '1']
    expect((await runLine(words, { isTerminal: true, columns: 200, paint })).out).toContain('\u001b[31mfailing')
    for (const format of ['text', 'json']) {
      expect((await runLine([...words, '--format', format], { paint })).out).not.toContain('\u001b')
    }
    const json = await runLine([...words, '--format', 'json'], { isTerminal: true, columns: 200, paint })
    expect(json.out).not.toContain('\u001b')
  })

  it.each([
    ['a terminal', { TERM: 'xterm-256color' }, true],
    ['a terminal without colours', { TERM: 'dumb' }, false],
    ['NO_COLOR', { TERM: 'xterm-256color', NO_COLOR: '1' }, false],
    ['FORCE_COLOR', { TERM: 'dumb', FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', { TERM: 'xterm-256color', FORCE_COLOR: '0' }, false],
  ])('of %s are as Node.js knows them', (_, env, isColoured) => {
    const module = new URL('../../../src/adapters/cli/tones.ts', import.meta.url).href
    const script = `
      import { PassThrough } from 'node:stream'
      import { WriteStream } from 'node:tty'
      import { paintFor } from ${JSON.stringify(module)}
      const { getColorDepth } = WriteStream.prototype
      const terminal = Object.assign(new PassThrough(), { isTTY: true, getColorDepth })
      process.stdout.write(paintFor(terminal)('x', 'bad'))`
    const out = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env, encoding: 'utf8' })
    expect(out).toBe(isColoured ? '\u001b[31mx\u001b[39m' : 'x')
  })
})

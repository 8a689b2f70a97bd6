import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { LogOutput } from '../../../src/config/process/log-output.ts'
import { createLogger } from '../../../src/config/process/logger.ts'
import type { LoggingSettings } from '../../../src/config/settings/settings.ts'

/** Lines that are written to a file in place of standard output. */
function logged(
  settings: LoggingSettings,
  isTTY: boolean,
  write: (logger: ReturnType<typeof createLogger>) => void,
): string {
  const path = join(mkdtempSync(join(tmpdir(), 'muster-log-')), 'out')
  write(createLogger(settings, new LogOutput(openSync(path, 'w')), isTTY))
  return readFileSync(path, 'utf8')
}

const STARTED = 'Started on: udp://0.0.0.0:6969'

describe('the log', () => {
  it.each(['json', 'full', 'pretty', 'compact', undefined] as const)(
    'in style %s has what tools look for in a start line: INFO, the target, the address',
    (style) => {
      const text = logged({ filter: { level: 'info', targets: [] }, style }, false, (logger) =>
        logger.log('info', 'UDP TRACKER', STARTED),
      )
      const [line] = text.split('\n')
      expect(line).toContain('INFO')
      expect(line).toContain('UDP TRACKER')
      expect(/Started on: udp:\/\/([0-9.]+:[0-9]+)/.exec(line)?.[1]).toBe('0.0.0.0:6969')
    },
  )

  it('is one JSON object per line if it does not go to a terminal', () => {
    const text = logged({ filter: { level: 'info', targets: [] }, style: undefined }, false, (logger) =>
      logger.log('warn', 'CORE', 'two\nlines \u001b[31m', { peersRemoved: 3 }),
    )
    expect(text.trimEnd().split('\n')).toHaveLength(1)
    expect(text).not.toContain('\u001b')
    const line = JSON.parse(text)
    expect(line).toMatchObject({ level: 'WARN', target: 'CORE', msg: 'two\nlines \u001b[31m', peersRemoved: 3 })
    expect(new Date(line.time).toISOString()).toBe(line.time)
  })

  const HOSTILE = 'x\r\n{"level":"error"} \u001b[31m \u007f\u0085\u009b31m \u2028\u2029 \\u001b \t\b'

  it('escapes what ends a line or commands a terminal, and keeps its value', () => {
    const text = logged({ filter: { level: 'info', targets: [] }, style: 'json' }, false, (logger) =>
      logger.log('info', 'CORE', HOSTILE, { reason: HOSTILE }),
    )
    expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(text)).toMatchObject({ msg: HOSTILE, reason: HOSTILE })
  })

  it.each(['full', 'pretty', 'compact'] as const)('spells out what commands a terminal in style %s', (style) => {
    const text = logged({ filter: { level: 'info', targets: [] }, style }, false, (logger) =>
      logger.log('info', 'CORE', HOSTILE, { reason: HOSTILE }),
    )
    expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(text).toContain('\\u001b[31m \\u007f\\u0085\\u009b31m \\u2028\\u2029 \\u001b')
  })

  it('is prettified on a terminal', () => {
    const text = logged({ filter: { level: 'info', targets: [] }, style: undefined }, true, (logger) =>
      logger.log('info', 'CORE', 'hello'),
    )
    expect(text).toContain('CORE: hello')
    expect(() => JSON.parse(text)).toThrow()
  })

  it('writes nothing below its level, and nothing at all if it is off', () => {
    const write = (logger: ReturnType<typeof createLogger>): void => {
      logger.log('debug', 'CORE', 'a')
      logger.log('info', 'CORE', 'b')
      logger.log('error', 'CORE', 'c')
    }
    expect(logged({ filter: { level: 'error', targets: [] }, style: 'json' }, false, write)).toMatch(
      /^\{[^\n]*"c"\}\n$/,
    )
    expect(logged({ filter: { level: 'off', targets: [] }, style: 'json' }, false, write)).toBe('')
  })

  it('has a level of its own for a target', () => {
    const filter = { level: 'warn', targets: [{ target: 'udp', level: 'debug' }] } as const
    const text = logged({ filter, style: 'json' }, false, (logger) => {
      logger.log('debug', 'UDP TRACKER', 'a')
      logger.log('info', 'HTTP TRACKER', 'b')
      logger.log('warn', 'HTTP TRACKER', 'c')
    })
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['a', 'c'])
  })
})

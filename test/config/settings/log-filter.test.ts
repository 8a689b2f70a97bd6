// The directives of `trace_filter`.

import { describe, expect, it } from '@jest/globals'
import { levelOf, readLogFilter, unknownTargets, writeLogFilter } from '../../../src/config/settings/log-filter.ts'
import type { LogTarget } from '../../../src/config/settings/log-targets.ts'
import { complaints, documentWith, load } from './loading.ts'

const LEVELS = '"off", "error", "warn", "info", "debug" or "trace"'

function read(text: string) {
  const filter = readLogFilter(text)
  if (typeof filter === 'string') throw new Error(filter)
  return filter
}

function withFilter(text: string): string {
  return documentWith().replace('trace_filter = "info"', `trace_filter = ${JSON.stringify(text)}`)
}

describe('trace_filter', () => {
  it.each([
    ['info', 'UDP TRACKER', 'info'],
    ['INFO', 'UDP TRACKER', 'info'],
    ['off', 'CORE', 'off'],
    ['4', 'CORE', 'debug'],
    ['info,udp=debug', 'UDP TRACKER', 'debug'],
    ['info,udp=debug', 'HTTP TRACKER', 'info'],
    ['udp=debug,info', 'UDP TRACKER', 'debug'],
    ['info, Udp Tracker = Debug ,', 'UDP TRACKER', 'debug'],
    ['info,udp-tracker=debug', 'UDP TRACKER', 'debug'],
    // Errors are logged without a directive for them.
    ['udp=debug', 'CORE', 'error'],
    ['off,udp=debug', 'CORE', 'off'],
    ['info,http=off', 'HTTP TRACKER', 'off'],
    ['warn,api=debug', 'API', 'debug'],
    ['warn,api=debug', 'HEALTH CHECK API', 'warn'],
    ['warn,health=debug', 'HEALTH CHECK API', 'debug'],
    // The longest target wins, in any order; of two equal ones the last.
    ['warn,c=off,core=debug', 'CORE', 'debug'],
    ['warn,core=debug,c=off', 'CORE', 'debug'],
    ['warn,core=debug,c=off', 'CONFIG', 'off'],
    ['warn,core=debug,core=off', 'CORE', 'off'],
    ['info,debug', 'CORE', 'debug'],
    // Torrust's crates and modules.
    ['info,torrust_udp_tracker_server=debug', 'UDP TRACKER', 'debug'],
    ['info,torrust_udp_tracker_server::handlers::announce=debug', 'UDP TRACKER', 'debug'],
    ['info,torrust_tracker::servers::http=debug', 'HTTP TRACKER', 'debug'],
    ['info,torrust_tracker::servers::http=debug', 'CORE', 'info'],
    ['info,torrust_tracker=debug', 'CORE', 'debug'],
    ['info,torrust_tracker=debug', 'UDP TRACKER', 'debug'],
    ['info,torrust=debug,torrust_tracker::servers=warn', 'API', 'warn'],
    ['info,sqlx=warn', 'DATABASE', 'warn'],
    // An operator has asked for these lines.
    ['error', 'CLIENT TRACE', 'info'],
    ['off,client trace=off', 'CLIENT TRACE', 'off'],
  ] as const)('%s: %s is logged from %s on', (text, target: LogTarget, level) => {
    expect(levelOf(read(text), target)).toBe(level)
  })

  it.each([
    ['', `must be ${LEVELS}; got ""`],
    ['loud', `must be ${LEVELS}; got "loud"`],
    ['6', `must be ${LEVELS}; got "6"`],
    ['info,loud', `"loud" is not a level: write ${LEVELS}, or "loud=debug" for one target; got "info,loud"`],
    ['info,udp=loud', `"udp=loud" has no level: after "udp=" write ${LEVELS}; got "info,udp=loud"`],
    ['info,udp=', `"udp=" has no level: after "udp=" write ${LEVELS}; got "info,udp="`],
    ['=debug', '"=debug" has no target: write, for example, "udp=debug"; got "=debug"'],
    [
      'udp=info=debug',
      '"udp=info=debug" has more than one "=": write "target=level", directives separated by commas; got "udp=info=debug"',
    ],
    [
      'info,udp[request]=debug',
      'cannot filter by span or field, as in "udp[request]=debug": write "target=level"; got "info,udp[request]=debug"',
    ],
  ])('is refused as %p, with what to write', async (text, message) => {
    expect(await complaints(withFilter(text))).toEqual([`tracker.toml:4:16: logging.trace_filter: ${message}`])
  })

  it('accepts targets that no line has, with a warning', async () => {
    const { warnings } = await load(withFilter('info,hyper=warn,udp=debug,tower_http=debug'))
    expect(warnings).toEqual([
      'logging.trace_filter: no log line has a target that begins with "hyper"',
      'logging.trace_filter: no log line has a target that begins with "tower_http"',
    ])
    expect(unknownTargets(read('info,torrust_udp_tracker_server::x=debug,health_check_api=off'))).toEqual([])
  })

  it('is written so that it reads the same', () => {
    const filter = read('udp=debug, WARN, Health Check API=off')
    expect(writeLogFilter(filter)).toBe('warn,udp=debug,health_check_api=off')
    expect(read(writeLogFilter(filter))).toEqual(filter)
  })
})

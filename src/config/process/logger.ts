// The log: JSON lines for machines, prettified on a terminal. Levels are spelled in capitals and every line has a
// `target`, because tools that read trackers' logs look for `INFO`, the target and the text (`UDP TRACKER`, `Started
// on: udp://...`).

import pino from 'pino'
import { prettyFactory } from 'pino-pretty'
import { LOG_LEVELS, type LogFilter, levelOf } from '../settings/log-filter.ts'
import { type LogTarget, TORRUST_TARGETS } from '../settings/log-targets.ts'
import type { LoggingSettings, LogStyle } from '../settings/settings.ts'
import { escapeControls, spellControls } from './escape-controls.ts'
import type { LogOutput } from './log-output.ts'

export type Level = 'error' | 'warn' | 'info' | 'debug'

export interface Logger {
  log(level: Level, target: LogTarget, message: string, details?: Readonly<Record<string, unknown>>): void
}

/** `isTerminal` chooses the style when the settings do not. */
export function createLogger({ filter, style }: LoggingSettings, output: LogOutput, isTerminal: boolean): Logger {
  const chosen = style ?? (isTerminal ? 'pretty' : 'json')
  const options: pino.LoggerOptions = {
    // The filter decides, target by target.
    level: 'trace',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
  }
  const logger = pino(options, chosen === 'json' ? jsonLines(output) : prettyLines(chosen, output, isTerminal))
  const ranks = ranksByTarget(filter)
  const log: Logger['log'] = (at, target, message, details) => {
    if (LOG_LEVELS.indexOf(at) <= (ranks.get(target) ?? 0)) logger[at]({ target, ...details }, message)
  }
  output.onRecovery = (dropped, reason) => {
    const cause = reason === '' ? '' : ` (${reason})`
    log('warn', 'CORE', `${dropped} log ${dropped === 1 ? 'line was' : 'lines were'} dropped${cause}`)
  }
  return { log }
}

/** The position in `LOG_LEVELS` of the lowest level that is logged. */
function ranksByTarget(filter: LogFilter): ReadonlyMap<LogTarget, number> {
  // The keys of the table are those of its type.
  const targets = Object.keys(TORRUST_TARGETS) as LogTarget[]
  return new Map(targets.map((target) => [target, LOG_LEVELS.indexOf(levelOf(filter, target))]))
}

function jsonLines(output: LogOutput): pino.DestinationStream {
  return { write: (line) => output.write(escapeControls(line)) }
}

function prettyLines(style: Exclude<LogStyle, 'json'>, output: LogOutput, isTerminal: boolean): pino.DestinationStream {
  const write = prettyFactory({
    colorize: style !== 'compact' && isTerminal,
    translateTime: style === 'compact' ? 'UTC:HH:MM:ss' : "UTC:yyyy-mm-dd'T'HH:MM:ss.l'Z'",
    ignore: 'target',
    messageFormat: '{target}: {msg}',
    singleLine: style !== 'pretty',
  })
  return { write: (line) => output.write(write(spellControls(line))) }
}

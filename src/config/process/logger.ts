// The log: JSON lines for machines, prettified on a terminal. Levels are spelled in capitals and every line has a
// `target`, because tools that read trackers' logs look for `INFO`, the target and the text (`UDP TRACKER`, `Started
// on: udp://...`).

import pino from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { LoggingSettings, LogStyle } from '../settings/settings.ts'
import type { LogOutput } from './log-output.ts'

/** The part of the tracker that a line is from. */
export type LogTarget =
  | 'CORE'
  | 'CONFIG'
  | 'DATABASE'
  | 'UDP TRACKER'
  | 'HTTP TRACKER'
  | 'API'
  | 'HEALTH CHECK API'
  | 'TIMETABLE'
  | 'SNAPSHOT'
  | 'EVENTS'

export type Level = 'error' | 'warn' | 'info' | 'debug'

export interface Logger {
  log(level: Level, target: LogTarget, message: string, details?: Readonly<Record<string, unknown>>): void
}

const PINO_LEVELS = {
  off: 'silent',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
} as const

/** `isTerminal` chooses the style when the settings do not. */
export function createLogger({ level, style }: LoggingSettings, output: LogOutput, isTerminal: boolean): Logger {
  const chosen = style ?? (isTerminal ? 'pretty' : 'json')
  const options: pino.LoggerOptions = {
    level: PINO_LEVELS[level],
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
  }
  const logger = pino(options, chosen === 'json' ? output : prettyLines(chosen, output, isTerminal))
  output.onRecovery = (dropped, reason) => {
    const cause = reason === '' ? '' : ` (${reason})`
    logger.warn({ target: 'CORE' }, `${dropped} log ${dropped === 1 ? 'line was' : 'lines were'} dropped${cause}`)
  }
  return { log: (at, target, message, details) => logger[at]({ target, ...details }, message) }
}

function prettyLines(style: Exclude<LogStyle, 'json'>, output: LogOutput, isTerminal: boolean): pino.DestinationStream {
  const write = prettyFactory({
    colorize: style !== 'compact' && isTerminal,
    translateTime: style === 'compact' ? 'UTC:HH:MM:ss' : "UTC:yyyy-mm-dd'T'HH:MM:ss.l'Z'",
    ignore: 'target',
    messageFormat: '{target}: {msg}',
    singleLine: style !== 'pretty',
  })
  return { write: (line) => output.write(write(line)) }
}

// The log: JSON lines for machines, prettified on a terminal. Levels are spelled in capitals and every line has a
// `target`, because tools that read trackers' logs look for `INFO`, the target and the text (`UDP TRACKER`, `Started
// on: udp://...`).

import pino from 'pino'
import pretty from 'pino-pretty'
import type { LoggingSettings, LogStyle } from '../settings/settings.ts'

/** Where the log goes: standard output. */
export interface LogOutput {
  readonly fd: number
  readonly isTTY: boolean
}

/** One kind of line: which part of the tracker speaks. */
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

export function createLogger({ level, style }: LoggingSettings, terminal: LogOutput): Logger {
  const chosen = style ?? (terminal.isTTY ? 'pretty' : 'json')
  const options: pino.LoggerOptions = {
    level: PINO_LEVELS[level],
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
  }
  // Written at once: a line that announces the end must not be lost to it.
  const lines = chosen === 'json' ? pino.destination({ dest: terminal.fd, sync: true }) : prettyStream(chosen, terminal)
  const logger = pino(options, lines)
  return { log: (at, target, message, details) => logger[at]({ target, ...details }, message) }
}

function prettyStream(style: Exclude<LogStyle, 'json'>, terminal: LogOutput): pino.DestinationStream {
  return pretty({
    destination: terminal.fd,
    sync: true,
    colorize: style !== 'compact' && terminal.isTTY,
    translateTime: style === 'compact' ? 'UTC:HH:MM:ss' : "UTC:yyyy-mm-dd'T'HH:MM:ss.l'Z'",
    ignore: 'target',
    messageFormat: '{target}: {msg}',
    singleLine: style !== 'pretty',
  })
}

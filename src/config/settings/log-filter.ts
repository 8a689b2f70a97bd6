// What is logged, as `logging.trace_filter` says it: the directives of Torrust's EnvFilter, `level` and `target=level`,
// separated by commas. Of the directives whose target a line's target begins with, the longest wins.

import { type LogTarget, TORRUST_TARGETS } from './log-targets.ts'

/** In ascending order; a filter may have the position instead, as in EnvFilter. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

interface LogDirective {
  /** In lower case, words joined by `_`. */
  readonly target: string
  readonly level: LogLevel
}

export interface LogFilter {
  /** Of targets without a directive. */
  readonly level: LogLevel
  readonly targets: readonly LogDirective[]
}

/** Errors are logged unless the filter says otherwise. */
const LEVEL_WITHOUT_DIRECTIVE = 'error'
const TARGET = /^[\w.:/ -]+$/
const LEVEL_WORDS = `${LOG_LEVELS.slice(0, -1)
  .map((level) => `"${level}"`)
  .join(', ')} or "${LOG_LEVELS.at(-1)}"`

export const LEVEL_EXPECTED = `must be ${LEVEL_WORDS}`

/** A filter, or a sentence that says what is wrong with the text. */
export function readLogFilter(text: string): LogFilter | string {
  const directives = text.split(',').filter((directive) => directive.trim() !== '')
  if (directives.length === 0) return LEVEL_EXPECTED
  let level: LogLevel = LEVEL_WITHOUT_DIRECTIVE
  const targets = new Map<string, LogLevel>()
  for (const directive of directives) {
    const fault = directives.length === 1 && !/[=[{]/.test(directive) ? levelFault(directive) : faultOf(directive)
    if (fault !== undefined) return fault
    const [name = '', own] = directive.split('=')
    if (own === undefined) level = readLevel(name) ?? level
    else targets.set(normalized(name), readLevel(own) ?? level)
  }
  return { level, targets: [...targets].map(([target, own]) => ({ target, level: own })) }
}

/** The same as text, in lower case. */
export function writeLogFilter({ level, targets }: LogFilter): string {
  return [level, ...targets.map((directive) => `${directive.target}=${directive.level}`)].join(',')
}

/** Targets in the filter that no log line has. */
export function unknownTargets({ targets }: LogFilter): readonly string[] {
  const names = Object.entries(TORRUST_TARGETS).flatMap(([target, torrusts]) => [normalized(target), ...torrusts])
  return targets.map(({ target }) => target).filter((target) => !names.some((name) => covers(target, name)))
}

/** An operator asks for the lines of a client trace, whatever else is logged: only its own directives hide them. */
export function levelOf({ level, targets }: LogFilter, target: LogTarget): LogLevel {
  const names = [normalized(target), ...TORRUST_TARGETS[target]]
  let longest = -1
  let own: LogLevel = target === 'CLIENT TRACE' ? 'info' : level
  for (const directive of targets) {
    if (directive.target.length <= longest || !names.some((name) => covers(directive.target, name))) continue
    longest = directive.target.length
    own = directive.level
  }
  return own
}

/** `udp` covers `udp_tracker`; and the path of a module within a crate stands for the crate. */
function covers(directive: string, name: string): boolean {
  return name.startsWith(directive) || directive.startsWith(`${name}::`)
}

function normalized(target: string): string {
  return target.trim().toLowerCase().replaceAll(/[ -]/g, '_')
}

function readLevel(text: string): LogLevel | undefined {
  const word = text.trim().toLowerCase()
  return /^[0-5]$/.test(word) ? LOG_LEVELS[Number(word)] : LOG_LEVELS.find((level) => level === word)
}

function levelFault(text: string): string | undefined {
  return readLevel(text) === undefined ? LEVEL_EXPECTED : undefined
}

function faultOf(directive: string): string | undefined {
  const quoted = JSON.stringify(directive.trim())
  const [name = '', level, ...more] = directive.split('=')
  if (/[[\]{}]/.test(directive)) return `cannot filter by span or field, as in ${quoted}: write "target=level"`
  if (level === undefined) {
    if (readLevel(name) !== undefined) return undefined
    const example = TARGET.test(name) ? `${name.trim()}=debug` : 'udp=debug'
    return `${quoted} is not a level: write ${LEVEL_WORDS}, or "${example}" for one target`
  }
  if (more.length > 0) return `${quoted} has more than one "=": write "target=level", directives separated by commas`
  if (!TARGET.test(name) || name.trim() === '') return `${quoted} has no target: write, for example, "udp=debug"`
  if (readLevel(level) === undefined) return `${quoted} has no level: after "${name.trim()}=" write ${LEVEL_WORDS}`
  return undefined
}

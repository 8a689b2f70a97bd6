// Finds the document: the command line, then Muster's variables, then Torrust's, then the built-in one.

import { SettingsError, type SettingsProblem } from './problems.ts'

/** What settings are read from; tests pass their own. */
export interface SettingsEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>
  /** UTF-8 text of a file; throws as `readFileSync` does. */
  readonly readFile: (path: string) => string
}

export interface DocumentSource {
  readonly kind: 'file' | 'variable' | 'built-in'
  /** Its name in errors: the path, the variable, or a phrase. */
  readonly name: string
  readonly text: string
}

const PREFIXES = ['MUSTER_CONFIG', 'TORRUST_TRACKER_CONFIG'] as const

const BUILT_IN: DocumentSource = { kind: 'built-in', name: 'built-in defaults', text: '' }

function errorCode(error: unknown): string {
  return error instanceof Object && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const READ_ERROR_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
}

/** The text of a file that the configuration names, or why it cannot be read. */
export function readNamedFile(
  path: string,
  readFile: SettingsEnvironment['readFile'],
): { readonly text: string } | { readonly reason: string } {
  try {
    return { text: readFile(path) }
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    return { reason: READ_ERROR_REASONS[code] ?? code }
  }
}

function readDocument(path: string, named: string, { readFile }: SettingsEnvironment): DocumentSource {
  const read = readNamedFile(path, readFile)
  if ('text' in read) return { kind: 'file', name: path, text: read.text }
  const problem: SettingsProblem = {
    source: path,
    line: undefined,
    column: undefined,
    path: '',
    message: `Unable to load from Config File: ${read.reason} (named by ${named})`,
  }
  throw new SettingsError([problem])
}

/**
 * The first of: `--config`; for each prefix in turn `<PREFIX>_TOML` and `<PREFIX>_TOML_PATH`; nothing. Empty is unset.
 */
export function chooseDocument(configFile: string | undefined, environment: SettingsEnvironment): DocumentSource {
  if (configFile !== undefined) return readDocument(configFile, '--config', environment)
  for (const prefix of PREFIXES) {
    const text = environment.env[`${prefix}_TOML`]
    if (text) return { kind: 'variable', name: `${prefix}_TOML`, text }
    const path = environment.env[`${prefix}_TOML_PATH`]
    if (path) return readDocument(path, `${prefix}_TOML_PATH`, environment)
  }
  return BUILT_IN
}

// Loads settings from texts: no file system, no real environment.

import { SettingsError } from '../../../src/config/settings/problems.ts'
import { type LoadedSettings, readSettings } from '../../../src/config/settings/read-settings.ts'
import type { SettingsEnvironment } from '../../../src/config/settings/sources.ts'

type Environment = Readonly<Record<string, string>>

/** The four options that every document must have, plus what a test adds. */
export function documentWith(rest = '', core = ''): string {
  return `[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "info"
[core]
listed = false
private = false
${core}
${rest}`
}

export function environment(files: Readonly<Record<string, string>>, env: Environment = {}): SettingsEnvironment {
  return {
    env,
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
      return text
    },
  }
}

export function load(text: string, env: Environment = {}): Promise<LoadedSettings> {
  return readSettings('tracker.toml', environment({ 'tracker.toml': text }, env))
}

/** The lines of the error that loading fails with; empty if it succeeds. */
export async function complaints(text: string, env: Environment = {}): Promise<string[]> {
  try {
    await load(text, env)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n')
    throw error
  }
}

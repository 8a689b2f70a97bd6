// Loads settings from texts: no file system, no real environment.

import { SettingsError } from '../../../src/config/settings/problems.ts'
import { type LoadedSettings, readSettings } from '../../../src/config/settings/read-settings.ts'
import type { SettingsEnvironment } from '../../../src/config/settings/sources.ts'

type Environment = Readonly<Record<string, string>>

/** The four options that every document must have, and whatever a test adds. */
export const documentWith = (rest = '', core = ''): string =>
  `[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "info"
[core]
listed = false
private = false
${core}
${rest}`

export const environment = (files: Readonly<Record<string, string>>, env: Environment = {}): SettingsEnvironment => ({
  env,
  readFile: (path) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return text
  },
})

export const load = (text: string, env: Environment = {}): Promise<LoadedSettings> =>
  readSettings('tracker.toml', environment({ 'tracker.toml': text }, env))

/** The lines that loading complains with; empty when it does not. */
export const complaints = async (text: string, env: Environment = {}): Promise<string[]> => {
  try {
    await load(text, env)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n')
    throw error
  }
}

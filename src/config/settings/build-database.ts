// The database: a file or a server, each with the options of its own and none of the other's.

import { DEFAULTS } from './defaults.ts'
import type { SettingsDocument } from './document-schema.ts'
import type { Findings } from './problems.ts'
import type { DatabaseSettings } from './settings.ts'
import type { Path } from './tree.ts'

type DatabaseTable = NonNullable<SettingsDocument['core']['database']>

const AT: Path = ['core', 'database']
const NETWORK_OPTIONS = ['host', 'user', 'password', 'database'] as const

const buildFile = (table: DatabaseTable, findings: Findings): DatabaseSettings => {
  for (const option of [...NETWORK_OPTIONS, 'port'] as const) {
    if (table[option] === undefined) continue
    findings.problem([...AT, option], 'SQLite database configuration only accepts the `path` field', 'key')
  }
  return { driver: 'sqlite3', path: table.path ?? DEFAULTS.databasePath }
}

const buildNetwork = (
  driver: 'mysql' | 'postgresql',
  table: DatabaseTable,
  mayBeEmpty: boolean,
  findings: Findings,
): DatabaseSettings => {
  if (table.path !== undefined) {
    findings.problem([...AT, 'path'], 'network database configuration does not accept the `path` field', 'key')
  }
  for (const option of NETWORK_OPTIONS) {
    const value = table[option]
    if (value === undefined) {
      findings.problem([...AT, option], `network database configuration requires a \`${option}\` field`)
    } else if (value === '' && !mayBeEmpty) {
      findings.problem([...AT, option], `network database configuration requires a non-empty \`${option}\` field`)
    }
  }
  const { host = '', user = '', password = '', database = '' } = table
  return { driver, host, port: table.port ?? DEFAULTS.databasePorts[driver], user, password, database }
}

/** Undefined when the document names no database, which is fine as long as nothing needs one. */
export const buildDatabase = (
  { core, metadata }: SettingsDocument,
  findings: Findings,
): DatabaseSettings | undefined => {
  if (core.database !== undefined) {
    const driver = core.database.driver ?? 'sqlite3'
    if (driver === 'sqlite3') return buildFile(core.database, findings)
    // Schema 2.0.0 had a URL, and in a URL the password may be left out.
    return buildNetwork(driver, core.database, metadata.schema_version === '2.0.0', findings)
  }
  const needy: readonly [unknown, Path][] = [
    [core.listed, ['core', 'listed']],
    [core.private, ['core', 'private']],
    [
      core.tracker_policy?.persistent_torrent_completed_stat,
      ['core', 'tracker_policy', 'persistent_torrent_completed_stat'],
    ],
  ]
  for (const [isOn, path] of needy) {
    if (isOn === true) findings.problem(path, 'needs a database: add a [core.database] table, or set it to false')
  }
  return undefined
}

// The database: a file or a server, each with its own options and none of the other's.

import { dataDirectoryOf } from './data-directory.ts'
import { driverOfUrl, type NetworkDriver, readDatabaseUrl } from './database-url.ts'
import type { SettingsDocument } from './document-schema.ts'
import { MASK } from './mask.ts'
import {
  DATABASE_PORTS,
  databaseFileOptions,
  databasePoolOptions,
  databaseServerOptions,
  databaseSourceOptions,
  databaseTlsOptions,
} from './options/database.ts'
import { membersOf, membersWithFiles } from './options/members.ts'
import type { DocumentIssues } from './problems.ts'
import { readSecretFile } from './secret-file.ts'
import type { DatabaseSettings } from './settings.ts'
import type { SettingsEnvironment } from './sources.ts'
import type { Path } from './tree.ts'

type DatabaseTable = NonNullable<SettingsDocument['core']['database']>

const AT: Path = ['core', 'database']
const REQUIRED = ['host', 'user', 'password', 'database'] as const
const PASSWORD_REMEDY = ': write password = "..." or password_file = "..." in [core.database]'
const NETWORK_ROWS = {
  ...databaseServerOptions,
  ...databaseSourceOptions,
  ...databaseTlsOptions,
  ...databasePoolOptions,
}
const NETWORK_OPTIONS = Object.keys(NETWORK_ROWS) as readonly (keyof typeof NETWORK_ROWS)[]

function buildFile(document: SettingsDocument, table: DatabaseTable, issues: DocumentIssues): DatabaseSettings {
  for (const option of NETWORK_OPTIONS) {
    if (table[option] === undefined) continue
    issues.problem([...AT, option], 'SQLite database configuration only accepts the `path` field', 'key')
  }
  const { path } = membersWithFiles(databaseFileOptions, table, dataDirectoryOf(document))
  // As a path it would be created, with the password in the name of a folder.
  if (driverOfUrl(path) !== undefined) issues.problem([...AT, 'path'], 'is the URL of a server, not a file')
  return { driver: 'sqlite3', path }
}

/** The table with the parts of its URL as options. An option that the URL already sets is a problem. */
function expandUrl(driver: NetworkDriver, table: DatabaseTable, issues: DocumentIssues): DatabaseTable | undefined {
  if (table.url === undefined) return table
  const read = readDatabaseUrl(driver, table.url)
  if ('complaint' in read) {
    issues.problem([...AT, 'url'], read.complaint)
    return undefined
  }
  for (const option of NETWORK_OPTIONS) {
    if (table[option] === undefined || !Object.hasOwn(read.options, option)) continue
    issues.problem([...AT, option], 'is already in the url', 'key')
  }
  return { ...table, ...read.options }
}

function readPassword(
  table: DatabaseTable,
  readFile: SettingsEnvironment['readFile'],
  issues: DocumentIssues,
): string | undefined {
  if (table.password_file === undefined) return table.password
  const at = [...AT, 'password_file']
  if (table.password === undefined) return readSecretFile({ at, file: table.password_file }, readFile, issues)
  issues.problem(at, 'is given in addition to a password; use only one of them', 'key')
  return table.password
}

function checkRequired(table: DatabaseTable, mayLackPassword: boolean, issues: DocumentIssues): void {
  for (const option of REQUIRED) {
    const value = table[option]
    if (option === 'password' && (mayLackPassword || (value === undefined && table.password_file !== undefined)))
      continue
    if (value === undefined) {
      const remedy = option === 'password' ? PASSWORD_REMEDY : ''
      issues.problem([...AT, option], `network database configuration requires a \`${option}\` field${remedy}`)
    } else if (value === '') {
      issues.problem([...AT, option], `network database configuration requires a non-empty \`${option}\` field`)
    }
  }
}

function buildNetwork(
  driver: NetworkDriver,
  document: SettingsDocument,
  readFile: SettingsEnvironment['readFile'],
  issues: DocumentIssues,
): DatabaseSettings | undefined {
  const written = document.core.database ?? {}
  const table = expandUrl(driver, written, issues)
  if (table === undefined) return undefined
  if (table.path !== undefined) {
    issues.problem([...AT, 'path'], 'network database configuration does not accept the `path` field', 'key')
  }
  // A URL may omit the password, and schema 2.0.0 had only URLs.
  const mayLackPassword = written.url !== undefined || document.metadata.schema_version === '2.0.0'
  checkRequired(table, mayLackPassword, issues)
  const { host = '', port = DATABASE_PORTS[driver], user = '', database = '' } = membersOf(databaseServerOptions, table)
  const tls = membersOf(databaseTlsOptions, table)
  // Hosts are shown, and this one may contain a password.
  if (host.includes('://')) issues.problem([...AT, 'host'], 'is a URL, not a host: use the option `url`')
  if (tls.caFile !== undefined && tls.mode !== 'verify') {
    issues.problem([...AT, 'tls_ca_file'], 'has no effect without tls = "verify"', 'key')
  }
  const password = readPassword(table, readFile, issues) ?? ''
  // From a printed document it would be tried as the password.
  if (password === MASK) {
    const option = (['password', 'password_file', 'url'] as const).find((name) => written[name] !== undefined)
    issues.problem([...AT, option ?? 'password'], 'is the mask shown instead of a password: enter the password itself')
  }
  return { driver, host, port, user, password, database, tls, ...membersOf(databasePoolOptions, table) }
}

function checkNoneNeeded(core: SettingsDocument['core'], issues: DocumentIssues): void {
  const dependents: readonly [unknown, Path][] = [
    [core.listed, ['core', 'listed']],
    [core.private, ['core', 'private']],
    [
      core.tracker_policy?.persistent_torrent_completed_stat,
      ['core', 'tracker_policy', 'persistent_torrent_completed_stat'],
    ],
  ]
  for (const [isOn, path] of dependents) {
    if (isOn === true) issues.problem(path, 'needs a database: add a [core.database] table, or set it to false')
  }
}

/** Undefined if the document has no database, which is fine as long as nothing needs one. */
export function buildDatabase(
  document: SettingsDocument,
  readFile: SettingsEnvironment['readFile'],
  issues: DocumentIssues,
): DatabaseSettings | undefined {
  const { database: table } = document.core
  if (table === undefined) {
    checkNoneNeeded(document.core, issues)
    return undefined
  }
  const driver = table.driver ?? (table.url === undefined ? 'sqlite3' : (driverOfUrl(table.url) ?? 'postgresql'))
  return driver === 'sqlite3' ? buildFile(document, table, issues) : buildNetwork(driver, document, readFile, issues)
}

// The database: a file or a server, each with the options of its own and none of the other's.

import { dataDirectory } from './data-directory.ts'
import { driverOfUrl, type NetworkDriver, readDatabaseUrl } from './database-url.ts'
import type { SettingsDocument } from './document-schema.ts'
import {
  DATABASE_PORTS,
  databaseFileOptions,
  databasePoolOptions,
  databaseServerOptions,
  databaseSourceOptions,
  databaseTlsOptions,
} from './options/database.ts'
import { membersOf, membersWithFiles } from './options/members.ts'
import type { Findings } from './problems.ts'
import { readSecretFile } from './secret-file.ts'
import type { DatabaseSettings } from './settings.ts'
import type { Surroundings } from './sources.ts'
import type { Path } from './tree.ts'

type DatabaseTable = NonNullable<SettingsDocument['core']['database']>

const AT: Path = ['core', 'database']
const REQUIRED = ['host', 'user', 'password', 'database'] as const
const NETWORK_ROWS = {
  ...databaseServerOptions,
  ...databaseSourceOptions,
  ...databaseTlsOptions,
  ...databasePoolOptions,
}
const NETWORK_OPTIONS = Object.keys(NETWORK_ROWS) as readonly (keyof typeof NETWORK_ROWS)[]

const buildFile = (document: SettingsDocument, table: DatabaseTable, findings: Findings): DatabaseSettings => {
  for (const option of NETWORK_OPTIONS) {
    if (table[option] === undefined) continue
    findings.problem([...AT, option], 'SQLite database configuration only accepts the `path` field', 'key')
  }
  const { path } = membersWithFiles(databaseFileOptions, table, dataDirectory(document))
  // As a path it would be made, with the password in the name of a folder.
  if (driverOfUrl(path) !== undefined) findings.problem([...AT, 'path'], 'is the URL of a server and no file')
  return { driver: 'sqlite3', path }
}

/** The table with all that its URL says spelled out. What is said beside the URL must be something else. */
const expandUrl = (driver: NetworkDriver, table: DatabaseTable, findings: Findings): DatabaseTable | undefined => {
  if (table.url === undefined) return table
  const read = readDatabaseUrl(driver, table.url)
  if ('complaint' in read) {
    findings.problem([...AT, 'url'], read.complaint)
    return undefined
  }
  for (const option of NETWORK_OPTIONS) {
    if (table[option] === undefined || !Object.hasOwn(read.options, option)) continue
    findings.problem([...AT, option], 'is in the url already', 'key')
  }
  return { ...table, ...read.options }
}

const readPassword = (
  table: DatabaseTable,
  readFile: Surroundings['readFile'],
  findings: Findings,
): string | undefined => {
  if (table.password_file === undefined) return table.password
  const at = [...AT, 'password_file']
  if (table.password === undefined) return readSecretFile({ at, file: table.password_file }, readFile, findings)
  findings.problem(at, 'is given beside a password; only one of them can hold', 'key')
  return table.password
}

const checkRequired = (table: DatabaseTable, mayLackPassword: boolean, findings: Findings): void => {
  for (const option of REQUIRED) {
    const value = table[option]
    if (option === 'password' && (mayLackPassword || (value === undefined && table.password_file !== undefined)))
      continue
    if (value === undefined) {
      findings.problem([...AT, option], `network database configuration requires a \`${option}\` field`)
    } else if (value === '') {
      findings.problem([...AT, option], `network database configuration requires a non-empty \`${option}\` field`)
    }
  }
}

const buildNetwork = (
  driver: NetworkDriver,
  document: SettingsDocument,
  readFile: Surroundings['readFile'],
  findings: Findings,
): DatabaseSettings | undefined => {
  const written = document.core.database ?? {}
  const table = expandUrl(driver, written, findings)
  if (table === undefined) return undefined
  if (table.path !== undefined) {
    findings.problem([...AT, 'path'], 'network database configuration does not accept the `path` field', 'key')
  }
  // In a URL the password may be left out, and schema 2.0.0 had nothing but URLs.
  const mayLackPassword = written.url !== undefined || document.metadata.schema_version === '2.0.0'
  checkRequired(table, mayLackPassword, findings)
  const { host = '', port = DATABASE_PORTS[driver], user = '', database = '' } = membersOf(databaseServerOptions, table)
  const tls = membersOf(databaseTlsOptions, table)
  // Hosts are shown, and this one would have a password in it.
  if (host.includes('://')) findings.problem([...AT, 'host'], 'is a URL and no host: it belongs into `url`')
  if (tls.caFile !== undefined && tls.mode !== 'verify') {
    findings.problem([...AT, 'tls_ca_file'], 'does nothing without tls = "verify"', 'key')
  }
  const password = readPassword(table, readFile, findings) ?? ''
  return { driver, host, port, user, password, database, tls, ...membersOf(databasePoolOptions, table) }
}

const checkNobodyNeedsOne = (core: SettingsDocument['core'], findings: Findings): void => {
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
}

/** Undefined when the document names no database, which is fine as long as nothing needs one. */
export const buildDatabase = (
  document: SettingsDocument,
  readFile: Surroundings['readFile'],
  findings: Findings,
): DatabaseSettings | undefined => {
  const { database: table } = document.core
  if (table === undefined) {
    checkNobodyNeedsOne(document.core, findings)
    return undefined
  }
  const driver = table.driver ?? (table.url === undefined ? 'sqlite3' : (driverOfUrl(table.url) ?? 'postgresql'))
  return driver === 'sqlite3'
    ? buildFile(document, table, findings)
    : buildNetwork(driver, document, readFile, findings)
}

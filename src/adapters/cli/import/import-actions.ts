// The actions of muster import: which source is read, and how.

import type { ApiSession } from '../api-command.ts'
import type { Lifetime } from '../arguments.ts'
import { CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { isUrl } from '../input.ts'
import { writeMoment } from '../key-lines.ts'
import {
  DATABASE_VARIABLE,
  type ImportOptions,
  type LineSourceName,
  type SiteImportOptions,
  type SiteName,
  type TorrentImportOptions,
} from './import-options.ts'
import { openTrackerRows, plainRows } from './line-sources.ts'
import { runImport } from './run-import.ts'
import { databaseRows } from './sites/database-source.ts'
import { dumpRows } from './sites/dump-source.ts'
import { gazelleTables } from './sites/gazelle.ts'
import { unit3dTables } from './sites/unit3d.ts'
import { xbtTables } from './sites/xbt.ts'
import type { SourceRow } from './source-row.ts'
import { torrentFileRows } from './torrent-folder.ts'

const LINE_SOURCES = { opentracker: openTrackerRows, list: plainRows }
const SITES = { xbt: xbtTables, gazelle: gazelleTables, unit3d: unit3dTables }
const DATABASE_URL = /^(?:mysql|mariadb):/i

export async function importLineSource(
  name: LineSourceName,
  path: string,
  { to, reason, dryRun = false }: TorrentImportOptions,
  session: ApiSession,
): Promise<number> {
  return await runImport(LINE_SOURCES[name](path, { list: to, reason }, session), dryRun, session)
}

export async function importTorrentFiles(
  paths: readonly string[],
  { to, reason, dryRun = false }: TorrentImportOptions,
  session: ApiSession,
): Promise<number> {
  return await runImport(torrentFileRows(paths, { list: to, reason }, session), dryRun, session)
}

export async function importChihaya(
  path: string,
  { reason, dryRun = false }: ImportOptions,
  session: ApiSession,
): Promise<number> {
  // Imported here so that other imports start without the package for YAML.
  const { chihayaRows } = await import('./chihaya-source.ts')
  return await runImport(chihayaRows(path, reason, session), dryRun, session)
}

export async function importSite(
  name: SiteName,
  source: string | undefined,
  options: SiteImportOptions,
  session: ApiSession,
): Promise<number> {
  return await runImport(await siteRows(name, source, options, session), options.dryRun ?? false, session)
}

async function siteRows(
  name: SiteName,
  given: string | undefined,
  { only, valid, reason }: SiteImportOptions,
  session: ApiSession,
): Promise<AsyncIterable<SourceRow>> {
  const source = given ?? session.env[DATABASE_VARIABLE]
  if (!source) throw new CommandFailure(`Give a dump, or the URL of the database in ${DATABASE_VARIABLE}.`, USAGE_ERROR)
  const isDatabase = DATABASE_URL.test(source)
  // Never taken for a file, whose name would be shown: a URL may have a password.
  if (!isDatabase && isUrl(source)) {
    throw new CommandFailure(
      'The source is the URL of something else than a MySQL or MariaDB server: it must begin with mysql:// or mariadb://, or be a dump.',
      USAGE_ERROR,
    )
  }
  const tables = SITES[name]({ reason, validUntil: endOf(valid) }).filter(
    ({ entries }) => only === undefined || entries === undefined || entries === only,
  )
  return isDatabase ? databaseRows(await session.openTables(source), tables) : dumpRows(source, tables, session)
}

function endOf(valid: Lifetime | undefined): string | null {
  const seconds = valid?.seconds ?? null
  return seconds === null ? null : writeMoment(Date.now() + seconds * 1000)
}

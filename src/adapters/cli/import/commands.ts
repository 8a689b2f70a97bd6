// muster import: lists, torrents and passkeys of other trackers and of sites.

import { type Command, Option } from 'commander'
import { type ApiSession, addApiAction, addGroup, type CommandRegistration } from '../api-command.ts'
import { type Lifetime, lifetimeArgument } from '../arguments.ts'
import { CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { DURATION_FORMS } from '../duration.ts'
import { writeMoment } from '../key-lines.ts'
import { openTrackerRows, plainRows, type TorrentTarget } from './line-sources.ts'
import { runImport } from './run-import.ts'
import { databaseRows } from './sites/database-source.ts'
import { dumpRows } from './sites/dump-source.ts'
import { GAZELLE } from './sites/gazelle.ts'
import type { Site } from './sites/site.ts'
import { UNIT3D } from './sites/unit3d.ts'
import { XBT } from './sites/xbt.ts'
import type { SourceRow } from './source-row.ts'
import { torrentFileRows } from './torrent-folder.ts'

interface ImportOptions {
  readonly dryRun?: boolean
  readonly reason?: string
}

interface ListOptions extends ImportOptions {
  readonly to: TorrentTarget['list']
}

interface SiteImportOptions extends ImportOptions {
  readonly only?: 'torrents' | 'keys'
  readonly valid?: Lifetime
}

const DATABASE_VARIABLE = 'MUSTER_IMPORT_DATABASE_URL'
const DATABASE_URL = /^(?:mysql|mariadb):/

export function registerImports(program: Command, registry: CommandRegistration): void {
  const parent = addGroup(
    program,
    'import',
    'take over lists, torrents and passkeys of other trackers and sites',
    'muster import unit3d dump.sql --dry-run',
  )
  addListCommand(parent, registry, {
    name: 'opentracker',
    description: 'the whitelist or blacklist file of opentracker',
    example: 'muster import opentracker blacklist --to blocklist',
    rows: openTrackerRows,
  })
  addListCommand(parent, registry, {
    name: 'list',
    description: 'lines of info hashes or magnet links, each followed by its reason or nothing',
    example: 'muster import list hashes.txt --to whitelist --dry-run',
    rows: plainRows,
  })
  addTorrentsCommand(parent, registry)
  addChihayaCommand(parent, registry)
  addSiteCommand(parent, registry, 'xbt', XBT)
  addSiteCommand(parent, registry, 'gazelle', GAZELLE)
  addSiteCommand(parent, registry, 'unit3d', UNIT3D)
}

interface ListCommand {
  readonly name: string
  readonly description: string
  readonly example: string
  readonly rows: (path: string, target: TorrentTarget, session: ApiSession) => AsyncIterable<SourceRow>
}

function addListCommand(
  parent: Command,
  registry: CommandRegistration,
  { name, description, example, rows }: ListCommand,
): void {
  const command = parent.command(name).description(description).argument('<file>', 'the file; - for standard input')
  addApiAction(
    addListOptions(command),
    example,
    registry,
    async (session, path: string, { to, reason, dryRun = false }: ListOptions) =>
      await runImport(rows(path, { list: to, reason }, session), dryRun, session),
  )
}

function addTorrentsCommand(parent: Command, registry: CommandRegistration): void {
  const command = parent
    .command('torrents')
    .description('torrent files, and all those in folders and the folders below them')
    .argument('<path...>', 'files and folders')
  addApiAction(
    addListOptions(command),
    'muster import torrents /srv/torrents --to whitelist',
    registry,
    async (session, paths: readonly string[], { to, reason, dryRun = false }: ListOptions) =>
      await runImport(torrentFileRows(paths, { list: to, reason }, session), dryRun, session),
  )
}

function addChihayaCommand(parent: Command, registry: CommandRegistration): void {
  const command = parent
    .command('chihaya')
    .description('the lists of the torrent approval hook of chihaya or MoChi: each to the list that it is')
    .argument('<file>', 'the configuration, in YAML or JSON; - for standard input')
  addApiAction(
    addImportOptions(command),
    'muster import chihaya /etc/chihaya.yaml --dry-run',
    registry,
    async (session, path: string, { reason, dryRun = false }: ImportOptions) => {
      // Imported here so that other commands start without the package for YAML.
      const { chihayaRows } = await import('./chihaya-source.ts')
      return await runImport(chihayaRows(path, reason, session), dryRun, session)
    },
  )
}

function addSiteCommand(parent: Command, registry: CommandRegistration, name: string, site: Site): void {
  const command = parent
    .command(name)
    .description(`torrents and passkeys of ${site.name}: the whitelist, and keys labelled with the number of the user`)
    .argument(
      '[source]',
      `a dump of the database, - for standard input, or mysql://user:password@host/database\n(default: the URL in ${DATABASE_VARIABLE}, which other users of this machine cannot see)`,
    )
    .addOption(new Option('--only <what>', 'import only these').choices(['torrents', 'keys']))
    .option(
      '--valid <duration>',
      `lifetime of the keys from now: ${DURATION_FORMS} (default: forever)`,
      lifetimeArgument,
    )
  addApiAction(
    addImportOptions(command),
    `muster import ${name} dump.sql --dry-run\nzcat dump.sql.gz | muster import ${name} -`,
    registry,
    async (session, source: string | undefined, options: SiteImportOptions) =>
      await runImport(await siteRows(source, site, options, session), options.dryRun ?? false, session),
  )
}

async function siteRows(
  given: string | undefined,
  site: Site,
  { only, valid, reason }: SiteImportOptions,
  session: ApiSession,
): Promise<AsyncIterable<SourceRow>> {
  const source = given ?? session.env[DATABASE_VARIABLE]
  if (!source) throw new CommandFailure(`Give a dump, or the URL of the database in ${DATABASE_VARIABLE}.`, USAGE_ERROR)
  const tables = site
    .tables({ reason, validUntil: endOf(valid) })
    .filter(({ entries }) => only === undefined || entries === undefined || entries === only)
  return DATABASE_URL.test(source)
    ? databaseRows(await session.openTables(source), tables)
    : dumpRows(source, tables, session)
}

function endOf(valid: Lifetime | undefined): string | null {
  const seconds = valid?.seconds ?? null
  return seconds === null ? null : writeMoment(Date.now() + seconds * 1000)
}

function addListOptions(command: Command): Command {
  const to = new Option('--to <list>', 'the list that the torrents go to').choices(['whitelist', 'blocklist'])
  return addImportOptions(command.addOption(to.makeOptionMandatory()))
}

function addImportOptions(command: Command): Command {
  return command
    .option('--dry-run', 'only say what would change')
    .option('--reason <text>', 'reason of torrents that have none of their own')
}

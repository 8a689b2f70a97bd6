// muster import: options and help. What the commands do is loaded when they run.

import { type Command, Option } from 'commander'
import { addApiAction, addGroup, type CommandRegistration } from '../api-command.ts'
import { lifetimeArgument } from '../arguments.ts'
import { DURATION_FORMS } from '../duration.ts'
import {
  DATABASE_VARIABLE,
  type ImportOptions,
  type LineSourceName,
  type SiteImportOptions,
  type SiteName,
  type TorrentImportOptions,
} from './import-options.ts'

function actions() {
  return import('./import-actions.ts')
}

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
  })
  addListCommand(parent, registry, {
    name: 'list',
    description: 'lines of info hashes or magnet links, each followed by its reason or nothing',
    example: 'muster import list hashes.txt --to whitelist --dry-run',
  })
  addTorrentsCommand(parent, registry)
  addChihayaCommand(parent, registry)
  addSiteCommand(parent, registry, 'xbt', 'XBT Tracker')
  addSiteCommand(parent, registry, 'gazelle', 'Gazelle')
  addSiteCommand(parent, registry, 'unit3d', 'UNIT3D')
}

interface ListCommand {
  readonly name: LineSourceName
  readonly description: string
  readonly example: string
}

function addListCommand(
  parent: Command,
  registry: CommandRegistration,
  { name, description, example }: ListCommand,
): void {
  const command = parent.command(name).description(description).argument('<file>', 'the file; - for standard input')
  addApiAction(
    addListOptions(command),
    example,
    registry,
    async (session, path: string, options: TorrentImportOptions) =>
      await (await actions()).importLineSource(name, path, options, session),
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
    async (session, paths: readonly string[], options: TorrentImportOptions) =>
      await (await actions()).importTorrentFiles(paths, options, session),
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
    async (session, path: string, options: ImportOptions) =>
      await (await actions()).importChihaya(path, options, session),
  )
}

function addSiteCommand(parent: Command, registry: CommandRegistration, name: SiteName, title: string): void {
  const command = parent
    .command(name)
    .description(`torrents and passkeys of ${title}: the whitelist, and keys labelled with the number of the user`)
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
      await (await actions()).importSite(name, source, options, session),
  )
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

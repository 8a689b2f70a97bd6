// muster whitelist, muster blocklist: the same commands for two lists, one of which needs reasons.

import type { Command } from 'commander'
import { type ApiSession, addApiAction, addGroup, type CommandRegistration } from '../api-command.ts'
import {
  addPagingOptions,
  maxEntries,
  type PagingOptions,
  type TorrentArgument,
  torrentArguments,
} from '../arguments.ts'
import { infoHashesOf } from '../torrent-files.ts'
import { noteIfWithoutEffect } from './effect-notes.ts'
import { addToList, removeFromList } from './list-changes.ts'
import { exportList, importList, type ListImportOptions } from './list-transfer.ts'
import { showList } from './list-view.ts'
import { BLOCKLIST, type TorrentAddition, type TorrentList, WHITELIST } from './torrent-lists.ts'

type AddOptions = Omit<TorrentAddition, 'hashes'>

interface ExportOptions {
  readonly plain?: boolean
}

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'
const HASHES_DESCRIPTION = 'info hashes, URNs, magnet links or torrent files'

export function registerLists(program: Command, registry: CommandRegistration): void {
  const whitelist = addGroup(
    program,
    'whitelist',
    'manage the torrents that a listed tracker serves',
    `muster whitelist add ${HASH}`,
  )
  registerReads(whitelist, WHITELIST, registry)
  registerChanges(whitelist, WHITELIST, registry)
  const blocklist = addGroup(program, 'blocklist', 'manage the torrents that are never served', 'muster blocklist list')
  registerReads(blocklist, BLOCKLIST, registry)
  registerChanges(blocklist, BLOCKLIST, registry)
}

function registerReads(parent: Command, list: TorrentList, registry: CommandRegistration): void {
  const { name } = list
  addApiAction(
    addPagingOptions(parent.command('list')).description(`print the ${name} in order of addition`),
    `muster ${name} list --all --json`,
    registry,
    (session, options: PagingOptions) => showList(list, maxEntries(options), session),
  )
  addApiAction(
    parent
      .command('export')
      .description(`print the whole ${name} as NDJSON that can be imported again`)
      .option('--plain', 'print one hash per line, followed by its reason'),
    `muster ${name} export > ${name}.ndjson`,
    registry,
    (session, { plain }: ExportOptions) => exportList(list, plain ?? false, session),
  )
}

function registerChanges(parent: Command, list: TorrentList, registry: CommandRegistration): void {
  const { name, needsReasons } = list
  const add = parent
    .command('add')
    .description(`add torrents to the ${name}; existing entries stay as they are`)
    .argument('<hash...>', HASHES_DESCRIPTION, torrentArguments)
    .option('--update', 'give existing entries the new reason')
  if (needsReasons) add.requiredOption('--reason <text>', 'why they are blocked')
  else add.option('--reason <text>', 'why they are listed')
  addApiAction(
    add,
    `muster ${name} add ${HASH}${needsReasons ? ' \\\n  --reason "court order 12/345"' : ''}`,
    registry,
    async (session, torrents: readonly TorrentArgument[], options: AddOptions) => {
      const hashes = await infoHashesOf(torrents, session)
      return await withNote(list, session, addToList(list, { ...options, hashes }, session))
    },
  )
  addApiAction(
    parent
      .command('remove')
      .description(`remove torrents from the ${name}; exit code 1 if one was not listed`)
      .argument('<hash...>', HASHES_DESCRIPTION, torrentArguments),
    `muster ${name} remove ${HASH}`,
    registry,
    async (session, torrents: readonly TorrentArgument[]) =>
      await removeFromList(list, await infoHashesOf(torrents, session), session),
  )
  addApiAction(
    parent
      .command('import')
      .description(
        `add the torrents of a file to the ${name}; existing entries stay as they are; exit code 1 if a line is invalid`,
      )
      .argument('<file>', 'NDJSON, or lines of "HASH [REASON]"; - for standard input')
      .option('--reason <text>', 'reason for plain-text lines without one')
      .option('--update', 'give existing entries the new reasons'),
    `muster ${name} import hashes.txt\nzcat hashes.gz | muster ${name} import -`,
    registry,
    (session, path: string, options: ListImportOptions) =>
      withNote(list, session, importList(list, path, options, session)),
  )
}

/** The blocklist applies in every access mode. */
async function withNote({ name }: TorrentList, session: ApiSession, change: Promise<number>): Promise<number> {
  const exitCode = await change
  if (name === 'whitelist') await noteIfWithoutEffect(name, session)
  return exitCode
}

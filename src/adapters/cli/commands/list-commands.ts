// muster whitelist, muster blocklist: the same commands for two lists, one of which has reasons.

import type { Command } from 'commander'
import type { InfoHash } from '../../../domain/info-hash.ts'
import { type ApiSession, addApiAction, addGroup, type CommandRegistration } from '../api-command.ts'
import { addPagingOptions, infoHashArguments, maxEntries, type PagingOptions } from '../arguments.ts'
import { noteIfWithoutEffect } from './effect-notes.ts'
import { addToList, removeFromList } from './list-changes.ts'
import { exportList, importList } from './list-transfer.ts'
import { showList } from './list-view.ts'
import { BLOCKLIST, type TorrentList, WHITELIST } from './torrent-lists.ts'

interface ReasonOption {
  readonly reason?: string
}

interface ExportOptions {
  readonly plain?: boolean
}

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'
const HASHES_DESCRIPTION = 'info hashes, URNs or magnet links'

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
  const { name, hasReasons } = list
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
      .option('--plain', `print one hash per line${hasReasons ? ', followed by its reason' : ''}`),
    `muster ${name} export > ${name}.ndjson`,
    registry,
    (session, { plain }: ExportOptions) => exportList(list, plain ?? false, session),
  )
}

function registerChanges(parent: Command, list: TorrentList, registry: CommandRegistration): void {
  const { name, hasReasons } = list
  const add = parent
    .command('add')
    .description(`add torrents to the ${name}; existing entries are kept`)
    .argument('<hash...>', HASHES_DESCRIPTION, infoHashArguments)
  if (hasReasons) add.requiredOption('--reason <text>', 'why they are blocked')
  addApiAction(
    add,
    `muster ${name} add ${HASH}${hasReasons ? ' --reason "court order 12/345"' : ''}`,
    registry,
    (session, hashes: readonly InfoHash[], { reason }: ReasonOption) =>
      withNote(list, session, addToList(list, hashes, reason, session)),
  )
  addApiAction(
    parent
      .command('remove')
      .description(`remove torrents from the ${name}; exit code 1 if one was not listed`)
      .argument('<hash...>', HASHES_DESCRIPTION, infoHashArguments),
    `muster ${name} remove ${HASH}`,
    registry,
    (session, hashes: readonly InfoHash[]) => removeFromList(list, hashes, session),
  )
  const load = parent
    .command('import')
    .description(`add the torrents of a file to the ${name}; exit code 1 if a line is invalid`)
    .argument('<file>', 'NDJSON, or one hash per line; - for standard input')
  if (hasReasons) load.option('--reason <text>', 'reason for plain-text lines without one')
  addApiAction(
    load,
    `muster ${name} import hashes.txt\nzcat hashes.gz | muster ${name} import -`,
    registry,
    (session, path: string, { reason }: ReasonOption) =>
      withNote(list, session, importList(list, path, reason, session)),
  )
}

/** The blocklist applies in every access mode. */
async function withNote({ name }: TorrentList, session: ApiSession, change: Promise<number>): Promise<number> {
  const exitCode = await change
  if (name === 'whitelist') await noteIfWithoutEffect(name, session)
  return exitCode
}

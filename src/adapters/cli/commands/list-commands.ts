// muster whitelist, muster blocklist: the same commands over two lists, of which one has reasons.

import type { Command } from 'commander'
import type { InfoHash } from '../../../domain/info-hash.ts'
import { addApiAction, addGroup, type Registry } from '../api-command.ts'
import { addPagingOptions, infoHashArguments, maxEntries, type PagingOptions } from '../arguments.ts'
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

export const registerLists = (program: Command, registry: Registry): void => {
  const whitelist = addGroup(
    program,
    'whitelist',
    'the torrents that a listed tracker serves',
    `muster whitelist add ${HASH}`,
  )
  registerReads(whitelist, WHITELIST, registry)
  registerChanges(whitelist, WHITELIST, registry)
  const blocklist = addGroup(program, 'blocklist', 'the torrents that are not served, and why', 'muster blocklist list')
  registerReads(blocklist, BLOCKLIST, registry)
  registerChanges(blocklist, BLOCKLIST, registry)
}

const registerReads = (parent: Command, list: TorrentList, registry: Registry): void => {
  const { name, hasReasons } = list
  addApiAction(
    addPagingOptions(parent.command('list')).description(`print the ${name} in the order in which entries were added`),
    `muster ${name} list --all --json`,
    registry,
    (session, options: PagingOptions) => showList(list, maxEntries(options), session),
  )
  addApiAction(
    parent
      .command('export')
      .description(`print the whole ${name} as NDJSON, as it can be imported again`)
      .option('--plain', `print a hash a line${hasReasons ? ', its reason behind it' : ''}`),
    `muster ${name} export > ${name}.ndjson`,
    registry,
    (session, { plain }: ExportOptions) => exportList(list, plain ?? false, session),
  )
}

const registerChanges = (parent: Command, list: TorrentList, registry: Registry): void => {
  const { name, hasReasons } = list
  const add = parent
    .command('add')
    .description(`put torrents on the ${name}; those that are there already stay`)
    .argument('<hash...>', HASHES_DESCRIPTION, infoHashArguments)
  if (hasReasons) add.requiredOption('--reason <text>', 'why, for people')
  addApiAction(
    add,
    `muster ${name} add ${HASH}${hasReasons ? ' --reason "court order 12/345"' : ''}`,
    registry,
    (session, hashes: readonly InfoHash[], { reason }: ReasonOption) => addToList(list, hashes, reason, session),
  )
  addApiAction(
    parent
      .command('remove')
      .description(`take torrents off the ${name}; exit code 1 when one was not there`)
      .argument('<hash...>', HASHES_DESCRIPTION, infoHashArguments),
    `muster ${name} remove ${HASH}`,
    registry,
    (session, hashes: readonly InfoHash[]) => removeFromList(list, hashes, session),
  )
  const load = parent
    .command('import')
    .description(`put the torrents of a file on the ${name}; exit code 1 when a line could not be read`)
    .argument('<file>', 'NDJSON, or a hash a line; - for standard input')
  if (hasReasons) load.option('--reason <text>', 'why, for lines of plain text that have no reason behind the hash')
  addApiAction(
    load,
    `muster ${name} import hashes.txt\nzcat hashes.gz | muster ${name} import -`,
    registry,
    (session, path: string, { reason }: ReasonOption) => importList(list, path, reason, session),
  )
}

// muster whitelist import and export, muster blocklist import and export: lists of any length, streamed.

import { pluralize } from '../../../domain/pluralize.ts'
import type { ApiSession } from '../api-command.ts'
import { visible } from '../cell.ts'
import { importFile } from '../import-file.ts'
import { importLines } from '../import-lines.ts'
import { writeJsonLine } from '../output.ts'
import { readHashLine } from '../plain-lines.ts'
import type { ExportedTorrent, TorrentList } from './torrent-lists.ts'

export interface ListImportOptions {
  /** For plain-text lines that have none. */
  readonly reason?: string
  /** Whether reasons replace those of existing entries. */
  readonly update?: boolean
}

export async function importList(
  list: TorrentList,
  path: string,
  { reason: general, update = false }: ListImportOptions,
  session: ApiSession,
): Promise<number> {
  let withoutReason = 0
  const convert = (text: string): object => {
    const { infoHash, reason = general } = readHashLine(text)
    if (reason === undefined) withoutReason++
    return { info_hash: infoHash, ...(reason === undefined ? {} : { reason }) }
  }
  const exitCode = await importFile(
    path,
    {
      noun: 'torrent',
      convert: (input, progress) => importLines(input, convert, progress),
      send: (body) => list.import(session.client, body, update),
    },
    session,
  )
  if (list.needsReasons && withoutReason > 0) {
    session.err(`${pluralize(withoutReason, 'line')} without a reason: put one after the hash, or use --reason.\n`)
  }
  return exitCode
}

export async function exportList(list: TorrentList, isPlain: boolean, { client, out }: ApiSession): Promise<number> {
  for await (const entry of await list.export(client)) out(isPlain ? plainLine(entry) : writeJsonLine(entry))
  return 0
}

function plainLine({ info_hash, reason }: ExportedTorrent): string {
  return `${info_hash}${reason === undefined ? '' : ` ${visible(reason)}`}\n`
}

// muster whitelist import and export, muster blocklist import and export: lists of any length, streamed.

import type { ApiSession } from '../api-command.ts'
import { importFile } from '../import-file.ts'
import { importLines } from '../import-lines.ts'
import { visible, writeJsonLine } from '../output.ts'
import type { ExportedTorrent, TorrentList } from './torrent-lists.ts'

export async function importList(
  list: TorrentList,
  path: string,
  reason: string | undefined,
  session: ApiSession,
): Promise<number> {
  const kind = { hasReasons: list.hasReasons, reason }
  return await importFile(
    path,
    {
      noun: 'torrent',
      convert: (input, progress) => importLines(input, kind, progress),
      send: (body) => list.import(session.client, body),
    },
    session,
  )
}

export async function exportList(list: TorrentList, isPlain: boolean, { client, out }: ApiSession): Promise<number> {
  for await (const entry of await list.export(client)) out(isPlain ? plainLine(entry) : writeJsonLine(entry))
  return 0
}

function plainLine({ info_hash, reason }: ExportedTorrent): string {
  return `${info_hash}${reason === undefined ? '' : ` ${visible(reason)}`}\n`
}

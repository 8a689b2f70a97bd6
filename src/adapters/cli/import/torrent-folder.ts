// Torrent files, and all those in folders, as a source of info hashes. A hybrid torrent is two entries.

import { type CliEnvironment, CommandFailure } from '../cli-environment.ts'
import { unreadable } from '../input.ts'
import { infoHashesOfTorrent, readTorrentFile } from '../torrent-files.ts'
import type { TorrentTarget } from './line-sources.ts'
import type { SourceRow } from './source-row.ts'

export async function* torrentFileRows(
  paths: readonly string[],
  { list, reason }: TorrentTarget,
  environment: CliEnvironment,
): AsyncGenerator<SourceRow> {
  for (const path of paths) {
    for await (const file of filesOf(path, environment)) {
      // A folder may have other files too.
      if (file !== path && !/\.torrent$/i.test(file)) continue
      try {
        const hashes = infoHashesOfTorrent(await readTorrentFile(file, environment))
        for (const infoHash of hashes) yield { kind: 'torrent', at: file, list, infoHash, reason }
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error
        yield { kind: 'bad', at: file, message: error.message.replace(`${file} `, '').replace(/\.$/, '') }
      }
    }
  }
}

async function* filesOf(path: string, environment: CliEnvironment): AsyncGenerator<string> {
  try {
    yield* environment.filesUnder(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

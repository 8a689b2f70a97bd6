// Torrent files given to commands: read whole, within a bound, for their info hashes and trackers.

import { createHash } from 'node:crypto'
import { type InfoHash, readInfoHash } from '../../domain/info-hash.ts'
import { type Metainfo, readMetainfo } from '../protocol/metainfo/metainfo.ts'
import type { TorrentArgument } from './arguments.ts'
import { type CliEnvironment, CommandFailure } from './cli-environment.ts'
import { readWholeInput } from './input.ts'

/** A torrent of 10 TB in pieces of 4 MiB has 50 MB of hashes. */
const MAX_FILE_BYTES = 128 * 1024 * 1024

/** Throws a `CommandFailure` that names the file. */
export async function readTorrentFile(path: string, environment: Pick<CliEnvironment, 'openInput'>): Promise<Metainfo> {
  const metainfo = readMetainfo(await readWholeInput(path, MAX_FILE_BYTES, environment))
  if (metainfo === undefined) throw new CommandFailure(`${path} is not a torrent file.`)
  return metainfo
}

/**
 * Those under which clients announce the torrent: of a hybrid torrent the v1 hash, and the first 20 bytes of the v2
 * hash.
 */
export function infoHashesOfTorrent({ info, isV1, isV2 }: Metainfo): readonly InfoHash[] {
  const algorithms = [...(isV1 ? ['sha1'] : []), ...(isV2 ? ['sha256'] : [])]
  return algorithms.flatMap(
    (algorithm) => readInfoHash(createHash(algorithm).update(info).digest('hex').slice(0, 40)) ?? [],
  )
}

/** Of all torrents, in their order. */
export async function infoHashesOf(
  torrents: readonly TorrentArgument[],
  environment: Pick<CliEnvironment, 'openInput'>,
): Promise<readonly InfoHash[]> {
  const hashes: InfoHash[] = []
  for (const torrent of torrents) {
    if ('infoHashes' in torrent) hashes.push(...torrent.infoHashes)
    else hashes.push(...infoHashesOfTorrent(await readTorrentFile(torrent.path, environment)))
  }
  return hashes
}

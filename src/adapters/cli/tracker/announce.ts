// muster announce: sends one announce and prints the answer.

import type { AnnounceResult, TrackerPeer } from '../../client/tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { TorrentArgument } from '../arguments.ts'
import type { Cell } from '../cell.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeFields, writeJson, writeLine } from '../output.ts'
import { writeTable } from '../table.ts'
import { infoHashesOf } from '../torrent-files.ts'
import type { AnnounceOptions } from './options.ts'
import { endpointText, noteDeviations, queryTracker, type TrackerQuery } from './query.ts'

/** Returns the exit code. A hybrid torrent is announced by its v1 hash. */
export async function announceTo(
  url: string,
  torrent: TorrentArgument,
  options: AnnounceOptions,
  environment: CliEnvironment,
): Promise<number> {
  const { compact, ...fields } = options
  return await queryTracker(url, options, environment, async (query) => {
    const [infoHash] = await infoHashesOf([torrent], environment)
    const startedAt = performance.now()
    const call = { ...fields, infoHash, compact: compact === '1' }
    const answer = await query.client.announce(call, { signal: query.signal })
    const elapsedMs = Math.round(performance.now() - startedAt)
    if (query.isText) showText(answer, elapsedMs, query)
    else query.out(writeJson(jsonOf(answer, elapsedMs, query)))
    return 0
  })
}

function showText(answer: AnnounceResult, elapsedMs: number, query: TrackerQuery): void {
  const { isTerminal, columns, out } = query
  out(
    writeFields(
      {
        Tracker: endpointText(query),
        'Answered in': `${elapsedMs} ms`,
        Seeders: answer.seeders ?? null,
        Leechers: answer.leechers ?? null,
        'Completed downloads': answer.completed ?? null,
        'Interval, seconds': answer.intervalSeconds ?? null,
        'Least interval, seconds': answer.minIntervalSeconds ?? null,
        'Your address': answer.externalAddress ?? null,
        Warning: answer.warning ?? null,
        Peers: answer.peers.length,
      },
      query,
    ),
  )
  const rows = answer.peers.map(peerRow)
  if (isTerminal && rows.length > 0) out(writeTable(['Peer', 'Peer id'], rows, columns))
  else out(rows.map((row) => writeLine(['Peer', ...row])).join(''))
  noteDeviations(answer.deviations, query)
}

function peerRow({ address, port, peerId }: TrackerPeer): readonly Cell[] {
  return [writeHostPort(address, port), peerId === undefined ? null : idText(peerId)]
}

/** Printable characters as they are: peer ids begin with the name of the client. */
function idText(peerId: Uint8Array): string {
  return Array.from(peerId, (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
}

function jsonOf(answer: AnnounceResult, elapsedMs: number, query: TrackerQuery): unknown {
  return {
    tracker: endpointText(query),
    elapsed_ms: elapsedMs,
    seeders: answer.seeders ?? null,
    leechers: answer.leechers ?? null,
    completed: answer.completed ?? null,
    interval: answer.intervalSeconds ?? null,
    min_interval: answer.minIntervalSeconds ?? null,
    external_ip: answer.externalAddress ?? null,
    warning: answer.warning ?? null,
    peers: answer.peers.map(({ address, port, peerId }) => ({
      address,
      port,
      peer_id: peerId === undefined ? null : Buffer.from(peerId).toString('hex'),
    })),
    deviations: answer.deviations,
  }
}

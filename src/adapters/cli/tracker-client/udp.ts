// tracker-client udp: asks a UDP tracker and prints the answer in Torrust's JSON.

import { errorMessage } from '../../../domain/error-message.ts'
import type { InfoHash } from '../../../domain/info-hash.ts'
import { CallError } from '../../client/call-error.ts'
import { resolveHost } from '../../client/resolve-host.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import type { TrackerUrl } from '../../client/tracker-url.ts'
import { UdpTrackerClient } from '../../client/udp-tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { DEFAULT_PEER_ID, DEFAULT_TIMEOUT_MS } from './defaults.ts'
import type { UdpAnnounceOptions } from './options.ts'
import { type OutputFormat, reportFailure, warnIfTruncated, writeResult } from './output.ts'

const TRANSACTION_ID = -888_840_697

/** Returns the exit code. */
export async function printUdpAnnounce(
  address: TrackerUrl,
  infoHash: InfoHash,
  options: UdpAnnounceOptions,
  environment: CliEnvironment,
): Promise<number> {
  const { format, event = 'started', port, ipAddress: ip, peerId = DEFAULT_PEER_ID, peersWanted = 1, key = 0 } = options
  const { uploaded = 0n, downloaded = 0n, left = 0n } = options
  return await ask(address, { format, ...environment }, async (client) => {
    const amounts = { uploaded, downloaded, left }
    const call = { infoHash, event, port: port ?? client.localPort, ip, peerId, key, numwant: peersWanted, ...amounts }
    const { intervalSeconds, leechers, seeders, peers } = await client.announce(call)
    return {
      [client.endpoint.family === 4 ? 'AnnounceIpv4' : 'AnnounceIpv6']: {
        transaction_id: TRANSACTION_ID,
        announce_interval: intervalSeconds,
        leechers,
        seeders,
        peers: peers.map((peer) => writeHostPort(peer.address, peer.port)),
      },
    }
  })
}

/** Returns the exit code. */
export async function printUdpScrape(
  address: TrackerUrl,
  infoHashes: readonly InfoHash[],
  format: OutputFormat,
  environment: CliEnvironment,
): Promise<number> {
  return await ask(address, { format, ...environment }, async (client) => {
    const { entries } = await client.scrape(infoHashes)
    const rows = entries.filter(({ isReported }) => isReported)
    warnIfTruncated(infoHashes.length, rows.length, environment)
    return {
      Scrape: {
        transaction_id: TRANSACTION_ID,
        torrent_stats: rows.map(({ seeders, completed, leechers }) => ({ seeders, completed, leechers })),
      },
    }
  })
}

/** An error of the tracker is a result, unless it was the answer to the connect request. */
async function ask(
  { host, port, target }: TrackerUrl,
  { format, ...environment }: CliEnvironment & { readonly format: OutputFormat },
  question: (client: UdpTrackerClient) => Promise<unknown>,
): Promise<number> {
  try {
    const [{ address }] = await resolveHost(host, { lookUpTimeoutMs: DEFAULT_TIMEOUT_MS })
    const options = { target, waitsMs: [DEFAULT_TIMEOUT_MS], newTransactionId: () => TRANSACTION_ID }
    using client = await UdpTrackerClient.open({ host: address, port }, options)
    environment.out(writeResult(await question(client), format))
    return 0
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'refused' && error.stage === undefined) {
      environment.out(writeResult({ Error: { transaction_id: TRANSACTION_ID, message: error.message } }, format))
      return 0
    }
    if (error instanceof TrackerError || error instanceof CallError) {
      return reportFailure(errorMessage(error), environment)
    }
    throw error
  }
}

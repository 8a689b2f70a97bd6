// tracker-client http: asks an HTTP tracker and prints the answer in Torrust's JSON.

import { errorMessage } from '../../../domain/error-message.ts'
import { CallError } from '../../client/call-error.ts'
import { openTracker } from '../../client/open-tracker.ts'
import type { AnnounceResult, TrackerClient, TrackerPeer } from '../../client/tracker-client.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import { readTrackerUrl, type TrackerUrl } from '../../client/tracker-url.ts'
import { IpAddress, readAddress } from '../../protocol/address-text.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { DEFAULT_PEER_ID, DEFAULT_TIMEOUT_MS } from './defaults.ts'
import type { HttpAnnounceOptions } from './options.ts'
import { type OutputFormat, reportFailure, warnIfTruncated, writeResult } from './output.ts'

const DEFAULT_PORT = 17_548
const LIMITS = { lookUpTimeoutMs: DEFAULT_TIMEOUT_MS, timeoutMs: DEFAULT_TIMEOUT_MS }

/** Returns the exit code. */
export async function printHttpAnnounce(
  url: string,
  infoHash: string,
  options: HttpAnnounceOptions,
  environment: CliEnvironment,
): Promise<number> {
  const { format, event = 'started', port = DEFAULT_PORT, peerAddr: ip, peerId = DEFAULT_PEER_ID } = options
  const { uploaded = 0n, downloaded = 0n, left = 0n } = options
  const compact = options.compact === '1'
  return await ask(url, { format, ...environment }, async (tracker) => {
    const call = { infoHash, event, port, ip, peerId, uploaded, downloaded, left, compact }
    return announced(await tracker.announce(call), compact)
  })
}

/** Returns the exit code. */
export async function printHttpScrape(
  url: string,
  infoHashes: readonly string[],
  format: OutputFormat,
  environment: CliEnvironment,
): Promise<number> {
  return await ask(url, { format, ...environment }, async (tracker) => {
    const { entries } = await tracker.scrape(infoHashes)
    const rows = entries
      .filter(({ isReported }) => isReported)
      .map(({ infoHash, seeders, completed, leechers }) => [
        infoHash,
        { complete: seeders, downloaded: completed, incomplete: leechers },
      ])
    const files = Object.fromEntries(rows)
    warnIfTruncated(new Set(entries.map(({ infoHash }) => infoHash)).size, Object.keys(files).length, environment)
    return files
  })
}

/** A refusal is printed as the tracker sent it, and is a failure all the same. */
async function ask(
  url: string,
  { format, ...environment }: CliEnvironment & { readonly format: OutputFormat },
  question: (tracker: TrackerClient) => Promise<unknown>,
): Promise<number> {
  try {
    using tracker = await openTracker(announceUrl(url), LIMITS)
    environment.out(writeResult(await question(tracker), format))
    return 0
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'refused') {
      environment.out(writeResult({ 'failure reason': error.message }, format))
      return reportFailure('unrecognized response from tracker', environment)
    }
    if (error instanceof TrackerError || error instanceof CallError) {
      return reportFailure(errorMessage(error), environment)
    }
    throw error
  }
}

/** That of a scrape stands for its announce URL. */
function announceUrl(text: string): TrackerUrl {
  if (/[?#]/.test(text)) {
    throw new CallError(
      'invalid tracker URL input: include only scheme, host, optional port, and optional path; no query, no fragment',
    )
  }
  const url = readTrackerUrl(text)
  if (url.scheme === 'udp') throw new CallError('an HTTP tracker has a URL that begins with http:// or https://')
  return { ...url, target: url.target.replace(/\/scrape$/, '/announce') }
}

function announced(answer: AnnounceResult, isCompact: boolean): unknown {
  const { seeders, leechers, intervalSeconds, minIntervalSeconds, peers } = answer
  const counts = {
    complete: seeders ?? null,
    incomplete: leechers ?? null,
    interval: intervalSeconds ?? null,
    'min interval': minIntervalSeconds ?? null,
  }
  if (isCompact) return { ...counts, peers: compactBytes(peers, 4), peers6: compactBytes(peers, 6) }
  return {
    ...counts,
    peers: peers.map(({ address, port, peerId = [] }) => ({ ip: address, 'peer id': [...peerId], port })),
  }
}

/** The compact form, a number for each byte. */
function compactBytes(peers: readonly TrackerPeer[], family: 4 | 6): readonly number[] {
  const ip = new IpAddress()
  return peers.flatMap(({ address, port, family: peerFamily }) => {
    if (peerFamily !== family || !readAddress(address, 0, address.length, ip)) return []
    return [...ip.bytes.subarray(0, family === 4 ? 4 : 16), port >> 8, port & 0xff]
  })
}

// Checks trackers as Torrust's checker does, for `muster check --format torrust`: an entry for each endpoint, in its
// JSON.

import { probeMany } from '../../client/probe-many.ts'
import {
  checkHttpTracker,
  checkUdpTracker,
  type JudgedCheck,
  type TorrustCheck,
} from '../tracker-client/torrust-checks.ts'
import type { CheckOptions } from './check-trackers.ts'
import { endpointsOf, type ProbedEndpoint, resolveTrackers, type TrackerAddresses } from './endpoints.ts'
import { shownUrl } from './shown-url.ts'
import type { NamedTracker } from './tracker-sources.ts'
import { worstVerdict } from './verdict.ts'

export interface TorrustReport {
  readonly checks: readonly TorrustCheck[]
  /** Whether all trackers work. An endpoint that cannot be reached from here does not count beside one that can. */
  readonly isWell: boolean
}

/** In the order of the trackers. Never rejects. */
export async function checkAsTorrust(trackers: readonly NamedTracker[], options: CheckOptions): Promise<TorrustReport> {
  const resolved = await resolveTrackers(trackers, options)
  const found = await checkEndpoints(endpointsOf(resolved), options)
  const byTracker = Map.groupBy(found, ([{ tracker }]) => tracker)
  const reports = resolved.map(({ tracker, addresses, flaw }) => {
    const judged = (byTracker.get(tracker) ?? []).map(([, check]) => check)
    return {
      checks: addresses.length === 0 ? unresolved(tracker, flaw) : judged.map(({ check }) => check),
      verdict: worstVerdict(judged.map(({ verdict }) => verdict)),
    }
  })
  return {
    checks: reports.flatMap(({ checks }) => checks),
    isWell: reports.every(({ verdict }) => verdict === 'ok'),
  }
}

/** In the order of the endpoints. */
async function checkEndpoints(
  endpoints: readonly ProbedEndpoint[],
  { concurrency, signal: stop, timeoutMs, infoHash, onProbe }: CheckOptions,
): Promise<readonly (readonly [ProbedEndpoint, JudgedCheck])[]> {
  const found = new Map<ProbedEndpoint, JudgedCheck>()
  const probes = probeMany(
    endpoints,
    ({ tracker, url, address }, signal) => {
      const probe = { address, timeoutMs, infoHash, signal }
      return url.scheme === 'udp' ? checkUdpTracker(url, probe) : checkHttpTracker(url, shownUrl(tracker.text), probe)
    },
    { concurrency, signal: stop },
  )
  for await (const probed of probes) {
    if ('result' in probed) found.set(probed.target, probed.result)
    onProbe(found.size)
  }
  return endpoints.flatMap((endpoint) => {
    const check = found.get(endpoint)
    return check === undefined ? [] : [[endpoint, check] as const]
  })
}

/** A tracker without an address fails at its first step. */
function unresolved({ text, url }: NamedTracker, flaw: TrackerAddresses['flaw']): readonly TorrustCheck[] {
  const Err = flaw ?? 'the host has no address'
  const shown = shownUrl(text)
  return url?.scheme === 'udp'
    ? [{ Udp: { Err: { remote_addr: shown.replace(/^udp:\/\//, ''), results: [['Setup', { Err }]] } } }]
    : [{ Http: { Err: { url: shown, results: [['Announce', { Err }]] } } }]
}

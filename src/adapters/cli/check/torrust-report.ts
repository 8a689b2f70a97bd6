// Checks trackers as Torrust's checker does, for `muster check --format torrust`: an entry for each endpoint, in its
// JSON.

import { probeMany } from '../../client/probe-many.ts'
import { checkHttpTracker, checkUdpTracker, type TorrustCheck } from '../tracker-client/torrust-checks.ts'
import { endpointsOf, type ProbeLimits, resolveTrackers, type TrackerAddresses } from './endpoints.ts'
import { shownUrl } from './shown-url.ts'
import type { NamedTracker } from './tracker-sources.ts'

export interface TorrustReport {
  readonly checks: readonly TorrustCheck[]
  readonly isWell: boolean
}

/** In the order of the trackers. Never rejects. */
export async function checkAsTorrust(
  trackers: readonly NamedTracker[],
  limits: ProbeLimits & { readonly onProbe: (done: number) => void },
): Promise<TorrustReport> {
  const resolved = await resolveTrackers(trackers, limits)
  const endpoints = endpointsOf(resolved)
  const found = new Map<object, TorrustCheck>()
  const { concurrency, signal } = limits
  const probes = probeMany(
    endpoints,
    ({ tracker, url, address }) =>
      url.scheme === 'udp' ? checkUdpTracker(url, address) : checkHttpTracker(url, shownUrl(tracker.text), address),
    { concurrency, signal },
  )
  for await (const probed of probes) {
    if ('result' in probed) found.set(probed.target, probed.result)
    limits.onProbe(found.size)
  }
  const checks = [
    ...resolved.flatMap(({ tracker, addresses, flaw }) => (addresses.length > 0 ? [] : unresolved(tracker, flaw))),
    ...endpoints.flatMap((endpoint) => found.get(endpoint) ?? []),
  ]
  return { checks, isWell: checks.every((check) => Object.values(check).every((wrapped) => 'Ok' in wrapped)) }
}

/** A tracker without an address fails at its first step. */
function unresolved({ text, url }: NamedTracker, flaw: TrackerAddresses['flaw']): readonly TorrustCheck[] {
  const Err = flaw ?? 'the host has no address'
  const shown = shownUrl(text)
  return url?.scheme === 'udp'
    ? [{ Udp: { Err: { remote_addr: shown.replace(/^udp:\/\//, ''), results: [['Setup', { Err }]] } } }]
    : [{ Http: { Err: { url: shown, results: [['Announce', { Err }]] } } }]
}

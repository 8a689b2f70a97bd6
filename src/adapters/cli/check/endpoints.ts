// The endpoints of trackers: every address of every host, looked up at the same time.

import { errorMessage } from '../../../domain/error-message.ts'
import { probeMany } from '../../client/probe-many.ts'
import { type HostAddress, type IpFamily, resolveHost } from '../../client/resolve-host.ts'
import type { TrackerUrl } from '../../client/tracker-url.ts'
import type { NamedTracker } from './tracker-sources.ts'
import { ownFault } from './verdict.ts'

export interface TrackerAddresses {
  readonly tracker: NamedTracker
  readonly addresses: readonly HostAddress[]
  /** Why there are none. */
  readonly flaw: string | undefined
  /** Whether that says nothing of the tracker. */
  readonly isOwnFault: boolean
}

/** One tracker at one address. */
export interface ProbedEndpoint {
  readonly tracker: NamedTracker
  readonly url: TrackerUrl
  readonly address: HostAddress
}

export interface ProbeLimits {
  /** Of one look-up, or of one exchange with a tracker. */
  readonly timeoutMs: number
  readonly concurrency: number
  readonly family?: IpFamily | undefined
  readonly signal?: AbortSignal | undefined
}

/** A name may have any number of them. */
const MAX_ADDRESSES = 32

/** In the order of the trackers. Never rejects. */
export async function resolveTrackers(
  trackers: readonly NamedTracker[],
  limits: ProbeLimits,
): Promise<readonly TrackerAddresses[]> {
  const resolved = new Map<NamedTracker, TrackerAddresses>()
  // The time of a look-up counts from when the system begins with it, not from when it waits for that.
  const { family, timeoutMs: lookUpTimeoutMs, ...others } = limits
  const probes = probeMany(
    trackers,
    async ({ url }, signal) =>
      url === undefined ? [] : await resolveHost(url.host, { family, lookUpTimeoutMs, signal }),
    others,
  )
  for await (const probed of probes) {
    const { target: tracker } = probed
    if ('error' in probed) {
      const fault = ownFault(probed.error)
      const flaw = fault ?? errorMessage(probed.error)
      resolved.set(tracker, { tracker, addresses: [], flaw, isOwnFault: fault !== undefined })
    } else {
      const addresses = probed.result.slice(0, MAX_ADDRESSES)
      resolved.set(tracker, { tracker, addresses, flaw: tracker.flaw, isOwnFault: false })
    }
  }
  const missing = { addresses: [], flaw: 'was not looked up', isOwnFault: true }
  return trackers.map((tracker) => resolved.get(tracker) ?? { tracker, ...missing })
}

export function endpointsOf(resolved: readonly TrackerAddresses[]): readonly ProbedEndpoint[] {
  return resolved.flatMap(({ tracker, addresses }) => {
    const { url } = tracker
    return url === undefined ? [] : addresses.map((address) => ({ tracker, url, address }))
  })
}

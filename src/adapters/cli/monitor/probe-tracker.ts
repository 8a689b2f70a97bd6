// Probes all addresses of a tracker once, as the check does.

import { errorMessage } from '../../../domain/error-message.ts'
import { probeMany } from '../../client/probe-many.ts'
import type { Slots } from '../../client/slots.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import { endpointsOf, type ProbeLimits, resolveTrackers } from '../check/endpoints.ts'
import { judge } from '../check/verdict.ts'
import { type Announced, announceAsNewtrackon } from '../newtrackon/announce.ts'
import type { ProbeEvent } from './probe-event.ts'
import type { WatchedTracker } from './watched-tracker.ts'

export interface TrackerProbeOptions extends ProbeLimits {
  readonly infoHash: Uint8Array
  /** Of the probes of all trackers. */
  readonly slots: Slots
  /** Called when the host has been looked up. */
  readonly onAddresses: (name: string, addresses: readonly string[]) => void
}

/** An event for each address, or one for a host without any. Never throws. */
export async function* probeTracker(
  { tracker, name: url }: WatchedTracker,
  options: TrackerProbeOptions,
): AsyncGenerator<ProbeEvent> {
  const { timeoutMs, infoHash, slots, onAddresses, ...others } = options
  const resolved = await resolveTrackers([tracker], options)
  const [{ addresses, flaw, isOwnFault }] = resolved
  if (flaw !== undefined) {
    const status = isOwnFault ? 'unknown' : 'error'
    yield { atMs: Date.now(), url, address: undefined, status, latencyMs: undefined, message: flaw }
    return
  }
  onAddresses(
    url,
    addresses.map(({ address }) => address),
  )
  const probes = probeMany(
    endpointsOf(resolved),
    async (endpoint, signal) => {
      await slots.take(signal)
      try {
        return await announceAsNewtrackon({ ...endpoint, infoHash, trusts: 'authorities' }, { timeoutMs, signal })
      } finally {
        slots.giveBack()
      }
    },
    others,
  )
  for await (const probed of probes) {
    const { address } = probed.target.address
    const outcome = 'error' in probed ? failed(errorMessage(probed.error)) : outcomeOf(probed.result)
    yield { atMs: Date.now(), url, address, ...outcome }
  }
}

type Outcome = Pick<ProbeEvent, 'status' | 'latencyMs' | 'message'>

function failed(message: string): Outcome {
  return { status: 'error', latencyMs: undefined, message }
}

/** What newTrackon would not list is up: clients can use it. */
function outcomeOf(announced: Announced): Outcome {
  const { verdict, message } = judge(announced)
  if (!('rule' in announced)) return { status: 'ok', latencyMs: announced.elapsedMs, message: undefined }
  if (verdict === 'rejected') return { status: 'ok', latencyMs: undefined, message }
  if (verdict === 'unknown') return { status: 'unknown', latencyMs: undefined, message }
  const { error } = announced
  if (error instanceof TrackerError && error.kind === 'timed-out') {
    return { status: 'timeout', latencyMs: undefined, message: undefined }
  }
  return failed(message ?? 'it does not work')
}

// Probes all addresses of a tracker once, as the check does.

import { errorMessage } from '../../../domain/error-message.ts'
import { probeMany } from '../../client/probe-many.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import { endpointsOf, type ProbeLimits, resolveTrackers } from '../check/endpoints.ts'
import { shownUrl } from '../check/shown-url.ts'
import type { NamedTracker } from '../check/tracker-sources.ts'
import { judge } from '../check/verdict.ts'
import { type Announced, announceAsNewtrackon } from '../newtrackon/announce.ts'
import type { ProbeEvent } from './probe-event.ts'

/** An event for each address, or one for a host without any. Never throws. */
export async function* probeTracker(
  tracker: NamedTracker,
  infoHash: Uint8Array,
  limits: ProbeLimits,
): AsyncGenerator<ProbeEvent> {
  const { timeoutMs, ...others } = limits
  const url = shownUrl(tracker.text)
  const resolved = await resolveTrackers([tracker], limits)
  const [{ flaw }] = resolved
  if (flaw !== undefined) {
    yield { atMs: Date.now(), url, address: undefined, status: 'error', latencyMs: undefined, message: flaw }
    return
  }
  const probes = probeMany(
    endpointsOf(resolved),
    (endpoint, signal) => announceAsNewtrackon({ ...endpoint, infoHash, trusts: 'authorities' }, { timeoutMs, signal }),
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

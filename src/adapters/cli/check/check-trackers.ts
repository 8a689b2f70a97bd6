// Probes every endpoint of trackers: an announce as newTrackon sends it, and a scrape for the counts. Scrapes come when
// all announces are over, because endpoints of one tracker share its swarms.

import { errorMessage } from '../../../domain/error-message.ts'
import { openTrackerAt } from '../../client/open-tracker.ts'
import { probeMany } from '../../client/probe-many.ts'
import type { ScrapeEntry } from '../../client/tracker-client.ts'
import { type Announced, announceAsNewtrackon } from '../newtrackon/announce.ts'
import { urlFlaws } from '../newtrackon/judge-url.ts'
import { endpointsOf, type ProbedEndpoint, type ProbeLimits, resolveTrackers } from './endpoints.ts'
import type { NamedTracker } from './tracker-sources.ts'
import { type Judgement, judge, type TrackerVerdict, worstVerdict } from './verdict.ts'

export interface CheckOptions extends ProbeLimits {
  /** What is announced. */
  readonly infoHash: Uint8Array
  /** Called when an endpoint has answered or not. */
  readonly onProbe: (done: number) => void
}

export interface EndpointCheck extends Judgement {
  readonly address: string
  readonly port: number
  /** Until the announce was answered, with everything before it: a connection id, or the handshakes of TCP and TLS. */
  readonly latencyMs: number | undefined
  readonly intervalSeconds: number | undefined
  readonly seeders: number | undefined
  readonly leechers: number | undefined
  /** Completed downloads, by a scrape. */
  readonly completed: number | undefined
  /** How many peers the answer had. */
  readonly peers: number | undefined
}

export interface TrackerCheck {
  readonly tracker: NamedTracker
  readonly verdict: TrackerVerdict
  /** Why there are no endpoints. */
  readonly flaw: string | undefined
  /** What keeps its URL from being listed, whatever it answers. */
  readonly notes: readonly string[]
  readonly endpoints: readonly EndpointCheck[]
}

/** Two attempts over UDP, each of a connection id and an announce. */
const MAX_EXCHANGES = 4
const NOTES = {
  address: 'newTrackon lists host names only (NT-01)',
  path: 'newTrackon asks for /announce only (NT-01)',
}

/** In the order of the trackers. Never rejects. */
export async function checkTrackers(
  trackers: readonly NamedTracker[],
  options: CheckOptions,
): Promise<readonly TrackerCheck[]> {
  const resolved = await resolveTrackers(trackers, options)
  const endpoints = endpointsOf(resolved)
  const announced = await announceToAll(endpoints, options)
  const counts = await scrapeAll(
    endpoints.filter((endpoint) => 'elapsedMs' in (announced.get(endpoint) ?? {})),
    options,
  )
  const byTracker = Map.groupBy(endpoints, ({ tracker }) => tracker)
  return resolved.map(({ tracker, flaw, isOwnFault }) => {
    const checks = (byTracker.get(tracker) ?? []).flatMap((endpoint) => {
      const answer = announced.get(endpoint)
      return answer === undefined ? [] : checkOf(endpoint, answer, counts.get(endpoint))
    })
    const worst = worstVerdict(checks.map((check) => check.verdict))
    const verdict = flaw === undefined ? worst : isOwnFault ? 'unknown' : 'failing'
    return { tracker, flaw, verdict, notes: notesOn(tracker), endpoints: checks }
  })
}

async function announceToAll(endpoints: readonly ProbedEndpoint[], options: CheckOptions) {
  const { timeoutMs, infoHash, onProbe } = options
  const found = new Map<ProbedEndpoint, Announced>()
  const probes = probeMany(
    endpoints,
    ({ url, address }, signal) =>
      announceAsNewtrackon({ url, address, infoHash, trusts: 'authorities' }, { timeoutMs, signal }),
    { ...options, timeoutMs: MAX_EXCHANGES * timeoutMs },
  )
  for await (const probed of probes) {
    const failed = 'error' in probed
    found.set(probed.target, failed ? { rule: 'NT-04', violation: errorMessage(probed.error) } : probed.result)
    onProbe(found.size)
  }
  return found
}

/** Without those that do not say: many trackers answer no scrapes, and lists do not need them. */
async function scrapeAll(endpoints: readonly ProbedEndpoint[], { infoHash, ...limits }: CheckOptions) {
  const { timeoutMs } = limits
  const found = new Map<ProbedEndpoint, ScrapeEntry>()
  const probes = probeMany(
    endpoints,
    async ({ url, address }, signal) => {
      using client = await openTrackerAt(url, address, { waitsMs: [timeoutMs], timeoutMs })
      return (await client.scrape([infoHash], { signal })).entries[0]
    },
    { ...limits, timeoutMs: 2 * timeoutMs },
  )
  for await (const probed of probes) {
    if ('result' in probed && probed.result.isReported) found.set(probed.target, probed.result)
  }
  return found
}

function checkOf({ url, address }: ProbedEndpoint, answer: Announced, counts: ScrapeEntry | undefined): EndpointCheck {
  const place = { address: address.address, port: url.port, ...judge(answer) }
  if ('rule' in answer) return { ...place, ...NOTHING }
  const { intervalSeconds, seeders, leechers, peers, elapsedMs: latencyMs } = answer
  return {
    ...place,
    latencyMs,
    intervalSeconds,
    peers,
    // Those of the announce have its own seeder among them.
    seeders: counts?.seeders ?? seeders,
    leechers: counts?.leechers ?? leechers,
    completed: counts?.completed,
  }
}

const NOTHING = {
  latencyMs: undefined,
  intervalSeconds: undefined,
  peers: undefined,
  seeders: undefined,
  leechers: undefined,
  completed: undefined,
}

function notesOn({ url }: NamedTracker): readonly string[] {
  return url === undefined ? [] : urlFlaws(url.host, url.target.replace(/\?.*/, '')).map((flaw) => NOTES[flaw])
}

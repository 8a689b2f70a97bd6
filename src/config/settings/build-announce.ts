// The announce and peer policy: the only settings whose values depend on each other.

import type { SettingsDocument } from './document-schema.ts'
import { announcePolicyOptions, DEFAULT_INTERVAL_SECONDS, EXPECTED_INTERVAL } from './options/announce-policy.ts'
import { cleanupOptions } from './options/core.ts'
import { membersOf } from './options/members.ts'
import { GRACE_SECONDS, trackerPolicyOptions } from './options/tracker-policy.ts'
import type { DocumentIssues } from './problems.ts'
import type { PortRange } from './schema-types.ts'
import type { AnnounceSettings, PeerSettings } from './settings.ts'
import type { Path } from './tree.ts'

/** Seconds of jitter are drawn from 16 random bits. */
const MAX_JITTER_SECONDS = 65_536
/** Torrust's interval, and the minimum for a document that sets none. */
const MIN_FITTED_SECONDS = 120
/** More than any client asks for; a larger reply costs more than its peers are worth. */
const MAX_PEERS = 1000

const POLICY: Path = ['core', 'announce_policy']
const TIMEOUT: Path = ['core', 'tracker_policy', 'max_peer_timeout']

function withJitter(intervalSeconds: number, jitter: number): number {
  return Math.ceil(intervalSeconds * (1 + jitter))
}

/** An interval for a document that sets only the peer timeout: short enough that peers announce again in time. */
function fitInterval(timeoutSeconds: number, jitter: number): number {
  const fitting = Math.floor((timeoutSeconds * 0.8) / (1 + jitter))
  return Math.min(DEFAULT_INTERVAL_SECONDS, Math.max(MIN_FITTED_SECONDS, fitting))
}

/** The longest interval for a document that sets none: what lists accept, less if peers would expire before. */
function fitMaxInterval(timeoutSeconds: number | undefined, jitter: number): number {
  const longest = Math.floor(EXPECTED_INTERVAL.most / (1 + jitter))
  return timeoutSeconds === undefined ? longest : Math.min(longest, Math.floor((timeoutSeconds * 0.8) / (1 + jitter)))
}

/**
 * Half the interval, but not less than clients expect: some re-announce at this pace (protocol rule CL-04).
 */
function fitMinInterval(intervalSeconds: number): number {
  return Math.max(Math.floor(intervalSeconds / 2), Math.min(EXPECTED_INTERVAL.least, intervalSeconds))
}

function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before === undefined || range.first > before.last + 1) merged.push(range)
    else merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
  }
  return merged
}

type GivenPolicy = Pick<AnnounceSettings, 'targetAnnouncesPerSecond' | 'maxIntervalSeconds' | 'jitter'>

export function buildAnnounce(core: SettingsDocument['core'], issues: DocumentIssues): AnnounceSettings {
  const policy = membersOf(announcePolicyOptions, core.announce_policy)
  const { jitter } = policy
  const timeoutSeconds = core.tracker_policy?.max_peer_timeout
  const fitted = timeoutSeconds === undefined ? DEFAULT_INTERVAL_SECONDS : fitInterval(timeoutSeconds, jitter)
  const intervalSeconds = policy.intervalSeconds ?? fitted
  const longestSeconds = buildMaxInterval(policy, { intervalSeconds, timeoutSeconds }, issues)
  const maxSeconds = withJitter(longestSeconds ?? intervalSeconds, jitter)

  const jitterSeconds = maxSeconds - (longestSeconds ?? intervalSeconds)
  if (jitterSeconds > MAX_JITTER_SECONDS)
    issues.problem(
      [...POLICY, 'jitter'],
      `adds up to ${jitterSeconds} s to the interval; at most ${MAX_JITTER_SECONDS} s are allowed`,
    )
  else if (
    maxSeconds <= (timeoutSeconds ?? 0) &&
    intervalSeconds !== (policy.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS)
  ) {
    issues.warning(
      TIMEOUT,
      `clients are told to announce every ${intervalSeconds} s, so that they do so before ${timeoutSeconds} s have passed`,
    )
  } else if (intervalSeconds < EXPECTED_INTERVAL.least || maxSeconds > EXPECTED_INTERVAL.most) {
    issues.warning(
      [...POLICY, 'interval'],
      `${intervalSeconds} to ${maxSeconds} s with jitter: some clients and tracker lists accept only ${EXPECTED_INTERVAL.least} to ${EXPECTED_INTERVAL.most} s`,
    )
  }

  const asked = policy.minIntervalSeconds ?? fitMinInterval(intervalSeconds)
  if (asked > intervalSeconds) {
    issues.warning([...POLICY, 'interval_min'], `${asked} s is longer than the interval; ${intervalSeconds} s are used`)
  }
  if (policy.maxPeersPerAnnounce > MAX_PEERS) {
    issues.warning([...POLICY, 'max_peers_per_announce'], `a reply holds ${MAX_PEERS} peers at most`)
  }
  const maxPeersPerAnnounce = Math.min(policy.maxPeersPerAnnounce, MAX_PEERS)
  return {
    ...policy,
    intervalSeconds,
    maxIntervalSeconds: longestSeconds,
    minIntervalSeconds: Math.min(asked, intervalSeconds),
    maxPeersPerAnnounce,
    defaultPeersPerAnnounce: Math.min(policy.defaultPeersPerAnnounce, maxPeersPerAnnounce),
  }
}

/** Undefined without a target: then the interval is constant. */
function buildMaxInterval(
  { targetAnnouncesPerSecond, maxIntervalSeconds, jitter }: GivenPolicy,
  {
    intervalSeconds,
    timeoutSeconds,
  }: { readonly intervalSeconds: number; readonly timeoutSeconds: number | undefined },
  issues: DocumentIssues,
): number | undefined {
  const path = [...POLICY, 'interval_max']
  if (targetAnnouncesPerSecond === undefined) {
    if (maxIntervalSeconds !== undefined) issues.warning(path, 'has no effect without `target_announces_per_second`')
    return undefined
  }
  const longest = maxIntervalSeconds ?? fitMaxInterval(timeoutSeconds, jitter)
  if (maxIntervalSeconds !== undefined && maxIntervalSeconds < intervalSeconds) {
    issues.warning(path, `${maxIntervalSeconds} s is shorter than the interval; ${intervalSeconds} s are used`)
  }
  return Math.max(longest, intervalSeconds)
}

export function buildPeers(
  core: SettingsDocument['core'],
  announce: AnnounceSettings,
  issues: DocumentIssues,
): PeerSettings {
  const policy = membersOf(trackerPolicyOptions, core.tracker_policy)
  const maxSeconds = withJitter(announce.maxIntervalSeconds ?? announce.intervalSeconds, announce.jitter)
  const maxPeerTimeoutSeconds = policy.maxPeerTimeoutSeconds ?? maxSeconds + GRACE_SECONDS
  if (maxPeerTimeoutSeconds < maxSeconds) {
    issues.warning(
      TIMEOUT,
      `${maxPeerTimeoutSeconds} s is less than the longest interval handed out (${maxSeconds} s): peers expire before they announce again`,
    )
  }
  return {
    ...membersOf(cleanupOptions, core),
    ...policy,
    maxPeerTimeoutSeconds,
    deniedPorts: mergeRanges(policy.deniedPorts),
  }
}

// The announce and peer policy: the one part of the settings whose values depend on each other.

import type { SettingsDocument } from './document-schema.ts'
import { announcePolicyOptions, DEFAULT_INTERVAL_SECONDS, EXPECTED_INTERVAL } from './options/announce-policy.ts'
import { cleanupOptions } from './options/core.ts'
import { membersOf } from './options/members.ts'
import { GRACE_SECONDS, trackerPolicyOptions } from './options/tracker-policy.ts'
import type { Findings } from './problems.ts'
import type { PortRange } from './schema-words.ts'
import type { AnnounceSettings, PeerSettings } from './settings.ts'
import type { Path } from './tree.ts'

/** Seconds of jitter are drawn from 16 random bits. */
const MAX_JITTER_SECONDS = 65_536
/** Torrust's interval; a document that is silent on it is never given less. */
const SHORTEST_FITTED_SECONDS = 120
/** More than any client asks for; beyond it a reply costs more than its peers are worth. */
const MAX_PEERS = 1000

const POLICY: Path = ['core', 'announce_policy']
const TIMEOUT: Path = ['core', 'tracker_policy', 'max_peer_timeout']

const longest = (intervalSeconds: number, jitter: number): number => Math.ceil(intervalSeconds * (1 + jitter))

/** An interval for a document that says only how long peers are kept: short enough that they announce again in time. */
const fitInterval = (timeoutSeconds: number, jitter: number): number => {
  const fitting = Math.floor((timeoutSeconds * 0.8) / (1 + jitter))
  return Math.min(DEFAULT_INTERVAL_SECONDS, Math.max(SHORTEST_FITTED_SECONDS, fitting))
}

/**
 * Half the interval, as far as that is not less than clients expect: some re-announce at this pace (protocol rule
 * CL-04).
 */
const fitMinInterval = (intervalSeconds: number): number =>
  Math.max(Math.floor(intervalSeconds / 2), Math.min(EXPECTED_INTERVAL.least, intervalSeconds))

const mergeRanges = (ranges: readonly PortRange[]): PortRange[] => {
  const merged: PortRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before === undefined || range.first > before.last + 1) merged.push(range)
    else merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
  }
  return merged
}

export const buildAnnounce = (core: SettingsDocument['core'], findings: Findings): AnnounceSettings => {
  const policy = membersOf(announcePolicyOptions, core.announce_policy)
  const { jitter } = policy
  const timeoutSeconds = core.tracker_policy?.max_peer_timeout
  const fitted = timeoutSeconds === undefined ? DEFAULT_INTERVAL_SECONDS : fitInterval(timeoutSeconds, jitter)
  const intervalSeconds = policy.intervalSeconds ?? fitted
  const longestSeconds = longest(intervalSeconds, jitter)

  if (longestSeconds - intervalSeconds > MAX_JITTER_SECONDS)
    findings.problem(
      [...POLICY, 'jitter'],
      `adds up to ${longestSeconds - intervalSeconds} s to the interval; ${MAX_JITTER_SECONDS} s are possible`,
    )
  else if (
    longestSeconds <= (timeoutSeconds ?? 0) &&
    intervalSeconds !== (policy.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS)
  ) {
    findings.warning(
      TIMEOUT,
      `clients are told to announce every ${intervalSeconds} s, so that they do so before ${timeoutSeconds} s have passed`,
    )
  } else if (intervalSeconds < EXPECTED_INTERVAL.least || longestSeconds > EXPECTED_INTERVAL.most) {
    findings.warning(
      [...POLICY, 'interval'],
      `${intervalSeconds} to ${longestSeconds} s with jitter: some clients and tracker lists accept only ${EXPECTED_INTERVAL.least} to ${EXPECTED_INTERVAL.most} s`,
    )
  }

  const asked = policy.minIntervalSeconds ?? fitMinInterval(intervalSeconds)
  if (asked > intervalSeconds) {
    findings.warning(
      [...POLICY, 'interval_min'],
      `${asked} s is longer than the interval; ${intervalSeconds} s are used`,
    )
  }
  if (policy.maxPeersPerAnnounce > MAX_PEERS) {
    findings.warning([...POLICY, 'max_peers_per_announce'], `a reply holds ${MAX_PEERS} peers at most`)
  }
  const maxPeersPerAnnounce = Math.min(policy.maxPeersPerAnnounce, MAX_PEERS)
  return {
    ...policy,
    intervalSeconds,
    minIntervalSeconds: Math.min(asked, intervalSeconds),
    maxPeersPerAnnounce,
    defaultPeersPerAnnounce: Math.min(policy.defaultPeersPerAnnounce, maxPeersPerAnnounce),
  }
}

export const buildPeers = (
  core: SettingsDocument['core'],
  announce: AnnounceSettings,
  findings: Findings,
): PeerSettings => {
  const policy = membersOf(trackerPolicyOptions, core.tracker_policy)
  const longestSeconds = longest(announce.intervalSeconds, announce.jitter)
  const maxPeerTimeoutSeconds = policy.maxPeerTimeoutSeconds ?? longestSeconds + GRACE_SECONDS
  if (maxPeerTimeoutSeconds < longestSeconds) {
    findings.warning(
      TIMEOUT,
      `${maxPeerTimeoutSeconds} s is less than the longest interval handed out (${longestSeconds} s): peers are forgotten before they announce again`,
    )
  }
  return {
    ...membersOf(cleanupOptions, core),
    ...policy,
    maxPeerTimeoutSeconds,
    deniedPorts: mergeRanges(policy.deniedPorts),
  }
}

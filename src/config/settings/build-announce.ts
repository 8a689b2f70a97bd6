// The announce and peer policy: the one part of the settings whose values depend on each other.

import { DEFAULTS } from './defaults.ts'
import type { SettingsDocument } from './document-schema.ts'
import type { Findings } from './problems.ts'
import type { AnnounceSettings, PeerSettings, PortRange } from './settings.ts'
import type { Path } from './tree.ts'

/** Torrent clients and tracker lists expect intervals in this range (protocol rule NT-03). */
const EXPECTED = { least: 300, most: 10_800 } as const
/** Seconds of jitter are drawn from 16 random bits. */
const MOST_JITTER_SECONDS = 65_536
/** Torrust's interval; a document that is silent on it is never given less. */
const SHORTEST_FITTED_SECONDS = 120
/** More than any client asks for; beyond it a reply costs more than its peers are worth. */
const MOST_PEERS = 1000

const POLICY: Path = ['core', 'announce_policy']
const TIMEOUT: Path = ['core', 'tracker_policy', 'max_peer_timeout']

const longest = (intervalSeconds: number, jitter: number): number => Math.ceil(intervalSeconds * (1 + jitter))

/** An interval for a document that says only how long peers are kept: short enough that they announce again in time. */
const fitInterval = (timeoutSeconds: number, jitter: number): number => {
  const fitting = Math.floor((timeoutSeconds * 0.8) / (1 + jitter))
  return Math.min(DEFAULTS.announce.intervalSeconds, Math.max(SHORTEST_FITTED_SECONDS, fitting))
}

/** Half the interval, as far as that is not less than clients expect: some re-announce at this pace (protocol rule CL-04). */
const fitMinInterval = (intervalSeconds: number): number =>
  Math.max(Math.floor(intervalSeconds / 2), Math.min(EXPECTED.least, intervalSeconds))

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
  const policy = core.announce_policy ?? {}
  const timeoutSeconds = core.tracker_policy?.max_peer_timeout
  const jitter = policy.jitter ?? DEFAULTS.announce.jitter
  const fitted = timeoutSeconds === undefined ? DEFAULTS.announce.intervalSeconds : fitInterval(timeoutSeconds, jitter)
  const intervalSeconds = policy.interval ?? fitted
  const longestSeconds = longest(intervalSeconds, jitter)

  if (longestSeconds - intervalSeconds > MOST_JITTER_SECONDS)
    findings.problem(
      [...POLICY, 'jitter'],
      `adds up to ${longestSeconds - intervalSeconds} s to the interval; ${MOST_JITTER_SECONDS} s are possible`,
    )
  else if (
    longestSeconds <= (timeoutSeconds ?? 0) &&
    intervalSeconds !== (policy.interval ?? DEFAULTS.announce.intervalSeconds)
  ) {
    findings.warning(
      TIMEOUT,
      `clients are told to announce every ${intervalSeconds} s, so that they do so before ${timeoutSeconds} s have passed`,
    )
  } else if (intervalSeconds < EXPECTED.least || longestSeconds > EXPECTED.most) {
    findings.warning(
      [...POLICY, 'interval'],
      `${intervalSeconds} to ${longestSeconds} s with jitter: some clients and tracker lists accept only ${EXPECTED.least} to ${EXPECTED.most} s`,
    )
  }

  const asked = policy.interval_min ?? fitMinInterval(intervalSeconds)
  if (asked > intervalSeconds) {
    findings.warning(
      [...POLICY, 'interval_min'],
      `${asked} s is longer than the interval; ${intervalSeconds} s are used`,
    )
  }
  const wanted = policy.max_peers_per_announce ?? DEFAULTS.announce.maxPeersPerAnnounce
  if (wanted > MOST_PEERS) {
    findings.warning([...POLICY, 'max_peers_per_announce'], `a reply holds ${MOST_PEERS} peers at most`)
  }
  const maxPeersPerAnnounce = Math.min(wanted, MOST_PEERS)
  return {
    intervalSeconds,
    minIntervalSeconds: Math.min(asked, intervalSeconds),
    jitter,
    maxPeersPerAnnounce,
    defaultPeersPerAnnounce: Math.min(
      policy.default_peers_per_announce ?? DEFAULTS.announce.defaultPeersPerAnnounce,
      maxPeersPerAnnounce,
    ),
    externalIpInReply: policy.external_ip_in_reply ?? DEFAULTS.announce.externalIpInReply,
  }
}

export const buildPeers = (
  core: SettingsDocument['core'],
  announce: AnnounceSettings,
  findings: Findings,
): PeerSettings => {
  const policy = core.tracker_policy ?? {}
  const longestSeconds = longest(announce.intervalSeconds, announce.jitter)
  const timeoutSeconds = policy.max_peer_timeout ?? longestSeconds + DEFAULTS.peers.graceSeconds
  if (timeoutSeconds < longestSeconds) {
    findings.warning(
      TIMEOUT,
      `${timeoutSeconds} s is less than the longest interval handed out (${longestSeconds} s): peers are forgotten before they announce again`,
    )
  }
  return {
    maxPeerTimeoutSeconds: timeoutSeconds,
    inactivePeerCleanupIntervalSeconds: core.inactive_peer_cleanup_interval ?? DEFAULTS.peers.cleanupIntervalSeconds,
    removePeerlessTorrents: policy.remove_peerless_torrents ?? DEFAULTS.peers.removePeerlessTorrents,
    keepCompletedCounts: policy.persistent_torrent_completed_stat ?? DEFAULTS.peers.keepCompletedCounts,
    completedWriteIntervalSeconds: policy.completed_write_interval ?? DEFAULTS.peers.completedWriteIntervalSeconds,
    allowPrivatePeers: policy.allow_private_peers ?? DEFAULTS.peers.allowPrivatePeers,
    deniedPorts: mergeRanges(policy.denied_ports ?? DEFAULTS.peers.deniedPorts),
  }
}

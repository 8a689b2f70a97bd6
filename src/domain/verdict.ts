// What became of a request, in one integer: the hot lane has no exceptions. The texts are constants on purpose, so that
// nothing a stranger sends can be echoed (protocol.md SEC-24).

export const Verdict = {
  /** The announce was applied; the reply is filled in. */
  Served: 0,
  /** Not registered, because the memory budget is spent: answer an empty success with a long interval (SEC-20). */
  Full: 1,
  /** Port 0 in an announce that is not `stopped` (HTTP-13, UDP-15). */
  InvalidPort: 2,
  /** The source address can belong to no peer: unspecified, multicast, broadcast (SEC-14). */
  UnusableAddress: 3,
  /** A private tracker was shown no key, or none that is known and valid (UDP-28, SEC-32). */
  KeyRequired: 4,
  /** The torrent is not on the whitelist, or is on the blocklist (SEC-45). */
  Unregistered: 5,
} as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

/** What clients are told; indexed by verdict. Served and Full are not failures and have no text. */
export const FAILURE_TEXT: readonly string[] = [
  '',
  '',
  'invalid port',
  'client address unknown',
  'authentication required',
  'unregistered torrent',
]

/** A client without a valid key is asked to come back after this many seconds (SEC-32). */
export const KEY_REQUIRED_INTERVAL_SECONDS = 3600

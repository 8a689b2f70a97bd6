// The outcome of a request as one integer: the hot lane has no exceptions. The texts are deliberately constant, so that
// nothing a client sends can be echoed (protocol.md SEC-24).

export const Verdict = {
  /** The announce was applied; the reply is filled in. */
  Served: 0,
  /**
   * Not registered, because the memory budget is exhausted or there are too many announces: answer an empty success
   * with a long interval (SEC-20, CL-06).
   */
  Full: 1,
  /** Port 0 in an announce that is not `stopped` (HTTP-13, UDP-15). */
  InvalidPort: 2,
  /** The source address cannot belong to a peer: unspecified, multicast, broadcast (SEC-14). */
  UnusableAddress: 3,
  /** A private tracker received no key, or not one that is known and valid (UDP-28, SEC-32). */
  KeyRequired: 4,
  /** The torrent is not on the whitelist, or is on the blocklist (SEC-45). */
  Unregistered: 5,
} as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

/** Failure reasons by verdict. Served and Full are not failures and have no text. */
export const FAILURE_TEXT: readonly string[] = [
  '',
  '',
  'invalid port',
  'client address unknown',
  'authentication required',
  'unregistered torrent',
]

/** A client without a valid key is asked to announce again after this many seconds (SEC-32). */
export const KEY_REQUIRED_INTERVAL_SECONDS = 3600

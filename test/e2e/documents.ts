// Configuration documents for the process tests: small listeners on ephemeral ports, few threads.

export interface DocumentParts {
  readonly udp?: readonly string[]
  readonly http?: readonly string[]
  readonly driver?: 'batched' | 'dgram' | 'auto'
  /** Tables and keys to append, as TOML. */
  readonly more?: string
}

export const DRIVERS = ['batched', 'dgram'] as const

export function aDocument({ udp = [], http = [], driver = 'auto', more = '' }: DocumentParts): string {
  return [
    '[metadata]\nschema_version = "3.0.0"',
    '[logging]\ntrace_filter = "info"',
    '[core]\nlisted = false\nprivate = false',
    '[threads]\nudp = 2\nhttp = 2',
    '[memory]\nswarm_budget = "64 MiB"',
    `[udp_tracker_server]\ndriver = "${driver}"`,
    ...udp.map((address) => `[[udp_trackers]]\nbind_address = "${address}"`),
    ...http.map((address) => `[[http_trackers]]\nbind_address = "${address}"`),
    more,
  ].join('\n\n')
}

// What the health API is told of the tracker whose health it is asked for.

/** A service that runs, and where it listens; a wildcard address as it is. */
export interface Service {
  readonly type: 'udp_tracker' | 'http_tracker' | 'tracker_rest_api'
  readonly scheme: 'udp' | 'http' | 'https'
  /** An IP address, IPv6 without brackets. */
  readonly host: string
  /** The real one. */
  readonly port: number
}

/** Asked anew for each answer. */
export interface RunningTracker {
  /** In the order in which they were started. */
  readonly services: () => readonly Service[]
  /** ready: every listener is open, and what is to be restored is in memory. */
  readonly state: () => 'starting' | 'ready' | 'stopping'
  /** A thread has died, and the process is about to follow it. */
  readonly hasFailed: () => boolean
  /** Resolves when the database has answered, rejects when it has not; undefined when there is none. */
  readonly pingDatabase: (() => Promise<void>) | undefined
}

export type Outcome = { readonly Ok: string } | { readonly Err: string }

/** How services are asked, a wildcard address on this machine itself. Neither rejects; both know how long to wait. */
export interface Probes {
  readonly udp: (service: Pick<Service, 'host' | 'port'>) => Promise<Outcome>
  readonly http: (service: Pick<Service, 'scheme' | 'host' | 'port'> & { readonly path: string }) => Promise<Outcome>
}

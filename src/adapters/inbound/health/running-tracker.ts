// What the health API knows about the tracker.

/** A running service and its listening address; a wildcard address is left as it is. */
export interface Service {
  readonly type: 'udp_tracker' | 'http_tracker' | 'tracker_rest_api'
  readonly scheme: 'udp' | 'http' | 'https'
  /** An IP address, IPv6 without brackets; or `unix:` and the path of a Unix domain socket. */
  readonly host: string
  /** The actual port; 0 for a Unix domain socket. */
  readonly port: number
  /** The URL that clients know it by, if one is configured. */
  readonly publicUrl?: string | undefined
  /** Connections to it begin with a PROXY header. */
  readonly proxyProtocol?: boolean
}

/** Called again for each answer. */
export interface RunningTracker {
  /** In start order. */
  readonly services: () => readonly Service[]
  /** ready: every listener is open, and all data has been restored to memory. */
  readonly state: () => 'starting' | 'ready' | 'stopping'
  /** A thread has died, and the process is about to end. */
  readonly hasFailed: () => boolean
  readonly isUnderAttack: () => boolean
  /** Resolves when the database answers, rejects when it does not; undefined without a database. */
  readonly pingDatabase: (() => Promise<void>) | undefined
}

export type Outcome = { readonly Ok: string } | { readonly Err: string }

/** Probe services; a wildcard address is probed over loopback. Neither rejects; both have their own timeout. */
export interface Probes {
  readonly udp: (service: Pick<Service, 'host' | 'port'>) => Promise<Outcome>
  readonly http: (service: Omit<Service, 'type' | 'publicUrl'> & { readonly path: string }) => Promise<Outcome>
}

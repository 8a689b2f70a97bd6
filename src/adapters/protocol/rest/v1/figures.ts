// The figures that the writers of API v1 need. The contract declares its own types, independent of where a tracker gets
// the values.

interface ByRole {
  readonly seeders: number
  readonly leechers: number
}

type ByFamily =
  | 'announce_errors'
  | 'announces'
  | 'announces_answered'
  | 'connects'
  | 'datagrams_received'
  | 'other_errors'
  | 'replies_sent'
  | 'scrape_errors'
  | 'scrapes'
type OfUdp =
  | 'announce_nanoseconds'
  | 'announces_timed'
  | 'connect_nanoseconds'
  | 'connection_id_mismatches'
  | 'connects_timed'
  | 'datagrams_from_nowhere'
  | 'datagrams_from_port_zero'
  | 'datagrams_too_short'
  | 'datagrams_with_wrong_magic'
  | 'requests_banned'
  | 'scrape_nanoseconds'
  | 'scrapes_timed'

/** Event counts since startup, by name. */
export type ShownCounters = Readonly<
  Record<`udp${4 | 6}_${ByFamily}` | `udp_${OfUdp}` | `http${4 | 6}_${'announces' | 'scrapes'}`, number>
>

export interface ShownListener {
  readonly protocol: 'udp' | 'http' | 'https'
  /** The IP address and port that it is bound to. */
  readonly address: string
  readonly port: number
  readonly publicUrl?: string | undefined
  /** Its own part of the counters. */
  readonly counters: ShownCounters
}

export interface ShownFigures extends ByRole {
  readonly torrents: number
  /** Completed downloads: of all runs if they are persisted, else of this run. */
  readonly completed: number
  readonly completedThisRun: number
  /** Undefined if completed downloads are not persisted. */
  readonly completedPersisted: number | undefined
  readonly activity: {
    readonly torrentsAdded: number
    readonly torrentsRemoved: number
    readonly peersAdded: ByRole
    readonly peersRemoved: ByRole
    readonly peersUpdated: ByRole
    readonly seedersReverted: number
  }
  readonly counters: ShownCounters
  /** Addresses that sent a wrong connection id since their errors were last cleared; 0 if these are not counted. */
  readonly addressesWithIdErrors: number
  /** The listeners whose requests are counted. */
  readonly listeners: readonly ShownListener[]
}

/** Torrents and peers without an announce within the peer timeout. */
export interface ShownInactivity {
  readonly inactiveTorrents: number
  readonly inactivePeers: number
}

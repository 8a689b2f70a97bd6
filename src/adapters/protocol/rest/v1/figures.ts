// The figures that API v1 shows, as its writers are given them. The contract says for itself what it needs and leaves open
// how a tracker gets it.

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
  | 'scrape_nanoseconds'
  | 'scrapes_timed'

/** What has happened since the start, by name. */
export type ShownCounters = Readonly<
  Record<`udp${4 | 6}_${ByFamily}` | `udp_${OfUdp}` | `http${4 | 6}_${'announces' | 'scrapes'}`, number>
>

export interface ShownFigures extends ByRole {
  readonly torrents: number
  /** Completed downloads: of all runs when they are persisted, else of this one. */
  readonly completed: number
  readonly completedThisRun: number
  /** Undefined when completed downloads are not persisted. */
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
}

/** Torrents and peers not heard of for longer than the peer timeout. */
export interface ShownInactivity {
  readonly inactiveTorrents: number
  readonly inactivePeers: number
}

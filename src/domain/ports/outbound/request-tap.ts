// Where listeners report the requests of the client that an operator traces. Usually none is traced.

import type { InfoHash } from '../../info-hash.ts'

/** Contains neither keys nor anything else that is secret. */
export interface TracedRequest {
  /** `udp://0.0.0.0:6969`. */
  readonly listener: string
  /** The address, with the port unless a proxy reports the address. */
  readonly client: string
  readonly kind: 'connect' | 'announce' | 'scrape' | 'other'
  /** A dropped request gets no answer. */
  readonly verdict: 'answered' | 'refused' | 'dropped'
  /** The error that the client was sent, or why the request was dropped. */
  readonly reason?: string | undefined
  /** Of a scrape the first one. */
  readonly infoHash?: InfoHash
  /** Info hashes in a scrape. */
  readonly hashes?: number
  readonly event?: 'none' | 'completed' | 'started' | 'stopped' | 'paused'
  readonly port?: number
  /** Missing if the client leaves it to the tracker. */
  readonly numwant?: number
  readonly seeders?: number | undefined
  readonly leechers?: number | undefined
  /** Peers in the answer. */
  readonly peers?: number
}

/** One per thread. */
export interface RequestTap {
  /** Whether a client is traced: one read of shared memory. The other methods are for when it is. */
  isOn(): boolean
  /** Whether the traced client has the address of `family` at `wordAt` of `words`, in network bytes. */
  isTraced(family: number, words: Int32Array, wordAt: number): boolean
  /** Reports a request of the traced client. Requests beyond the limits are counted instead. */
  note(request: TracedRequest): void
}

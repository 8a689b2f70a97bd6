// Swarms survive the process: what is known of them is saved now and then and loaded at the next start.

import { port } from '../port.ts'

export interface SnapshotSaved {
  readonly torrents: number
  readonly peers: number
  readonly bytes: number
}

export interface SnapshotLoaded {
  readonly kind: 'loaded'
  readonly writtenAtSeconds: number
  /** That were not known before. */
  readonly torrents: number
  readonly peers: number
  /** Peers left out: silent for too long; known already, and as new; no longer wanted; no room for them. */
  readonly expired: number
  readonly outdated: number
  readonly unwanted: number
  readonly withoutRoom: number
}

export interface SnapshotRefused {
  readonly kind: 'refused'
  /** For the operator: a sentence's end, such as "it is damaged". */
  readonly reason: string
}

/** One call at a time. Announces are served meanwhile. */
export interface Snapshots {
  /** Rejects when the snapshot cannot be stored; the one before is still there then. */
  save(): Promise<SnapshotSaved>
  /** Adds what the last snapshot holds to what is known; `undefined` when there is none. */
  load(): Promise<SnapshotLoaded | SnapshotRefused | undefined>
}
export const Snapshots = port<Snapshots>('Snapshots')

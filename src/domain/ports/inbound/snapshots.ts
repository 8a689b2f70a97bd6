// Swarms survive the process: they are saved periodically and loaded at the next start.

import { port } from '../port.ts'

export interface SnapshotSaved {
  readonly torrents: number
  readonly peers: number
  readonly bytes: number
}

export interface SnapshotLoaded {
  readonly kind: 'loaded'
  readonly writtenAtSeconds: number
  /** How far that is in the future if the clock has been set back since; peers then keep the ages that they had. */
  readonly aheadSeconds: number
  /** Those not known before. */
  readonly torrents: number
  readonly peers: number
  /** Peers left out: silent for too long; already known and as recent; no longer allowed; no room for them. */
  readonly expired: number
  readonly outdated: number
  readonly unwanted: number
  readonly withoutRoom: number
  /** Why the rest of the snapshot could not be read; undefined when all of it was. */
  readonly brokenOff: string | undefined
}

export interface SnapshotRefused {
  readonly kind: 'refused'
  /** For the operator: the end of a sentence, such as "it is damaged". */
  readonly reason: string
}

/** One call at a time. Announces are served meanwhile. */
export interface Snapshots {
  /** Rejects when the snapshot cannot be stored; the previous one is then still there. */
  save(): Promise<SnapshotSaved>
  /** Adds the contents of the last snapshot to the swarms; `undefined` when there is none. */
  load(): Promise<SnapshotLoaded | SnapshotRefused | undefined>
}
export const Snapshots = port<Snapshots>('Snapshots')

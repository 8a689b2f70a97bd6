// Where a snapshot of all swarms lies between two runs. One is kept: a new one takes the place of the one before,
// wholly or not at all, and whoever has opened the old one may read it to its end.

import { port } from '../port.ts'

/** What there is to know of a snapshot before it is read. */
export interface SnapshotHeader {
  /** Number of the form in which the swarms lie in it. */
  readonly format: number
  readonly writtenAtSeconds: number
  /** Its times count from here, in seconds since 1970. */
  readonly epochSeconds: number
  /** Of the memory that it was made of. */
  readonly budgetBytes: number
}

export interface SnapshotCounts {
  readonly torrents: number
  readonly peers: number
  /** Peers that are counted at another address. */
  readonly twins: number
}

/** A snapshot of another form, or of another time, is of no use. */
export interface SnapshotWanted {
  readonly format: number
  readonly oldestSeconds: number
  readonly newestSeconds: number
}

/** The whole of it has been found undamaged. Reading rejects only when the system fails. */
export interface OpenedSnapshot {
  readonly kind: 'opened'
  readonly header: SnapshotHeader
  readonly counts: SnapshotCounts
  /** From the start, each time that it is called. Each chunk is good until the next one is asked for. */
  chunks(): AsyncIterable<Int32Array>
  close(): Promise<void>
}

export interface RefusedSnapshot {
  readonly kind: 'refused'
  /** For the operator: a sentence's end, such as "it is damaged". */
  readonly reason: string
}

export interface SnapshotStore {
  /**
   * Stores the chunks, each of which is done with before the next one is asked for; `counts` is asked after the last.
   * Resolves with the snapshot's size in bytes once it would survive a power cut; rejects when it cannot be stored, and
   * then the one before is still there.
   */
  save(header: SnapshotHeader, chunks: AsyncIterable<Int32Array>, counts: () => SnapshotCounts): Promise<number>
  /** Never rejects for anything that may be found in the snapshot's place; `undefined` when there is nothing. */
  open(wanted: SnapshotWanted): Promise<OpenedSnapshot | RefusedSnapshot | undefined>
}
export const SnapshotStore = port<SnapshotStore>('SnapshotStore')

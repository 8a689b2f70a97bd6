// Where the snapshot of all swarms is stored between two runs. Only one is kept: a new one replaces the previous one
// atomically, and a reader that has opened the old one can read it to the end.

import { port } from '../port.ts'

/** What is known about a snapshot before it is read. */
export interface SnapshotHeader {
  /** Number of the format of the swarms in it. */
  readonly format: number
  readonly writtenAtSeconds: number
  /** Times in it count from here, in seconds since 1970. */
  readonly epochSeconds: number
  /** Of the memory that it was made from. */
  readonly budgetBytes: number
}

export interface SnapshotCounts {
  readonly torrents: number
  readonly peers: number
  /** Peers that are counted at their other address. */
  readonly twins: number
}

/** What a snapshot must match; another format or an older one is rejected, but not one from the future. */
export interface SnapshotWanted {
  readonly format: number
  readonly oldestSeconds: number
}

/** A snapshot whose contents were verified. Reading rejects only when the system fails. */
export interface OpenedSnapshot {
  readonly kind: 'opened'
  readonly header: SnapshotHeader
  readonly counts: SnapshotCounts
  /** Starts over with each call. A chunk is valid until the next one is requested. */
  chunks(): AsyncIterable<Int32Array>
  close(): Promise<void>
}

export interface RefusedSnapshot {
  readonly kind: 'refused'
  /** For the operator: the end of a sentence, such as "it is damaged". */
  readonly reason: string
}

export interface SnapshotStore {
  /**
   * Stores the chunks, finishing each before requesting the next; `counts` is called after the last. Resolves with the
   * snapshot's size in bytes once it would survive a power cut; rejects when it cannot be stored, and then the previous
   * one is still there.
   */
  save(header: SnapshotHeader, chunks: AsyncIterable<Int32Array>, counts: () => SnapshotCounts): Promise<number>
  /** Never rejects, whatever is found in the snapshot's place; `undefined` when there is nothing. */
  open(wanted: SnapshotWanted): Promise<OpenedSnapshot | RefusedSnapshot | undefined>
}
export const SnapshotStore = port<SnapshotStore>('SnapshotStore')

import type {
  OpenedSnapshot,
  RefusedSnapshot,
  SnapshotCounts,
  SnapshotHeader,
  SnapshotStore,
  SnapshotWanted,
} from '../../src/domain/ports/outbound/snapshot-store.ts'

/** Keeps the last snapshot in memory. */
export class MemorySnapshotStore implements SnapshotStore {
  /** A read of the chunk after so many fails. */
  failsAfterChunks = Number.POSITIVE_INFINITY
  #kept: { header: SnapshotHeader; chunks: readonly Int32Array[]; counts: SnapshotCounts } | undefined

  async save(header: SnapshotHeader, chunks: AsyncIterable<Int32Array>, counts: () => SnapshotCounts): Promise<number> {
    const copies: Int32Array[] = []
    for await (const chunk of chunks) copies.push(chunk.slice())
    this.#kept = { header: header, chunks: copies, counts: counts() }
    return copies.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  async open(wanted: SnapshotWanted): Promise<OpenedSnapshot | RefusedSnapshot | undefined> {
    const kept = this.#kept
    if (kept === undefined) return undefined
    const { header: facts, chunks, counts } = kept
    const { failsAfterChunks } = this
    if (facts.format !== wanted.format) return { kind: 'refused', reason: 'another form' }
    if (facts.writtenAtSeconds < wanted.oldestSeconds) {
      this.#kept = undefined
      return { kind: 'refused', reason: 'too old' }
    }
    return {
      kind: 'opened',
      header: facts,
      counts,
      async *chunks() {
        for (const [index, chunk] of chunks.entries()) {
          if (index >= failsAfterChunks) throw new Error('the disk failed')
          yield chunk.slice()
        }
      },
      close: async () => undefined,
    }
  }
}

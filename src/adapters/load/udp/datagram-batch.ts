// The memory of one thread's datagrams: a batch to send and a batch that was received, with the views that are needed.

/** Datagrams in a batch. */
export const BATCH = 64
/**
 * Enough for a scrape of 74 torrents. An odd number of cache lines, so that the beginnings of the slots do not all
 * compete for the same places of the cache.
 */
export const REQUEST_BYTES = 1600
/** Of a reply only the beginning is kept: its length tells how many peers it has. */
export const REPLY_BYTES = 192

class BatchMemory {
  readonly slotBytes: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly words: Int32Array<ArrayBuffer>
  /** Whole length of each datagram. */
  readonly lengths = new Int32Array(BATCH)

  constructor(slotBytes: number) {
    const buffer = new ArrayBuffer(BATCH * slotBytes)
    this.slotBytes = slotBytes
    this.bytes = new Uint8Array(buffer)
    this.words = new Int32Array(buffer)
  }
}

export class DatagramBatch {
  readonly requests = new BatchMemory(REQUEST_BYTES)
  readonly replies = new BatchMemory(REPLY_BYTES)
}

// The memory of one thread's datagrams: three areas of 64 slots each, with every typed-array view that is needed. Slots
// are word aligned, and so are the info hash, the peer id and the byte counts in an announce: they are read in place.

import { SOURCE_BYTES } from '../../linux/socket-address.ts'

/** Datagrams in a batch. */
export const SLOTS = 64
/** The most bytes that are read of a datagram (UDP-23); enough for any reply. */
export const SLOT_BYTES = 2048

/** One area of slots. */
class SlotMemory {
  readonly bytes: Uint8Array
  readonly halfwords: Uint16Array
  readonly words: Int32Array<ArrayBuffer>
  readonly wire: DataView

  constructor(slotBytes: number) {
    const buffer = new ArrayBuffer(SLOTS * slotBytes)
    this.bytes = new Uint8Array(buffer)
    this.halfwords = new Uint16Array(buffer)
    this.words = new Int32Array(buffer)
    this.wire = new DataView(buffer)
  }
}

/** `received` and `sources` are written by the driver and read by the handler; `replies` the other way round. */
export class DatagramMemory {
  readonly received = new SlotMemory(SLOT_BYTES)
  readonly replies = new SlotMemory(SLOT_BYTES)
  readonly sources = new SlotMemory(SOURCE_BYTES)
}

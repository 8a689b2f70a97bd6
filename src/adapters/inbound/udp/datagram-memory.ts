// The memory of one thread's datagrams: three areas of 64 slots each, with every typed-array view that is needed. Slots
// are word aligned, and so are the info hash, the peer id and the byte counts in an announce: they are read in place.

/** Datagrams in a batch. */
export const SLOTS = 64
/** The most bytes that are read of a datagram (UDP-23); enough for any reply. */
export const SLOT_BYTES = 2048
/** Enough for a source address of either family. */
export const SOURCE_BYTES = 32

/**
 * A source address in the Linux layout (`sockaddr_in`, `sockaddr_in6`), which all drivers use:
 *
 * | offset | bytes | |
 * | --- | --- | --- |
 * | 0 | 2 | family, host order |
 * | 2 | 2 | port, network order |
 * | 4 | 4 | IPv4 address; for IPv6 the flow label |
 * | 8 | 16 | IPv6 address |
 * | 24 | 4 | IPv6 scope |
 */
export const SOURCE_PORT_AT = 2
export const SOURCE_IPV4_AT = 4
export const SOURCE_IPV6_AT = 8
export const AF_INET = 2
export const AF_INET6 = 10

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

// The structures for recvmmsg and sendmmsg, for one socket, laid out by hand over the slots of the datagram memory. All
// pointers that never change are set once.
//
// struct mmsghdr (64 bytes):
//
// | offset | bytes | | | offset | bytes | |
// | --- | --- | --- | --- | --- | --- | --- |
// | 0 | 8 | name, pointer | | 32 | 8 | control, pointer |
// | 8 | 4 | name length | | 40 | 8 | control length |
// | 16 | 8 | iovec, pointer | | 48 | 4 | flags |
// | 24 | 8 | iovec count | | 56 | 4 | message length |
//
// struct iovec (16 bytes): pointer, length. A packet info follows a cmsghdr (16 bytes: length, level, type); in_pktinfo
// is interface index (4), local address (4), destination (4); in6_pktinfo is destination (16), interface (4).

import type { Libc } from '../../../linux/libc.ts'
import { SOURCE_BYTES } from '../../../linux/socket-address.ts'
import { type DatagramMemory, SLOT_BYTES, SLOTS } from '../datagram-memory.ts'

export const MESSAGE_BYTES = 64
const NAME_AT = 0
const NAME_LENGTH_AT = 8
const IOVEC_AT = 16
const IOVEC_COUNT_AT = 24
const CONTROL_AT = 32
const CONTROL_LENGTH_AT = 40
const LENGTH_AT = 56

const IOVEC_BYTES = 16
const IOVEC_LENGTH_AT = 8
const CONTROL_BYTES = 64
const IPV4_INTERFACE_AT = 16
const IPV6_INTERFACE_AT = 32

const RECEIVED_AT = 0
const REPLIES_AT = RECEIVED_AT + SLOTS * MESSAGE_BYTES
const RECEIVED_IOVECS_AT = REPLIES_AT + SLOTS * MESSAGE_BYTES
const REPLY_IOVECS_AT = RECEIVED_IOVECS_AT + SLOTS * IOVEC_BYTES
const CONTROLS_AT = REPLY_IOVECS_AT + SLOTS * IOVEC_BYTES
const TOTAL_BYTES = CONTROLS_AT + SLOTS * CONTROL_BYTES

/** The kind of messages that a socket has. */
export interface MessageShape {
  readonly isIPv6: boolean
  /** True when the kernel reports the local address of each datagram and is given it for the reply (UDP-21). */
  readonly keepsLocalAddress: boolean
}

export class MessageVectors {
  /** Address of the first message that is received into. */
  readonly receivedAt: number
  /** Address of the first reply to send. */
  readonly repliesAt: number
  readonly #words: Int32Array
  readonly #nameBytes: number
  readonly #keepsLocalAddress: boolean
  readonly #interfaceWordAt: number
  /** Pointers to the sources, by slot, as low and high words. */
  readonly #sourcePointers = new Int32Array(2 * SLOTS)
  readonly #replyPointers = new Int32Array(2 * SLOTS)
  readonly #controlPointers = new Int32Array(2 * SLOTS)

  /** `memory` must be kept alive as long as the vectors are used: only raw pointers refer to it. */
  constructor(libc: Libc, memory: DatagramMemory, shape: MessageShape) {
    const buffer = new ArrayBuffer(TOTAL_BYTES)
    const base = libc.addressOf(buffer)
    const receivedAt = libc.addressOf(memory.received.bytes.buffer)
    const repliesAt = libc.addressOf(memory.replies.bytes.buffer)
    const sourcesAt = libc.addressOf(memory.sources.bytes.buffer)
    const wire = new DataView(buffer)
    this.#words = new Int32Array(buffer)
    this.#nameBytes = shape.isIPv6 ? 28 : 16
    this.#keepsLocalAddress = shape.keepsLocalAddress
    this.#interfaceWordAt = (shape.isIPv6 ? IPV6_INTERFACE_AT : IPV4_INTERFACE_AT) >> 2
    this.receivedAt = base + RECEIVED_AT
    this.repliesAt = base + REPLIES_AT
    for (let slot = 0; slot < SLOTS; slot++) {
      const messageAt = RECEIVED_AT + slot * MESSAGE_BYTES
      const replyAt = REPLIES_AT + slot * MESSAGE_BYTES
      const iovecAt = RECEIVED_IOVECS_AT + slot * IOVEC_BYTES
      const replyIovecAt = REPLY_IOVECS_AT + slot * IOVEC_BYTES
      const setPointer = (at: number, address: number): void => wire.setBigUint64(at, BigInt(address), true)
      setPointer(messageAt + NAME_AT, sourcesAt + slot * SOURCE_BYTES)
      setPointer(messageAt + IOVEC_AT, base + iovecAt)
      setPointer(messageAt + IOVEC_COUNT_AT, 1)
      setPointer(iovecAt, receivedAt + slot * SLOT_BYTES)
      setPointer(iovecAt + IOVEC_LENGTH_AT, SLOT_BYTES)
      setPointer(replyAt + IOVEC_AT, base + replyIovecAt)
      setPointer(replyAt + IOVEC_COUNT_AT, 1)
      if (shape.keepsLocalAddress) setPointer(messageAt + CONTROL_AT, base + CONTROLS_AT + slot * CONTROL_BYTES)
      splitPointer(this.#sourcePointers, slot, sourcesAt + slot * SOURCE_BYTES)
      splitPointer(this.#replyPointers, slot, repliesAt + slot * SLOT_BYTES)
      splitPointer(this.#controlPointers, slot, base + CONTROLS_AT + slot * CONTROL_BYTES)
      this.#words[(replyAt + NAME_LENGTH_AT) >> 2] = this.#nameBytes
    }
    this.prepareToReceive(SLOTS)
  }

  /** Restores what the kernel has overwritten in the first `count` messages. */
  prepareToReceive(count: number): void {
    const words = this.#words
    const controlBytes = this.#keepsLocalAddress ? CONTROL_BYTES : 0
    for (let slot = 0; slot < count; slot++) {
      const wordAt = (RECEIVED_AT + slot * MESSAGE_BYTES) >> 2
      words[wordAt + (NAME_LENGTH_AT >> 2)] = this.#nameBytes
      words[wordAt + (CONTROL_LENGTH_AT >> 2)] = controlBytes
    }
  }

  /** Length of the datagram received in `slot`. */
  receivedBytes(slot: number): number {
    return this.#words[(RECEIVED_AT + LENGTH_AT + slot * MESSAGE_BYTES) >> 2]
  }

  /** Queues the reply in `slot` as message `index` of the next send. */
  addReply(index: number, slot: number, replyBytes: number): void {
    const words = this.#words
    const wordAt = (REPLIES_AT + index * MESSAGE_BYTES) >> 2
    const iovecWordAt = (REPLY_IOVECS_AT + index * IOVEC_BYTES) >> 2
    const low = 2 * slot
    words[wordAt] = this.#sourcePointers[low]
    words[wordAt + 1] = this.#sourcePointers[low + 1]
    words[iovecWordAt] = this.#replyPointers[low]
    words[iovecWordAt + 1] = this.#replyPointers[low + 1]
    words[iovecWordAt + (IOVEC_LENGTH_AT >> 2)] = replyBytes
    if (this.#keepsLocalAddress) this.#returnLocalAddress(wordAt, slot)
  }

  /** The reply leaves from the address that the request was sent to, through the interface that routing chooses. */
  #returnLocalAddress(replyWordAt: number, slot: number): void {
    const words = this.#words
    const receivedWordAt = (RECEIVED_AT + slot * MESSAGE_BYTES) >> 2
    const controlWordAt = CONTROL_AT >> 2
    const lengthWordAt = CONTROL_LENGTH_AT >> 2
    words[((CONTROLS_AT + slot * CONTROL_BYTES) >> 2) + this.#interfaceWordAt] = 0
    words[replyWordAt + controlWordAt] = this.#controlPointers[2 * slot]
    words[replyWordAt + controlWordAt + 1] = this.#controlPointers[2 * slot + 1]
    words[replyWordAt + lengthWordAt] = words[receivedWordAt + lengthWordAt]
  }
}

function splitPointer(pointers: Int32Array, slot: number, address: number): void {
  pointers[2 * slot] = address | 0
  pointers[2 * slot + 1] = Math.floor(address / 2 ** 32)
}

// The sender of a datagram, read from the slot's source address; IPv6 that contains an IPv4 address counts as IPv4
// (UDP-19). One per thread, reused.

import { Family } from '../../../domain/announce.ts'
import { AF_INET6, SOURCE_BYTES, SOURCE_IPV4_AT, SOURCE_IPV6_AT, SOURCE_PORT_AT } from '../../linux/socket-address.ts'
import type { DatagramMemory } from './datagram-memory.ts'

const LAST_IPV6_WORD = 3
const WORDS_IPV6 = 4

/**
 * In memory order: the third word of an IPv4-mapped address, and the first word of NAT64's prefix 64:ff9b::/96 (RFC
 * 6052).
 */
const MAPPED_WORD = new Int32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0]
const NAT64_WORD = new Int32Array(new Uint8Array([0, 0x64, 0xff, 0x9b]).buffer)[0]
const UNSPECIFIED = new Int32Array(WORDS_IPV6)

export class DatagramSource {
  isIPv6 = false
  /** 0 for IPv4, 1 for IPv6: `Family`. */
  family: Family = Family.IPv4
  port = 0
  /** Index of the address in the `halfwords` of the sources. */
  halfwordAt = 0
  /** The address's first two words, little endian; `second` is meaningless for IPv4. */
  first = 0
  second = 0
  readonly #wire: DataView
  readonly #words: Int32Array

  constructor(memory: DatagramMemory) {
    this.#wire = memory.sources.wire
    this.#words = memory.sources.words
  }

  /** Reads the source of the datagram in `slot`. */
  read(slot: number): void {
    const at = slot * SOURCE_BYTES
    const wire = this.#wire
    let addressAt = at + SOURCE_IPV4_AT
    this.port = wire.getUint16(at + SOURCE_PORT_AT)
    this.isIPv6 = wire.getUint16(at, true) === AF_INET6
    if (this.isIPv6) {
      addressAt = at + SOURCE_IPV6_AT
      this.second = wire.getInt32(addressAt + 4, true)
      if (this.#carriesIPv4(addressAt >> 2)) {
        this.isIPv6 = false
        addressAt += 4 * LAST_IPV6_WORD
      }
    }
    this.family = this.isIPv6 ? Family.IPv6 : Family.IPv4
    this.first = wire.getInt32(addressAt, true)
    this.halfwordAt = addressAt >> 1
  }

  /** Whether no client can have the address: 0/8, multicast, reserved, broadcast; `::` and ff00::/8 (UDP-06). */
  isUnusable(): boolean {
    const firstByte = this.first & 0xff
    if (!this.isIPv6) return firstByte === 0 || firstByte >= 224
    return firstByte === 0xff || (this.first === 0 && this.isAt(UNSPECIFIED))
  }

  /** Whether the address equals `words`: one word for IPv4, four for IPv6. */
  isAt(words: Int32Array): boolean {
    const wordAt = this.halfwordAt >> 1
    const count = this.isIPv6 ? WORDS_IPV6 : 1
    for (let index = 0; index < count; index++) if (this.#words[wordAt + index] !== words[index]) return false
    return true
  }

  #carriesIPv4(wordAt: number): boolean {
    const words = this.#words
    if (words[wordAt + 1] !== 0) return false
    const first = words[wordAt]
    const third = words[wordAt + 2]
    return first === 0 ? third === MAPPED_WORD : first === NAT64_WORD && third === 0
  }
}

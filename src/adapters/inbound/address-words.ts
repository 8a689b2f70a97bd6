// An address in bytes as the words and halfwords that tables of the domain read. Reused: a view of each address's own
// bytes would take its memory out of the heap.

import { addressHalfwords } from '../../domain/announce.ts'
import type { IpAddress } from '../protocol/address-text.ts'

export class AddressWords {
  readonly words = new Int32Array(4)
  readonly halfwords = new Uint16Array(this.words.buffer)
  readonly #bytes = new Uint8Array(this.words.buffer)

  /** What is beyond the address of an IPv4 client is meaningless. */
  copy({ family, bytes }: IpAddress): void {
    // A call of `set` would cost more than the few bytes do.
    const count = addressHalfwords(family) << 1
    for (let i = 0; i < count; i++) this.#bytes[i] = bytes[i]
  }
}

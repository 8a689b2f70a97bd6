// Bans for listeners that have addresses in bytes.

import { addressHalfwords } from '../../domain/announce.ts'
import type { Bans } from '../../domain/ports/inbound/bans.ts'
import type { IpAddress } from '../protocol/address-text.ts'

export class AddressBans {
  readonly #bans: Bans
  readonly #words = new Int32Array(4)
  readonly #bytes = new Uint8Array(this.#words.buffer)

  constructor(bans: Bans) {
    this.#bans = bans
  }

  isBanned({ family, bytes }: IpAddress): boolean {
    const count = addressHalfwords(family) << 1
    for (let i = 0; i < count; i++) this.#bytes[i] = bytes[i]
    return this.#bans.isBanned(family, this.#words, 0)
  }
}

// Bans for listeners that have addresses in bytes.

import type { Bans } from '../../domain/ports/inbound/bans.ts'
import type { IpAddress } from '../protocol/address-text.ts'
import { AddressWords } from './address-words.ts'

export class AddressBans {
  readonly #bans: Bans
  readonly #address = new AddressWords()

  constructor(bans: Bans) {
    this.#bans = bans
  }

  isBanned(address: IpAddress): boolean {
    this.#address.copy(address)
    return this.#bans.isBanned(address.family, this.#address.words, 0)
  }
}

// The address that clients on the tracker's own machine are listed with, because no other machine can reach a loopback
// address. Peers of the other family keep theirs.

import { isLoopbackAddress } from './address.ts'
import { type AnnounceRequest, addressHalfwords, type Family } from './announce.ts'

export class ExternalAddress {
  readonly #family: Family
  readonly #address: Uint16Array
  readonly #halfwords: number

  /** `bytes`: 4 or more for IPv4, 16 for IPv6. */
  constructor(family: Family, bytes: Uint8Array) {
    this.#family = family
    this.#halfwords = addressHalfwords(family)
    this.#address = new Uint16Array(bytes.slice(0, 2 * this.#halfwords).buffer)
  }

  /** Replaces the address of a request of this family if it is a loopback address. */
  replaceLoopback(request: AnnounceRequest): void {
    const { family, endpoint } = request
    if (family !== this.#family || !isLoopbackAddress(family, endpoint)) return
    for (let index = 0; index < this.#halfwords; index++) endpoint[index] = this.#address[index]
  }
}

// The `ip` parameter of announces, for listeners that honour it (protocol rule SEC-11): a client behind the same router
// as the tracker names the address at which others reach it. From anywhere else the parameter could point a swarm at
// any machine.

import { AddressKind, addressKind, isPrivateAddress } from '../../../domain/address.ts'
import type { AddressRanges } from '../../../domain/address-ranges.ts'
import { type AnnounceRequest, Scope } from '../../../domain/announce.ts'
import { IpAddress, readAddress } from '../address-text.ts'

/** Eight groups, the last two as IPv4: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const MAX_TEXT_LENGTH = 45

export class IpParameter {
  /** The address read last. */
  readonly address = new IpAddress()
  readonly #halfwords = new Uint16Array(this.address.bytes.buffer)
  readonly #ranges: AddressRanges | undefined
  #isGiven = false

  /** `ranges`: addresses in them are not global, whatever their kind. */
  constructor(ranges: AddressRanges | undefined) {
    this.#ranges = ranges
  }

  /** To be called before each query. */
  clear(): void {
    this.#isGiven = false
  }

  /** Reads a value. What is not a literal address counts as not given. */
  read(source: Uint8Array, from: number, to: number): void {
    let text = ''
    if (to - from <= MAX_TEXT_LENGTH) for (let i = from; i < to; i++) text += String.fromCharCode(source[i])
    this.#isGiven = readAddress(text, 0, text.length, this.address)
  }

  /** Whether `address` applies to a request whose endpoint has the client's own address. */
  appliesTo({ family, endpoint }: AnnounceRequest): boolean {
    return this.#isGiven && isPrivateAddress(family, endpoint) && this.#isGlobal()
  }

  #isGlobal(): boolean {
    const { family } = this.address
    if (addressKind(family, this.#halfwords) !== AddressKind.Global) return false
    return this.#ranges === undefined || this.#ranges.scopeOf(family, this.#halfwords) === Scope.Global
  }
}

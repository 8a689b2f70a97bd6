// Whether the source of a datagram is banned: by the operator, or for wrong connection ids.

import type { Bans } from '../../../domain/ports/inbound/bans.ts'
import type { DatagramMemory } from './datagram-memory.ts'
import type { DatagramSource } from './datagram-source.ts'
import type { IdErrors } from './id-errors.ts'

export class BannedSources {
  readonly #words: Int32Array
  readonly #bans: Bans
  readonly #idErrors: IdErrors

  constructor(memory: DatagramMemory, bans: Bans, idErrors: IdErrors) {
    this.#words = memory.sources.words
    this.#bans = bans
    this.#idErrors = idErrors
  }

  has({ family, halfwordAt }: DatagramSource): boolean {
    const at = halfwordAt >> 1
    return this.#bans.isBanned(family, this.#words, at) || this.#idErrors.isBanned(family, this.#words, at)
  }

  /** Counts a request with a wrong connection id. */
  addIdError({ family, halfwordAt }: DatagramSource): void {
    this.#idErrors.add(family, this.#words, halfwordAt >> 1)
  }
}

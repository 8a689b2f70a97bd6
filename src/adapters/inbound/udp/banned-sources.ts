// Whether the source of a datagram is banned.

import type { Bans } from '../../../domain/ports/inbound/bans.ts'
import type { DatagramMemory } from './datagram-memory.ts'
import type { DatagramSource } from './datagram-source.ts'

export class BannedSources {
  readonly #words: Int32Array
  readonly #bans: Bans

  constructor(memory: DatagramMemory, bans: Bans) {
    this.#words = memory.sources.words
    this.#bans = bans
  }

  has({ family, halfwordAt }: DatagramSource): boolean {
    return this.#bans.isBanned(family, this.#words, halfwordAt >> 1)
  }
}

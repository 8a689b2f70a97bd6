import type { AddressNetwork } from '../../src/domain/address-ranges.ts'
import type { Ban, StoredBan } from '../../src/domain/ban.ts'
import type { BanStore } from '../../src/domain/ports/outbound/ban-store.ts'
import { SwitchableStore } from './switchable-store.ts'

/** Bans in a Map. */
export class MemoryBanStore extends SwitchableStore implements BanStore {
  nowSeconds = 1_800_000_000
  readonly #bans = new Map<string, StoredBan>()
  #last = 0

  async put(bans: readonly Ban[]): Promise<readonly StoredBan[]> {
    this.requireAvailable()
    const unique = new Map(bans.map((ban) => [ban.range.text, ban]))
    return [...unique.values()].map((ban) => {
      const old = this.#bans.get(ban.range.text)
      const { range, reason, expiresAtSeconds } = ban
      const stored = {
        range,
        ...(reason === undefined ? {} : { reason }),
        ...(expiresAtSeconds === undefined ? {} : { expiresAtSeconds }),
        addedAtSeconds: old?.addedAtSeconds ?? this.nowSeconds,
        position: old?.position ?? ++this.#last,
      }
      this.#bans.set(range.text, stored)
      return stored
    })
  }

  async remove(ranges: readonly string[]): Promise<readonly StoredBan[]> {
    this.requireAvailable()
    return [...new Set(ranges)].flatMap((range) => {
      const stored = this.#bans.get(range)
      this.#bans.delete(range)
      return stored ?? []
    })
  }

  async find(range: string): Promise<StoredBan | undefined> {
    this.requireAvailable()
    return this.#bans.get(range)
  }

  async among(networks: readonly AddressNetwork[]): Promise<readonly StoredBan[]> {
    this.requireAvailable()
    const wanted = new Set(networks.map(keyOf))
    return [...this.#bans.values()].filter(({ range }) => wanted.has(keyOf(range)))
  }

  async page(after: number, limit: number): Promise<readonly StoredBan[]> {
    this.requireAvailable()
    return [...this.#bans.values()]
      .filter(({ position }) => position > after)
      .toSorted((one, other) => one.position - other.position)
      .slice(0, limit)
  }

  async removeExpired(beforeSeconds: number, limit: number): Promise<number> {
    this.requireAvailable()
    const expired = [...this.#bans.values()]
      .filter(({ expiresAtSeconds = Number.POSITIVE_INFINITY }) => expiresAtSeconds < beforeSeconds)
      .slice(0, limit)
    for (const { range } of expired) this.#bans.delete(range.text)
    return expired.length
  }

  async count(): Promise<number> {
    this.requireAvailable()
    return this.#bans.size
  }
}

function keyOf({ bytes, prefixBits }: AddressNetwork): string {
  return `${bytes.join('.')}/${prefixBits}`
}

// The swarm of 30 seeders that is attacked, and the newcomers who join it and a new torrent beside each attack. Who is
// stored is found out by leaving: the tracker's count falls by those it had.

import { randomBytes } from 'node:crypto'
import { newcomerAddress, seederAddress, WORLD } from './addresses.ts'
import { Bystander } from './bystander.ts'

export const SEEDERS = 30
export const NEWCOMERS = 100

export interface SwarmCheck {
  readonly seedersKept: number
  readonly newcomersStored: number
  /** Of the same newcomers, in a torrent that did not exist before. */
  readonly storedInNewTorrent: number
}

export class SwarmWatch {
  readonly infoHash = randomBytes(20)
  readonly #scraper: Bystander
  readonly #seeders: readonly Bystander[]
  #newcomers: readonly Bystander[] = []
  #newTorrent: Buffer = Buffer.alloc(20)
  #phase = 0

  private constructor(scraper: Bystander, seeders: readonly Bystander[]) {
    this.#scraper = scraper
    this.#seeders = seeders
  }

  static async open(): Promise<SwarmWatch> {
    const seeders = Array.from({ length: SEEDERS }, (_, n) => Bystander.open(seederAddress(n)))
    const watch = new SwarmWatch(await Bystander.open(WORLD.ipv4), await Promise.all(seeders))
    await watch.#seed()
    return watch
  }

  /** Newcomers join, beside an attack. */
  async join(): Promise<void> {
    const phase = this.#phase++
    const openings = Array.from({ length: NEWCOMERS }, (_, n) => Bystander.open(newcomerAddress(phase, n)))
    this.#newcomers = await Promise.all(openings)
    this.#newTorrent = randomBytes(20)
    const join = async (newcomer: Bystander): Promise<void> => {
      await newcomer.announce(this.infoHash, 'leecher')
      await newcomer.announce(this.#newTorrent, 'leecher')
    }
    await Promise.all(this.#newcomers.map(join))
  }

  /** After the attack. The seeders come back, the newcomers do not. */
  async check(): Promise<SwarmCheck> {
    const storedInNewTorrent = (await this.#scraper.scrape(this.#newTorrent))?.leechers ?? 0
    const seedersKept = await this.#countByLeaving(this.#seeders, 'seeders')
    const newcomersStored = await this.#countByLeaving(this.#newcomers, 'leechers')
    for (const newcomer of this.#newcomers) newcomer.close()
    this.#newcomers = []
    await this.#seed()
    return { seedersKept, newcomersStored, storedInNewTorrent }
  }

  close(): void {
    for (const client of [this.#scraper, ...this.#seeders, ...this.#newcomers]) client.close()
  }

  /** -1 if the tracker does not answer. */
  async #countByLeaving(clients: readonly Bystander[], role: 'seeders' | 'leechers'): Promise<number> {
    const before = await this.#scraper.scrape(this.infoHash)
    await Promise.all(clients.map((client) => client.announce(this.infoHash, 'leaving')))
    const after = await this.#scraper.scrape(this.infoHash)
    return before === undefined || after === undefined ? -1 : before[role] - after[role]
  }

  async #seed(): Promise<void> {
    await Promise.all(this.#seeders.map((seeder) => seeder.announce(this.infoHash, 'seeder')))
  }
}

// What the next request is: a kind by the weights of the mix, or something hostile by its share.

import { HOSTILE_KINDS, type HostileShares, type RequestMix } from './load-plan.ts'
import type { LoadRandom } from './load-random.ts'

/** The values of requests are those of BEP 15's actions. */
export const Choice = {
  Connect: 0,
  Announce: 1,
  Scrape: 2,
  Garbage: 3,
  ForgedId: 4,
  HostileConnect: 5,
  RandomHash: 6,
  OneAddress: 7,
} as const

const FIRST_HOSTILE = Choice.Garbage

export class RequestChoice {
  readonly #random: LoadRandom
  readonly #connect: number
  readonly #announce: number
  readonly #all: number
  /** Running totals of the hostile shares. */
  readonly #upTo: Float64Array
  readonly #isHostile: boolean

  constructor(mix: RequestMix, hostile: HostileShares, random: LoadRandom) {
    this.#random = random
    this.#connect = mix.connect
    this.#announce = mix.connect + mix.announce
    this.#all = mix.connect + mix.announce + mix.scrape
    let sum = 0
    this.#upTo = Float64Array.from(HOSTILE_KINDS, (kind) => {
      sum += hostile[kind]
      return sum
    })
    this.#isHostile = sum > 0
  }

  /** For socket number `socket` of all threads: the first alone is the one address that fills a swarm. */
  of(socket: number): number {
    const choice = this.#isHostile ? this.#any() : this.#honest()
    return choice === Choice.OneAddress && socket > 0 ? this.#honest() : choice
  }

  #honest(): number {
    const pick = this.#random.share() * this.#all
    return pick < this.#connect ? Choice.Connect : pick < this.#announce ? Choice.Announce : Choice.Scrape
  }

  #any(): number {
    const pick = this.#random.share()
    const upTo = this.#upTo
    for (let index = 0; index < upTo.length; index++) if (pick < upTo[index]) return FIRST_HOSTILE + index
    return this.#honest()
  }
}

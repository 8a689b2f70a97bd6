// The torrents and peers of a load. Their popularity is that of the published comparisons of UDP trackers (aquatic's
// load test): torrent i of N weighs N/P + exp(6.5 - 500 i/N), so that a small head has hundreds of peers each and a
// long tail one or two. The same seed gives the same population, in memory that all threads share.

import type { PopulationOptions } from './load-plan.ts'
import { LoadRandom } from './load-random.ts'

/** Ports from 1024 on. A swarm has no more peers than there are, so that no two of its peers are the same. */
export const MAX_SWARM_PEERS = 64_512
const FIRST_PORT = 1024
/** Has no factor in common with the number of ports, so that all are used. */
const PORT_STRIDE = 40_507

export interface Population {
  readonly torrents: number
  readonly peers: number
  readonly seed: number
  /** By peer. */
  readonly torrentOf: Int32Array<SharedArrayBuffer>
  readonly portOf: Uint16Array<SharedArrayBuffer>
  /** What each peer did last, see lifecycle.ts. */
  readonly stateOf: Uint8Array<SharedArrayBuffer>
  /** By torrent: how many peers it has, and how many torrents have one. */
  readonly sizeOf: Int32Array<SharedArrayBuffer>
  readonly swarms: number
  /** By torrent and family: the most peers that a reply to the fill has counted, see fill-report.ts. */
  readonly countedIn: Int32Array<SharedArrayBuffer>
}

/** Undefined if a torrent would have more than `MAX_SWARM_PEERS`. */
export function populate({ torrents, peers, seed, isEven }: PopulationOptions): Population | undefined {
  const sizeOf = new Int32Array(new SharedArrayBuffer(4 * torrents))
  const population = {
    torrents,
    peers,
    seed,
    sizeOf,
    torrentOf: new Int32Array(new SharedArrayBuffer(4 * peers)),
    portOf: new Uint16Array(new SharedArrayBuffer(2 * peers)),
    stateOf: new Uint8Array(new SharedArrayBuffer(peers)),
    countedIn: new Int32Array(new SharedArrayBuffer(8 * torrents)),
  }
  const choose = new PopularityChoice(isEven ? () => 1 : popularity(torrents, peers), torrents, seed)
  for (let peer = 0; peer < peers; peer++) {
    const torrent = choose.next()
    const rank = sizeOf[torrent]++
    if (rank === MAX_SWARM_PEERS) return undefined
    population.torrentOf[peer] = torrent
    population.portOf[peer] = FIRST_PORT + ((rank * PORT_STRIDE + torrent) % MAX_SWARM_PEERS)
  }
  return { ...population, swarms: sizeOf.reduce((swarms, size) => (size > 0 ? swarms + 1 : swarms), 0) }
}

function popularity(torrents: number, peers: number): (torrent: number) => number {
  return (torrent) => torrents / peers + Math.exp(6.5 - (500 * torrent) / torrents)
}

/** Draws torrents by weight: a table leads near the torrent of a random number, and a few steps to it. */
class PopularityChoice {
  readonly #random: LoadRandom
  readonly #upTo: Float64Array
  readonly #guide: Int32Array
  readonly #sum: number

  constructor(weight: (torrent: number) => number, torrents: number, seed: number) {
    this.#random = new LoadRandom(seed)
    this.#upTo = new Float64Array(torrents)
    this.#guide = new Int32Array(torrents)
    let sum = 0
    for (let torrent = 0; torrent < torrents; torrent++) {
      sum += weight(torrent)
      this.#upTo[torrent] = sum
    }
    this.#sum = sum
    let torrent = 0
    for (let step = 0; step < torrents; step++) {
      while (this.#upTo[torrent] <= (step / torrents) * sum) torrent++
      this.#guide[step] = torrent
    }
  }

  next(): number {
    const share = this.#random.share()
    let torrent = this.#guide[(share * this.#guide.length) | 0]
    while (this.#upTo[torrent] <= share * this.#sum) torrent++
    return torrent
  }
}

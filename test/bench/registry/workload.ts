// The announces of the registry benchmarks: the population of the published UDP load (see native/population.h), as
// records that cost almost nothing to fill. In shared memory, so that several threads can use it.

import { AnnounceEvent, AnnounceReply, AnnounceRequest, type Family, PeerRoom } from '../../../src/domain/announce.ts'

export const NOW_SECONDS = 1_800_000_000
const NUMWANT = 30
const SEEDING_SHARE = 0.75

export interface PopulationSize {
  readonly torrents: number
  readonly peers: number
}

/** Info hashes, 5 words each, and the torrent of each peer. */
export interface Population extends PopulationSize {
  readonly hashes: Int32Array<SharedArrayBuffer>
  readonly torrentOf: Int32Array<SharedArrayBuffer>
}

/** xorshift32; the same seed gives the same run. */
export class WorkloadRandom {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 1
  }

  bits(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x
  }

  below(limit: number): number {
    return Math.floor(((this.bits() >>> 0) / 2 ** 32) * limit)
  }
}

function sharedWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(count * 4))
}

function firstAbove(runningTotal: Float64Array, target: number): number {
  let low = 0
  let high = runningTotal.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (runningTotal[middle] > target) high = middle
    else low = middle + 1
  }
  return low
}

export function populate({ torrents, peers }: PopulationSize): Population {
  const random = new WorkloadRandom(7)
  const hashes = sharedWords(torrents * 5)
  const torrentOf = sharedWords(peers)
  const runningTotal = new Float64Array(torrents)
  let sum = 0
  for (let i = 0; i < torrents; i++) {
    sum += torrents / peers + Math.exp(6.5 - (500 * i) / torrents)
    runningTotal[i] = sum
  }
  for (let i = 0; i < hashes.length; i++) hashes[i] = random.bits()
  for (let i = 0; i < peers; i++) torrentOf[i] = firstAbove(runningTotal, random.below(2 ** 32) * (sum / 2 ** 32))
  return { torrents, peers, hashes, torrentOf }
}

/** Fills a reused request record with announces, for one thread. */
export class Announcer {
  readonly request = new AnnounceRequest()
  readonly reply: AnnounceReply
  readonly #population: Population
  readonly #random: WorkloadRandom

  constructor(population: Population, family: Family, seed: number) {
    const room = (): PeerRoom => new PeerRoom(new Uint16Array(9 * 200))
    this.reply = new AnnounceReply(room(), room())
    this.request.family = family
    this.request.numwant = NUMWANT
    this.request.nowSeconds = NOW_SECONDS
    this.#population = population
    this.#random = new WorkloadRandom(seed)
  }

  /** The announce of the given peer, in its own torrent. */
  by(peer: number): void {
    this.from(peer, this.#population.torrentOf[peer])
  }

  byAnybody(): void {
    this.by(this.#random.below(this.#population.peers))
  }

  below(limit: number): number {
    return this.#random.below(limit)
  }

  /** The announce of the only peer of a torrent. */
  byOnlyPeer(torrent: number): void {
    this.from(torrent, torrent)
  }

  /** The announce of a peer in any torrent. */
  from(peer: number, torrent: number): void {
    const { request } = this
    const { hashes } = this.#population
    for (let i = 0; i < 5; i++) request.words[i] = hashes[torrent * 5 + i]
    for (let i = 5; i < 16; i++) request.words[i] = Math.imul(peer + 1, 0x01000193 + i * 2)
    const isSeeding = this.#random.below(1024) < SEEDING_SHARE * 1024
    request.words[12] = 0
    request.words[13] = isSeeding ? 0 : 1 << 20
    request.event = AnnounceEvent.None
    request.key = peer
    request.port = 10_000 + (peer % 50_000)
    this.#place(peer)
  }

  /** Every peer has its own address; of IPv6 its own /64, and few share a /48. */
  #place(peer: number): void {
    const { endpoint, family, port } = this.request
    const last = family === 0 ? 2 : 8
    endpoint[0] = family === 0 ? 0x0010 | ((peer >>> 16) << 8) : 0x0120
    endpoint[1] = 0x7004
    if (family === 1) {
      endpoint[2] = peer & 0xffff
      endpoint[3] = peer >>> 16
    }
    endpoint[last - 1] = peer & 0xffff
    endpoint[last] = ((port & 0xff) << 8) | (port >>> 8)
  }
}

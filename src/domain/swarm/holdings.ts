// What the sources of peers hold in the whole memory (protocol rule SEC-20): counters of peers and torrents by address
// (IPv4, or IPv6 /64) and by network (/24, /48), in tables of a fixed size. A keyed hash selects the counter. There are
// no keys: sources that share a counter are counted together, so a count is never too low. Peers and torrents are added
// when they are stored and subtracted when they are removed, and nothing ages but the debts for new torrents.
//
// A source is known by its holder: one word, whose upper half is a hash of the network. 0 is the holder of those that
// limits spare; nothing is counted for it.

import { isPrivateAddress } from '../address.ts'
import type { Family } from '../announce.ts'
import { halfSipHash } from '../half-siphash.ts'
import { holderHalfwords, networkMask } from './address-rules.ts'
import { Header, HOLDING_SHIFT, Holding, List } from './layout.ts'
import { familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import type { SwarmMemory } from './swarm-memory.ts'

const NETWORK_BITS = 0xffff0000 | 0
const HALF = 16
/** Debts wrap around after 12 days; only differences count. */
const TICKS_PER_SECOND_BITS = 12
const TICKS_PER_SECOND = 1 << TICKS_PER_SECOND_BITS
/** Threads may read the clock a moment apart. A debt that looks longer than it can be is from many days ago. */
const SLACK_TICKS = 2 * TICKS_PER_SECOND
/** More torrents, or peers, than one in so much memory are more than a network's fair share: 1024, 4096 in 1 GiB. */
const FAIR_TORRENT_BYTES = 2 ** 20
const FAIR_PEER_BYTES = 2 ** 18

export class Holdings {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock
  readonly #epoch: number
  readonly #key0: number
  readonly #key1: number
  /** An odd secret, which is what the addresses of one network are multiplied by. */
  readonly #spread: number
  readonly #limitsPrivate: boolean
  readonly #addressesAt: number
  readonly #addressShift: number
  readonly #networksAt: number
  readonly #networksLog2: number
  readonly #maxTorrentsPerAddress: number
  readonly #maxTorrentsPerNetwork: number
  readonly #maxPeersPerAddress: number
  readonly #maxPeersPerNetwork: number
  readonly #fairTorrents: number
  readonly #fairPeers: number
  readonly #addressDebt: DebtLimits
  readonly #networkDebt: DebtLimits
  /** The address to hash. */
  readonly #address = new Int32Array(2)
  readonly #addressHalfwords = new Uint16Array(this.#address.buffer)

  constructor(memory: SwarmMemory, block: PeerBlock) {
    const { words, plan } = memory
    this.#words = words
    this.#halfwords = memory.halfwords
    this.#block = block
    this.#epoch = memory.epochSeconds
    this.#key0 = words[Header.Key0]
    this.#key1 = words[Header.Key1]
    this.#spread = halfSipHash(this.#address, 0, 0, this.#key0, this.#key1) | 1
    this.#limitsPrivate = words[Header.AppliesToPrivate] !== 0
    this.#addressesAt = plan.holdingsAt
    this.#addressShift = 32 - plan.addressesLog2
    this.#networksAt = plan.holdingsAt + (1 << (plan.addressesLog2 + HOLDING_SHIFT))
    this.#networksLog2 = plan.networksLog2
    this.#maxTorrentsPerAddress = words[Header.MaxTorrentsPerAddress] || Number.POSITIVE_INFINITY
    this.#maxTorrentsPerNetwork = words[Header.MaxTorrentsPerNetwork] || Number.POSITIVE_INFINITY
    this.#maxPeersPerAddress = words[Header.MaxTotalPeersPerAddress] || Number.POSITIVE_INFINITY
    this.#maxPeersPerNetwork = words[Header.MaxTotalPeersPerNetwork] || Number.POSITIVE_INFINITY
    this.#fairTorrents = memory.buffer.byteLength / FAIR_TORRENT_BYTES
    this.#fairPeers = memory.buffer.byteLength / FAIR_PEER_BYTES
    const multiple = words[Header.NewTorrentMultiple]
    this.#addressDebt = debtLimits(words[Header.NewTorrentRate], words[Header.NewTorrentBurst])
    this.#networkDebt = debtLimits(words[Header.NewTorrentRate] * multiple, words[Header.NewTorrentBurst] * multiple)
  }

  /** The holder of the address of `family` that begins at halfword `at`. */
  holderOf(family: Family, halfwords: Uint16Array, at: number): number {
    if (!this.#limitsPrivate && isPrivateAddress(family, halfwords, at)) return 0
    const own = this.#addressHalfwords
    const last = holderHalfwords(family) - 1
    own[2] = 0
    own[3] = 0
    for (let i = last; i >= 0; i--) own[i] = halfwords[at + i]
    // What tells the addresses of a network apart is in the last halfword.
    const rest = own[last] & ~networkMask(family)
    own[last] ^= rest
    const network = halfSipHash(this.#address, 0, family + 1, this.#key0, this.#key1)
    // A product is cheaper than a second hash, and as secret.
    return (network & NETWORK_BITS) | (Math.imul(rest ^ network, this.#spread) >>> HALF) || 1
  }

  /** The holder of a stored peer. */
  holderAt(list: number, position: number): number {
    const family = familyOf(this.#words[list + List.Shape])
    return this.holderOf(family, this.#halfwords, this.#block.endpointAt(list, position))
  }

  addPeers(holder: number, by: number): void {
    if (holder === 0) return
    Atomics.add(this.#words, this.#addressAt(holder) + Holding.Peers, by)
    Atomics.add(this.#words, this.#networkAt(holder, Holding.Peers), by)
  }

  addTorrents(holder: number, by: number): void {
    if (holder === 0) return
    Atomics.add(this.#words, this.#addressAt(holder) + Holding.Torrents, by)
    Atomics.add(this.#words, this.#networkAt(holder, Holding.Torrents), by)
  }

  /** False when the address or its network has as many peers in memory as it may. */
  mayAddPeer(holder: number): boolean {
    if (holder === 0) return true
    const words = this.#words
    return (
      words[this.#addressAt(holder) + Holding.Peers] < this.#maxPeersPerAddress &&
      words[this.#networkAt(holder, Holding.Peers)] < this.#maxPeersPerNetwork
    )
  }

  /**
   * Charges a new torrent with its first peer. False when the address or its network has made as many torrents as it
   * may, makes them too fast, or may have no further peer.
   */
  mayMakeTorrent(holder: number, nowSeconds: number): boolean {
    if (holder === 0) return true
    if (!this.mayAddPeer(holder)) return false
    const words = this.#words
    const address = this.#addressAt(holder)
    if (words[address + Holding.Torrents] >= this.#maxTorrentsPerAddress) return false
    if (this.networkTorrents(holder) >= this.#maxTorrentsPerNetwork) return false
    const nowTicks = ((nowSeconds - this.#epoch) << TICKS_PER_SECOND_BITS) | 0
    // The address first: what it is refused does not count against its neighbours.
    return (
      this.#charge(address + Holding.PaidAt, this.#addressDebt, nowTicks) &&
      this.#charge(this.#networkAt(holder, Holding.PaidAt), this.#networkDebt, nowTicks)
    )
  }

  /** Torrents in memory that the holder's network has made. */
  networkTorrents(holder: number): number {
    return holder === 0 ? 0 : this.#words[this.#networkAt(holder, Holding.Torrents)]
  }

  /** True when a network that has made so many torrents has more than a fair share of the memory. */
  isLarge(networkTorrents: number): boolean {
    return networkTorrents > this.#fairTorrents
  }

  /** True when the holder's network has more peers than a fair share of the memory. */
  hasManyPeers(holder: number): boolean {
    return holder !== 0 && this.#words[this.#networkAt(holder, Holding.Peers)] > this.#fairPeers
  }

  /** The generic cell rate algorithm, see ADR 0052. A lost update forgets a torrent. */
  #charge(at: number, { costTicks, maxTicks }: DebtLimits, nowTicks: number): boolean {
    if (costTicks === 0) return true
    const words = this.#words
    const debt = words[at] === 0 ? 0 : (words[at] - nowTicks) | 0
    const owed = costTicks + (debt < 0 || debt > maxTicks + SLACK_TICKS ? 0 : debt)
    if (owed > maxTicks) return false
    words[at] = (nowTicks + owed) | 0 || 1
    return true
  }

  #addressAt(holder: number): number {
    const slot = Math.imul(holder ^ (holder >>> HALF), 0x9e3779b1) >>> this.#addressShift
    return this.#addressesAt + (slot << HOLDING_SHIFT)
  }

  #networkAt(holder: number, kind: number): number {
    return this.#networksAt + (kind << this.#networksLog2) + (holder >>> (32 - this.#networksLog2))
  }
}

/** What a new torrent costs (0: nothing), and the debt that a source may have. */
interface DebtLimits {
  readonly costTicks: number
  readonly maxTicks: number
}

function debtLimits(perSecond: number, burst: number): DebtLimits {
  // Rounded in favour of the source.
  const costTicks = perSecond === 0 ? 0 : Math.max(1, Math.floor(TICKS_PER_SECOND / perSecond))
  return { costTicks, maxTicks: burst * costTicks }
}

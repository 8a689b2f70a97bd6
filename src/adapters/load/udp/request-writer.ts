// Writes requests into the batch that is sent next (BEP 15, BEP 41), word by word and without allocation. The layouts
// are those of protocol/udp/layout.ts. Every word of a request is written, because the slot had another one before.

import { networkWord } from '../../../domain/hash-order.ts'
import {
  Action,
  ANNOUNCE_REQUEST_BYTES,
  MAGIC_HIGH,
  MAGIC_LOW,
  MAX_SCRAPE_HASHES,
  REQUEST_HEADER_BYTES,
} from '../../protocol/udp/layout.ts'
import { writeUrlData } from '../../protocol/udp/url-data.ts'
import { HASH_WORDS, keyOfPeer, writeInfoHash, writePeerId } from '../identities.ts'
import type { NextAnnounce } from '../lifecycle.ts'
import type { LoadRandom } from '../load-random.ts'
import type { Population } from '../population.ts'
import { type DatagramBatch, REQUEST_BYTES } from './datagram-batch.ts'

const SLOT_WORDS = REQUEST_BYTES / 4
const ACTION_WORD = 2
const TRANSACTION_WORD = 3
const BODY_WORD = 4
const PEER_ID_WORD = 9
const DOWNLOADED_WORD = 14
const EVENT_WORD = 20
const PORT_AT = 96

const CONNECT = networkWord(Action.Connect)
const ANNOUNCE = networkWord(Action.Announce)
const SCRAPE = networkWord(Action.Scrape)
const MAGIC_0 = networkWord(MAGIC_HIGH)
const MAGIC_1 = networkWord(MAGIC_LOW)
/** What a leecher has left, and what has been uploaded and downloaded. */
const LEFT = networkWord(50 * 2 ** 20)
const MOVED = networkWord(2 ** 20)
const EVENTS = Int32Array.from({ length: 5 }, (_, event) => networkWord(event))

export class RequestWriter {
  readonly #population: Population
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  readonly #lengths: Int32Array
  readonly #numwant: number
  /** Reused: the torrents of a scrape. */
  readonly #scraped = new Int32Array(MAX_SCRAPE_HASHES)
  /** Options that follow every announce (BEP 41). */
  readonly #tail: Uint8Array

  /** `path`: the path and query that every announce carries, or nothing. */
  constructor({ requests }: DatagramBatch, population: Population, numwant: number, path: string) {
    this.#population = population
    this.#words = requests.words
    this.#bytes = requests.bytes
    this.#lengths = requests.lengths
    this.#numwant = networkWord(numwant)
    const tail = new Uint8Array(2 * path.length + 16)
    this.#tail = tail.subarray(0, path === '' ? 0 : writeUrlData(tail, 0, path))
  }

  /** Of the request that was written into a slot. */
  transactionOf(slot: number): number {
    return this.#words[slot * SLOT_WORDS + TRANSACTION_WORD]
  }

  connect(slot: number, transaction: number): number {
    this.#header(slot, MAGIC_0, MAGIC_1, CONNECT, transaction)
    return this.#end(slot, REQUEST_HEADER_BYTES)
  }

  /** An announce of a peer of the population. */
  announce(slot: number, idHigh: number, idLow: number, transaction: number, peer: number, next: NextAnnounce): number {
    const words = this.#words
    const at = this.#header(slot, idHigh, idLow, ANNOUNCE, transaction)
    writeInfoHash(words, at + BODY_WORD, this.#population.torrentOf[peer], this.#population.seed)
    writePeerId(words, at + PEER_ID_WORD, peer)
    this.#progress(at, next)
    words[at + 22] = keyOfPeer(peer)
    return this.#port(slot, this.#population.portOf[peer])
  }

  /**
   * An announce of a peer that nobody has seen before, in the torrent with this number or, if negative, in a new one.
   */
  stranger(
    slot: number,
    idHigh: number,
    idLow: number,
    transaction: number,
    torrent: number,
    random: LoadRandom,
    next: NextAnnounce,
  ): number {
    const words = this.#words
    const at = this.#header(slot, idHigh, idLow, ANNOUNCE, transaction)
    if (torrent < 0) for (let k = 0; k < HASH_WORDS; k++) words[at + BODY_WORD + k] = random.word()
    else writeInfoHash(words, at + BODY_WORD, torrent, ~this.#population.seed)
    writePeerId(words, at + PEER_ID_WORD, random.word())
    this.#progress(at, next)
    words[at + 22] = random.word()
    return this.#port(slot, 1024 + random.below(64_512))
  }

  /** A scrape of `hashes` different torrents, popular ones more often. The population must have as many swarms. */
  scrape(slot: number, idHigh: number, idLow: number, transaction: number, hashes: number, random: LoadRandom): number {
    const { torrentOf, peers, seed } = this.#population
    const at = this.#header(slot, idHigh, idLow, SCRAPE, transaction)
    for (let i = 0; i < hashes; i++) {
      let peer = random.below(peers)
      while (this.#isScraped(torrentOf[peer], i)) peer = peer + 1 === peers ? 0 : peer + 1
      this.#scraped[i] = torrentOf[peer]
      writeInfoHash(this.#words, at + BODY_WORD + i * HASH_WORDS, torrentOf[peer], seed)
    }
    return this.#end(slot, REQUEST_HEADER_BYTES + 4 * HASH_WORDS * hashes)
  }

  /** Whether a torrent is among the first `count` of this scrape. */
  #isScraped(torrent: number, count: number): boolean {
    for (let i = 0; i < count; i++) if (this.#scraped[i] === torrent) return true
    return false
  }

  /** 1 to 200 random bytes. */
  garbage(slot: number, random: LoadRandom): number {
    const at = slot * SLOT_WORDS
    const length = 1 + random.below(200)
    for (let word = 0; word < 50; word++) this.#words[at + word] = random.word()
    return this.#end(slot, length)
  }

  #header(slot: number, idHigh: number, idLow: number, action: number, transaction: number): number {
    const words = this.#words
    const at = slot * SLOT_WORDS
    words[at] = idHigh
    words[at + 1] = idLow
    words[at + ACTION_WORD] = action
    words[at + TRANSACTION_WORD] = transaction
    return at
  }

  #progress(at: number, next: NextAnnounce): void {
    const words = this.#words
    words[at + DOWNLOADED_WORD] = 0
    words[at + DOWNLOADED_WORD + 1] = MOVED
    words[at + DOWNLOADED_WORD + 2] = 0
    words[at + DOWNLOADED_WORD + 3] = next.isSeeding ? 0 : LEFT
    words[at + DOWNLOADED_WORD + 4] = 0
    words[at + DOWNLOADED_WORD + 5] = MOVED
    words[at + EVENT_WORD] = EVENTS[next.event]
    words[at + EVENT_WORD + 1] = 0
    words[at + EVENT_WORD + 3] = this.#numwant
  }

  #port(slot: number, port: number): number {
    const at = slot * REQUEST_BYTES + PORT_AT
    this.#bytes[at] = port >>> 8
    this.#bytes[at + 1] = port
    const tail = this.#tail
    for (let i = 0; i < tail.length; i++) this.#bytes[at + 2 + i] = tail[i]
    return this.#end(slot, ANNOUNCE_REQUEST_BYTES + tail.length)
  }

  #end(slot: number, length: number): number {
    this.#lengths[slot] = length
    return length
  }
}

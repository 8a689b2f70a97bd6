// Writes HTTP requests (BEP 3, 23, 48) into memory, piece by piece and without allocation.

import { HASH_WORDS, keyOfPeer, writeInfoHash, writePeerId } from '../identities.ts'
import type { NextAnnounce } from '../lifecycle.ts'
import type { LoadPlan } from '../load-plan.ts'
import type { LoadRandom } from '../load-random.ts'
import type { Population } from '../population.ts'

/** Enough for a path of 512 characters and a host of as many. */
export const HTTP_REQUEST_BYTES = 1664

const HEX = piece('0123456789abcdef')
const ESCAPE = 0x25
const ZERO = 0x30
const EVENTS = ['', '&event=completed', '&event=started', '&event=stopped', '&event=paused'].map(piece)
const PEER_ID = piece('&peer_id=')
const PORT = piece('&port=')
const SEEDER = piece('&uploaded=1048576&downloaded=0&left=0')
const LEECHER = piece('&uploaded=1048576&downloaded=1048576&left=52428800')
const KEY = piece('&key=')

function piece(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export class HttpRequestWriter {
  readonly #population: Population
  readonly #bytes: Uint8Array
  readonly #announce: Uint8Array
  readonly #scrape: Uint8Array
  readonly #rest: Uint8Array
  readonly #scrapeRest: Uint8Array
  readonly #words = new Int32Array(HASH_WORDS)
  readonly #wordBytes = new Uint8Array(this.#words.buffer)
  #at = 0

  /** Each connection has `HTTP_REQUEST_BYTES` of `bytes`. */
  constructor(bytes: Uint8Array, population: Population, { path, hostHeader, isFresh, numwant }: LoadPlan) {
    const query = `${path.includes('?') ? '&' : '?'}info_hash=`
    const connection = isFresh ? 'Connection: close\r\n' : ''
    const head = ` HTTP/1.1\r\nHost: ${hostHeader}\r\nUser-Agent: muster-load/1\r\n${connection}\r\n`
    this.#population = population
    this.#bytes = bytes
    this.#announce = piece(`GET ${path}${query}`)
    this.#scrape = piece(`GET ${path.replace(/announce(?!.*announce)/, 'scrape')}${query}`)
    this.#rest = piece(`&compact=1&numwant=${numwant}${head}`)
    this.#scrapeRest = piece(head)
  }

  /** All of these return the length of the request. */
  announce(connection: number, peer: number, next: NextAnnounce): number {
    const from = this.#begin(connection, this.#announce)
    writeInfoHash(this.#words, 0, this.#population.torrentOf[peer], this.#population.seed)
    this.#hash()
    return this.#peer(from, peer, this.#population.portOf[peer], next)
  }

  /**
   * An announce of a peer that nobody has seen before, in the torrent with this number or, if negative, in a new one.
   */
  stranger(connection: number, torrent: number, random: LoadRandom, next: NextAnnounce): number {
    const from = this.#begin(connection, this.#announce)
    if (torrent < 0) for (let k = 0; k < HASH_WORDS; k++) this.#words[k] = random.word()
    else writeInfoHash(this.#words, 0, torrent, ~this.#population.seed)
    this.#hash()
    return this.#peer(from, random.word(), 1024 + random.below(64_512), next)
  }

  scrape(connection: number, random: LoadRandom): number {
    const { torrentOf, peers, seed } = this.#population
    const from = this.#begin(connection, this.#scrape)
    writeInfoHash(this.#words, 0, torrentOf[random.below(peers)], seed)
    this.#hash()
    this.#append(this.#scrapeRest)
    return this.#at - from
  }

  /** 200 random bytes and the end of a head. */
  garbage(connection: number, random: LoadRandom): number {
    const from = connection * HTTP_REQUEST_BYTES
    for (let i = 0; i < 200; i++) this.#bytes[from + i] = random.below(256)
    this.#at = from + 200
    this.#append(END_OF_HEAD)
    return this.#at - from
  }

  #begin(connection: number, start: Uint8Array): number {
    this.#at = connection * HTTP_REQUEST_BYTES
    this.#append(start)
    return connection * HTTP_REQUEST_BYTES
  }

  #peer(from: number, peer: number, port: number, next: NextAnnounce): number {
    this.#append(PEER_ID)
    writePeerId(this.#words, 0, peer)
    this.#append(this.#wordBytes)
    this.#append(PORT)
    this.#number(port)
    this.#append(next.isSeeding ? SEEDER : LEECHER)
    this.#append(EVENTS[next.event])
    this.#append(KEY)
    this.#hexWord(keyOfPeer(peer))
    this.#append(this.#rest)
    return this.#at - from
  }

  #append(part: Uint8Array): void {
    const bytes = this.#bytes
    const at = this.#at
    for (let i = 0; i < part.length; i++) bytes[at + i] = part[i]
    this.#at = at + part.length
  }

  /** The hash in `#words`, every byte escaped. */
  #hash(): void {
    const bytes = this.#bytes
    let at = this.#at
    for (let i = 0; i < 4 * HASH_WORDS; i++) {
      const byte = this.#wordBytes[i]
      bytes[at++] = ESCAPE
      bytes[at++] = HEX[byte >> 4]
      bytes[at++] = HEX[byte & 15]
    }
    this.#at = at
  }

  #hexWord(word: number): void {
    for (let shift = 28; shift >= 0; shift -= 4) this.#bytes[this.#at++] = HEX[(word >>> shift) & 15]
  }

  #number(value: number): void {
    let size = 1
    while (size * 10 <= value) size *= 10
    for (; size >= 1; size /= 10) this.#bytes[this.#at++] = ZERO + (((value / size) | 0) % 10)
  }
}

const END_OF_HEAD = piece('\r\n\r\n')

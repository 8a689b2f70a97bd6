// Half-way to shared memory: a Map of torrents, and for each torrent typed arrays that double when they are full. Peers
// are found by a scan over all endpoints; each is stored in 13 words, as in the shared registry.

import {
  AnnounceEvent,
  type AnnounceReply,
  type AnnounceRequest,
  endpointHalfwords,
  type PeerRoom,
} from '../../../src/domain/announce.ts'
import type { BenchStore } from './bench-store.ts'

const RECORD_WORDS = 13
const LEFT_AT = 7

class PackedSwarm {
  count = 0
  seeders = 0
  endpoints: Uint16Array
  records = new Int32Array(RECORD_WORDS)
  readonly #halfwords: number

  constructor(halfwords: number) {
    this.#halfwords = halfwords
    this.endpoints = new Uint16Array(halfwords)
  }

  find(endpoint: Uint16Array): number {
    const size = this.#halfwords
    for (let peer = 0, at = 0; peer < this.count; peer++, at += size) {
      let i = 0
      while (i < size && this.endpoints[at + i] === endpoint[i]) i++
      if (i === size) return peer
    }
    return -1
  }

  isSeeding(peer: number): boolean {
    const at = peer * RECORD_WORDS + LEFT_AT
    return this.records[at] === 0 && this.records[at + 1] === 0
  }

  add(endpoint: Uint16Array): number {
    const peer = this.count++
    if (peer * RECORD_WORDS === this.records.length) this.#double()
    for (let i = 0; i < this.#halfwords; i++) this.endpoints[peer * this.#halfwords + i] = endpoint[i]
    return peer
  }

  write(peer: number, { words, peerAt, key, nowSeconds }: AnnounceRequest): void {
    const at = peer * RECORD_WORDS
    for (let i = 0; i < 11; i++) this.records[at + i] = words[peerAt + i]
    this.records[at + 11] = key
    this.records[at + 12] = nowSeconds
  }

  remove(peer: number): void {
    const last = --this.count
    const size = this.#halfwords
    this.endpoints.copyWithin(peer * size, last * size, (last + 1) * size)
    this.records.copyWithin(peer * RECORD_WORDS, last * RECORD_WORDS, (last + 1) * RECORD_WORDS)
  }

  #double(): void {
    const endpoints = new Uint16Array(this.endpoints.length * 2)
    const records = new Int32Array(this.records.length * 2)
    endpoints.set(this.endpoints)
    records.set(this.records)
    this.endpoints = endpoints
    this.records = records
  }
}

function textOf(words: Int32Array, at: number): string {
  let text = ''
  for (let i = at; i < at + 5; i++) text += String.fromCharCode(words[i] & 0xffff, words[i] >>> 16)
  return text
}

export class PackedStore implements BenchStore {
  readonly #swarms = new Map<string, PackedSwarm>()
  #peers = 0

  peers(): number {
    return this.#peers
  }

  announce(request: AnnounceRequest, reply: AnnounceReply): void {
    const infoHash = textOf(request.words, request.infoHashAt)
    let swarm = this.#swarms.get(infoHash)
    if (swarm === undefined) {
      swarm = new PackedSwarm(endpointHalfwords(request.family))
      this.#swarms.set(infoHash, swarm)
    }
    let peer = swarm.find(request.endpoint)
    if (peer >= 0 && swarm.isSeeding(peer)) swarm.seeders--
    if (request.event === AnnounceEvent.Stopped) {
      this.#stop(infoHash, swarm, peer)
      return
    }
    if (peer < 0) {
      peer = swarm.add(request.endpoint)
      this.#peers++
    }
    swarm.write(peer, request)
    if (swarm.isSeeding(peer)) swarm.seeders++
    const size = endpointHalfwords(request.family)
    this.#choose(swarm, peer, size, request.numwant, request.family === 0 ? reply.ipv4 : reply.ipv6)
    reply.seeders = swarm.seeders
    reply.leechers = swarm.count - swarm.seeders
  }

  #stop(infoHash: string, swarm: PackedSwarm, peer: number): void {
    if (peer >= 0) {
      swarm.remove(peer)
      this.#peers--
    }
    if (swarm.count === 0) this.#swarms.delete(infoHash)
  }

  #choose(swarm: PackedSwarm, own: number, size: number, wanted: number, room: PeerRoom): void {
    const isSeeding = swarm.isSeeding(own)
    let at = room.at
    room.count = 0
    for (let peer = 0; peer < swarm.count && room.count < wanted; peer++) {
      if (peer === own || (isSeeding && swarm.isSeeding(peer))) continue
      for (let i = 0; i < size; i++) room.halfwords[at++] = swarm.endpoints[peer * size + i]
      room.count++
    }
  }
}

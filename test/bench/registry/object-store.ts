// The obvious store: a Map of torrents, each with a Map of peers, an object per peer, strings as keys.

import {
  AnnounceEvent,
  type AnnounceReply,
  type AnnounceRequest,
  endpointHalfwords,
  type PeerRoom,
} from '../../../src/domain/announce.ts'
import type { BenchStore } from './bench-store.ts'

interface ObjectPeer {
  peerId: string
  endpoint: Uint16Array
  uploaded: number
  downloaded: number
  left: number
  event: AnnounceEvent
  seenAt: number
}

class ObjectSwarm {
  readonly peers = new Map<string, ObjectPeer>()
  seeders = 0
}

const PEER_ID_WORDS = 5
const high = 2 ** 32

/** Some words as a string, one UTF-16 unit for every two bytes. */
function textOf(words: Int32Array, at: number): string {
  let text = ''
  for (let i = at; i < at + PEER_ID_WORDS; i++) text += String.fromCharCode(words[i] & 0xffff, words[i] >>> 16)
  return text
}

function figure(words: Int32Array, at: number): number {
  return (words[at] >>> 0) * high + (words[at + 1] >>> 0)
}

export class ObjectStore implements BenchStore {
  readonly #swarms = new Map<string, ObjectSwarm>()
  #peers = 0

  peers(): number {
    return this.#peers
  }

  announce(request: AnnounceRequest, reply: AnnounceReply): void {
    const infoHash = textOf(request.words, request.infoHashAt)
    const halfwords = endpointHalfwords(request.family)
    const endpoint = request.endpoint.slice(0, halfwords)
    const key = String.fromCharCode(...endpoint)
    let swarm = this.#swarms.get(infoHash)
    if (swarm === undefined) {
      swarm = new ObjectSwarm()
      this.#swarms.set(infoHash, swarm)
    }
    const known = swarm.peers.get(key)
    if (known !== undefined && known.left === 0) swarm.seeders--
    if (request.event === AnnounceEvent.Stopped) {
      if (swarm.peers.delete(key)) this.#peers--
      if (swarm.peers.size === 0) this.#swarms.delete(infoHash)
      return
    }
    const peer: ObjectPeer = {
      peerId: textOf(request.words, request.peerAt),
      endpoint,
      downloaded: figure(request.words, request.peerAt + 5),
      left: figure(request.words, request.peerAt + 7),
      uploaded: figure(request.words, request.peerAt + 9),
      event: request.event,
      seenAt: request.nowSeconds,
    }
    if (peer.left === 0) swarm.seeders++
    if (known === undefined) this.#peers++
    swarm.peers.set(key, peer)
    this.#choose(swarm, key, peer, request.numwant, request.family === 0 ? reply.ipv4 : reply.ipv6)
    reply.seeders = swarm.seeders
    reply.leechers = swarm.peers.size - swarm.seeders
  }

  #choose(swarm: ObjectSwarm, ownKey: string, own: ObjectPeer, wanted: number, room: PeerRoom): void {
    room.count = 0
    for (const [key, peer] of swarm.peers) {
      if (room.count >= wanted) return
      if (key === ownKey || (own.left === 0 && peer.left === 0)) continue
      room.halfwords.set(peer.endpoint, room.at + room.count * peer.endpoint.length)
      room.count++
    }
  }
}

// Copies swarms from one registry to another, through plain memory.

import { type LoadOptions, SwarmLoader } from '../../src/domain/swarm/swarm-loader.ts'
import { readSwarm } from '../../src/domain/swarm/swarm-reader.ts'
import type { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { SwarmSaver } from '../../src/domain/swarm/swarm-saver.ts'
import { hex } from './announcing.ts'

/** Room for a few pieces only, so that slices end in many places. */
const CHUNK_WORDS = 1500

/** All pieces of a registry; `between` is called after each slice. */
export function saved(registry: SwarmRegistry, between: () => void = () => undefined): Int32Array[] {
  const saver = new SwarmSaver(registry)
  const chunks: Int32Array[] = []
  while (!saver.isDone) {
    const chunk = new Int32Array(CHUNK_WORDS)
    saver.copyTo(chunk)
    while (!saver.isDone && saver.slice()) between()
    chunks.push(chunk.subarray(0, saver.copied))
  }
  return chunks
}

/** Options that restore everything as it was. */
export function allOf(registry: SwarmRegistry, changes: Partial<LoadOptions> = {}): LoadOptions {
  return {
    epochSeconds: registry.memory.epochSeconds,
    nowSeconds: 2_000_000_000,
    cutoffSeconds: 0,
    dropsEmpty: false,
    mayFill: true,
    place: () => true,
    ...changes,
  }
}

export function load(registry: SwarmRegistry, chunks: readonly Int32Array[], options: LoadOptions): SwarmLoader {
  const loader = new SwarmLoader(registry, options)
  for (const isForTwins of [false, true]) {
    for (const chunk of chunks) {
      loader.take(chunk, isForTwins)
      while (loader.piece());
    }
  }
  return loader
}

/** A swarm as it can be compared: peers by their endpoints. */
export function swarmText(registry: SwarmRegistry, infoHash: string): unknown {
  const swarm = readSwarm(registry, Buffer.from(infoHash, 'hex'))
  if (swarm === undefined) return undefined
  const peers = swarm.peers.map((peer) => ({ ...peer, endpoint: hex(peer.endpoint), peerId: hex(peer.peerId) }))
  return { ...swarm, peers: peers.toSorted((a, b) => a.endpoint.localeCompare(b.endpoint)) }
}

// The tracker's own registry behind the interface of the benchmarks. The only bench file that uses its classes.

import type { AnnounceReply, AnnounceRequest } from '../../../src/domain/announce.ts'
import { createSwarmMemory, SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import type { BenchStore } from './bench-store.ts'
import { NOW_SECONDS } from './workload.ts'

const MAX_PEERS_IN_SWARM = 20_000

export class SharedStore implements BenchStore {
  readonly #memory: SwarmMemory
  readonly #registry: SwarmRegistry
  readonly #sweeper: Sweeper

  constructor(buffer: SharedArrayBuffer, seed: number) {
    this.#memory = new SwarmMemory(buffer)
    this.#registry = new SwarmRegistry(this.#memory, MAX_PEERS_IN_SWARM, seed)
    this.#sweeper = new Sweeper(this.#registry)
  }

  static reserve(budgetBytes: number): SharedArrayBuffer {
    return createSwarmMemory(budgetBytes, crypto.getRandomValues(new Uint8Array(8)), NOW_SECONDS - 86_400)
  }

  announce(request: AnnounceRequest, reply: AnnounceReply): void {
    this.#registry.announce(request, reply)
  }

  peers(): number {
    const { ipv4Peers, ipv6Peers } = swarmTotals(this.#memory)
    return ipv4Peers + ipv6Peers
  }

  /** One slice of a clean-up, under one shard's lock; true if it was the last. */
  sweepSlice(cutoffSeconds: number): boolean {
    return this.#sweeper.slice(cutoffSeconds, true)
  }
}

// The memory that all threads share, made once by the main thread and handed to the others as it is.

import { createCounterMemory } from '../adapters/outbound/metrics/shared-counters.ts'
import { createAccessMemory } from '../domain/access/access-memory.ts'
import { DEFAULT_KEYS, DEFAULT_LISTED_TORRENTS } from '../domain/access/layout.ts'
import type { Randomness } from '../domain/ports/outbound/randomness.ts'
import { createSwarmMemory } from '../domain/swarm/swarm-memory.ts'

/** Stamps count from a year ago, so that a clock that is set back does not make them negative. */
const EPOCH_LEAD_SECONDS = 365 * 86_400

export interface SharedMemory {
  readonly swarms: SharedArrayBuffer
  /** Whitelist, blocklist and keys; the main thread writes, all read. */
  readonly access: SharedArrayBuffer
  readonly counters: SharedArrayBuffer
  /** One word, not 0 once the threads shall stop: a UDP thread that waits in the kernel receives no messages. */
  readonly stopFlag: SharedArrayBuffer
}

export function createSharedMemory(
  budgetBytes: number,
  threads: number,
  randomness: Randomness,
  nowSeconds: number,
): SharedMemory {
  const epochSeconds = nowSeconds - EPOCH_LEAD_SECONDS
  const capacities = { torrents: DEFAULT_LISTED_TORRENTS, keys: DEFAULT_KEYS }
  return {
    swarms: createSwarmMemory(budgetBytes, randomness.bytes(8), epochSeconds),
    access: createAccessMemory(capacities, randomness.bytes(8), epochSeconds),
    counters: createCounterMemory(threads),
    stopFlag: new SharedArrayBuffer(4),
  }
}

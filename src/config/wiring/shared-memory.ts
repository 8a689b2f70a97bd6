// The memory that all threads share, created by the main thread and passed to the others.

import { createFactMemory } from '../../adapters/outbound/facts/fact-memory.ts'
import { createCounterMemory } from '../../adapters/outbound/metrics/shared-counters.ts'
import { COUNTER_NAMES } from '../../adapters/protocol/metrics/counters.ts'
import { createAccessMemory } from '../../domain/access/access-memory.ts'
import type { AccessCapacities } from '../../domain/access/layout.ts'
import type { SecureRandomness } from '../../domain/ports/outbound/randomness.ts'
import { createSwarmMemory } from '../../domain/swarm/swarm-memory.ts'
import { MEASUREMENT_LAYOUT } from './metric-layout.ts'

/** Stamps count from a year ago, so that a clock that is set back does not make them negative. */
const EPOCH_LEAD_SECONDS = 365 * 86_400

export interface SharedMemory {
  readonly swarms: SharedArrayBuffer
  /** Whitelist, blocklist and keys; the main thread writes, all read. */
  readonly access: SharedArrayBuffer
  readonly counters: SharedArrayBuffer
  /** Durations, and the state of the threads. */
  readonly measurements: SharedArrayBuffer
  /** Events of the threads, on their way to the main thread. */
  readonly facts: SharedArrayBuffer
  /** One word, not 0 once the threads must stop: a UDP thread that waits in the kernel receives no messages. */
  readonly stopFlag: SharedArrayBuffer
}

/** Sizes of the shared memory. */
export interface MemorySizes {
  readonly swarmBudgetBytes: number
  readonly access: AccessCapacities
  /** The main thread included. */
  readonly threads: number
}

export function createSharedMemory(
  { swarmBudgetBytes, access, threads }: MemorySizes,
  randomness: SecureRandomness,
  nowSeconds: number,
): SharedMemory {
  const epochSeconds = nowSeconds - EPOCH_LEAD_SECONDS
  return {
    swarms: createSwarmMemory(swarmBudgetBytes, randomness.bytes(8), epochSeconds),
    access: createAccessMemory(access, randomness.bytes(8), epochSeconds),
    counters: createCounterMemory(threads, COUNTER_NAMES.length),
    measurements: MEASUREMENT_LAYOUT.createMemory(threads),
    facts: createFactMemory(threads),
    stopFlag: new SharedArrayBuffer(4),
  }
}

// The memory that all threads share, created by the main thread and passed to the others.

import { createRateMemory } from '../../adapters/inbound/rate-memory.ts'
import { createIdErrorMemory } from '../../adapters/inbound/udp/id-error-memory.ts'
import { createFactMemory } from '../../adapters/outbound/facts/fact-memory.ts'
import { type CounterMemory, createCounterMemory } from '../../adapters/outbound/metrics/shared-counters.ts'
import type { TimeBase } from '../../adapters/outbound/system/time-base.ts'
import { createTraceMemory } from '../../adapters/outbound/trace/trace-memory.ts'
import { COUNTER_NAMES } from '../../adapters/protocol/metrics/counters.ts'
import { createAccessMemory } from '../../domain/access/access-memory.ts'
import type { AccessCapacities } from '../../domain/access/layout.ts'
import { createAttackMemory } from '../../domain/attack-mode.ts'
import { createPaceMemory } from '../../domain/pacing/pace-memory.ts'
import type { SecureRandomness } from '../../domain/ports/outbound/randomness.ts'
import type { AddressRules } from '../../domain/swarm/address-rules.ts'
import { createSwarmMemory } from '../../domain/swarm/swarm-memory.ts'
import { MEASUREMENT_LAYOUT } from './metric-layout.ts'

/** Stamps count from a year before the start, because the peers of a snapshot announced before it. */
const EPOCH_LEAD_SECONDS = 365 * 86_400
/** The start of 2026: a machine with an earlier date will have its clock set soon, by up to half a century. */
const EARLIEST_DATE = 1_767_225_600

export interface SharedMemory {
  readonly swarms: SharedArrayBuffer
  /** Whitelist, blocklist, keys and bans; the main thread writes, all read. */
  readonly access: SharedArrayBuffer
  readonly counters: CounterMemory
  /** Durations, and the state of the threads. */
  readonly measurements: SharedArrayBuffer
  /** Events of the threads, on their way to the main thread. */
  readonly facts: SharedArrayBuffer
  /** The interval in force and what is shed; the main thread writes, all read. */
  readonly pace: SharedArrayBuffer
  /** The client whose requests are logged. */
  readonly trace: SharedArrayBuffer
  /** What the sources of requests have used of their rates. */
  readonly rates: SharedArrayBuffer
  /** Addresses that sent wrong connection ids. */
  readonly idErrors: SharedArrayBuffer
  /** Whether the tracker is under attack; the main thread writes, all read. */
  readonly attack: SharedArrayBuffer
  /** One word, not 0 once the threads must stop: a UDP thread that waits in the kernel receives no messages. */
  readonly stopFlag: SharedArrayBuffer
  /** The reading that the clocks of all threads count from. */
  readonly timeBase: TimeBase
}

/** Sizes of the shared memory, and the limits that its tables are made for. */
export interface MemorySizes {
  readonly swarmBudgetBytes: number
  readonly addressRules: AddressRules
  readonly access: AccessCapacities
  /** The main thread included. */
  readonly threads: number
  /** Of all kinds. */
  readonly listeners: number
}

export function createSharedMemory(
  { swarmBudgetBytes, addressRules, access, threads, listeners }: MemorySizes,
  randomness: SecureRandomness,
  timeBase: TimeBase,
): SharedMemory {
  const startSeconds = Math.floor(timeBase.wallSeconds)
  const keysFrom = Math.max(startSeconds, EARLIEST_DATE)
  return {
    swarms: createSwarmMemory(swarmBudgetBytes, randomness.bytes(8), startSeconds - EPOCH_LEAD_SECONDS, addressRules),
    access: createAccessMemory(access, randomness.bytes(8), keysFrom - EPOCH_LEAD_SECONDS),
    counters: createCounterMemory(threads, listeners, COUNTER_NAMES.length),
    measurements: MEASUREMENT_LAYOUT.createMemory(threads),
    facts: createFactMemory(threads),
    pace: createPaceMemory(),
    trace: createTraceMemory(),
    rates: createRateMemory(randomness.bytes(8)),
    idErrors: createIdErrorMemory(randomness.bytes(8), startSeconds),
    attack: createAttackMemory(),
    stopFlag: new SharedArrayBuffer(4),
    timeBase,
  }
}

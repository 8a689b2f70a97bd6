// The swarm memory: one fixed SharedArrayBuffer, reserved at the budget and committed by the operating system page by
// page as it is touched. Every thread accesses the same buffer through its own views.

import { readEpoch, writeEpoch } from '../epoch.ts'
import { type AddressRules, DEFAULT_ADDRESS_RULES, writeAddressRules } from './address-rules.ts'
import { HEAP_ROW_WORDS } from './heap-classes.ts'
import { Header } from './layout.ts'
import { type Plan, planLayout } from './plan.ts'

export class SwarmMemory {
  readonly buffer: SharedArrayBuffer
  readonly plan: Plan
  readonly words: Int32Array<SharedArrayBuffer>
  readonly halfwords: Uint16Array<SharedArrayBuffer>
  /** Steady time that all stamps count from. */
  readonly epochSeconds: number

  /** A view of memory that `createSwarmMemory` has made, in this or another thread. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.plan = planLayout(buffer.byteLength, HEAP_ROW_WORDS)
    this.words = new Int32Array(buffer)
    this.halfwords = new Uint16Array(buffer)
    this.epochSeconds = readEpoch(this.words, Header.Epoch, Header.EpochHigh)
  }
}

/**
 * Reserves memory for swarms. `budgetBytes` is its whole size, 16 MiB to 4 GiB; `secret` is 8 bytes that cannot be
 * guessed; stamps count from `epochSeconds`, whole steady time a little in the past so that none is negative.
 */
export function createSwarmMemory(
  budgetBytes: number,
  secret: Uint8Array,
  epochSeconds: number,
  rules: AddressRules = DEFAULT_ADDRESS_RULES,
): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(Math.floor(budgetBytes / 4) * 4)
  const words = new Int32Array(buffer)
  const key = new DataView(secret.buffer, secret.byteOffset, 8)
  writeEpoch(words, Header.Epoch, Header.EpochHigh, epochSeconds)
  words[Header.Key0] = key.getInt32(0)
  words[Header.Key1] = key.getInt32(4)
  writeAddressRules(words, rules)
  return buffer
}

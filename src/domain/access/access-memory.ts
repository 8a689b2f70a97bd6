// The access memory: one fixed SharedArrayBuffer separate from the swarm memory. The main thread writes it, every
// thread reads it.

import { readEpoch, writeEpoch } from '../epoch.ts'
import { type AccessCapacities, AccessHeader, type AccessPlan, planAccess } from './layout.ts'

export class AccessMemory {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array<SharedArrayBuffer>
  readonly plan: AccessPlan
  /** The date that key expiry times count from. */
  readonly epochSeconds: number

  /** A view of memory that `createAccessMemory` has made, in this or another thread. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.words = new Int32Array(buffer)
    this.plan = planAccess({
      torrents: this.words[AccessHeader.TorrentCapacity],
      keys: this.words[AccessHeader.KeyCapacity],
      bans: this.words[AccessHeader.BanCapacity],
    })
    this.epochSeconds = readEpoch(this.words, AccessHeader.Epoch, AccessHeader.EpochHigh)
  }
}

/**
 * Reserves memory for that many torrents, keys and bans. `secret` is 8 bytes that cannot be guessed; key expiry times
 * count from `epochSeconds`, a date in whole seconds since 1970.
 */
export function createAccessMemory(
  capacities: AccessCapacities,
  secret: Uint8Array,
  epochSeconds: number,
): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(planAccess(capacities).totalWords * 4)
  const words = new Int32Array(buffer)
  const key = new DataView(secret.buffer, secret.byteOffset, 8)
  writeEpoch(words, AccessHeader.Epoch, AccessHeader.EpochHigh, epochSeconds)
  words[AccessHeader.Key0] = key.getInt32(0)
  words[AccessHeader.Key1] = key.getInt32(4)
  words[AccessHeader.TorrentCapacity] = capacities.torrents
  words[AccessHeader.KeyCapacity] = capacities.keys
  words[AccessHeader.BanCapacity] = capacities.bans
  return buffer
}

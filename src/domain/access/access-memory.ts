// The access memory: one fixed SharedArrayBuffer separate from the swarm memory. The main thread writes it, every
// thread reads it.

import { type AccessCapacities, AccessHeader, type AccessPlan, planAccess } from './layout.ts'

export class AccessMemory {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array<SharedArrayBuffer>
  readonly plan: AccessPlan

  /** A view of memory that `createAccessMemory` has made, in this or another thread. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.words = new Int32Array(buffer)
    this.plan = planAccess({
      torrents: this.words[AccessHeader.TorrentCapacity],
      keys: this.words[AccessHeader.KeyCapacity],
    })
  }
}

/**
 * Reserves memory for that many torrents and keys. `secret` is 8 bytes that cannot be guessed; key expiry times count
 * from `epochSeconds`.
 */
export function createAccessMemory(
  capacities: AccessCapacities,
  secret: Uint8Array,
  epochSeconds: number,
): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(planAccess(capacities).totalWords * 4)
  const words = new Int32Array(buffer)
  const key = new DataView(secret.buffer, secret.byteOffset, 8)
  words[AccessHeader.Epoch] = epochSeconds
  words[AccessHeader.Key0] = key.getInt32(0)
  words[AccessHeader.Key1] = key.getInt32(4)
  words[AccessHeader.TorrentCapacity] = capacities.torrents
  words[AccessHeader.KeyCapacity] = capacities.keys
  return buffer
}

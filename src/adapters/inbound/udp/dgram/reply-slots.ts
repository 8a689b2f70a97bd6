// Tracks the reply slots that are still being sent: when the system cannot accept a datagram at once, Node.js refers to
// the memory until it can, and it must not be overwritten meanwhile.

import { SLOTS } from '../datagram-memory.ts'

/** Shared by the sockets of a thread, as the slots are. */
export class ReplySlots {
  readonly #isBusy = new Uint8Array(SLOTS)
  #next = 0

  /** Returns a free slot, or -1 if all are being sent. `hold` takes it. */
  find(): number {
    for (let tries = 0; tries < SLOTS; tries++) {
      const slot = this.#next
      this.#next = (slot + 1) % SLOTS
      if (this.#isBusy[slot] === 0) return slot
    }
    return -1
  }

  hold(slot: number): void {
    this.#isBusy[slot] = 1
  }

  release(slot: number): void {
    this.#isBusy[slot] = 0
  }
}

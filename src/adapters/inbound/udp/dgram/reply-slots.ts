// Which reply slots are still on their way out: when the system cannot take a datagram at once, Node keeps the memory
// until it can, and nobody may write there meanwhile.

import { SLOTS } from '../datagram-memory.ts'

/** Shared by the sockets of a thread, because they share the slots. */
export class ReplySlots {
  readonly #isBusy = new Uint8Array(SLOTS)
  #next = 0

  /** A free slot; -1 when all are on their way out. It is taken by `hold`. */
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

// How many connections are on their way from the plain driver to node:http. Each holds a descriptor and what was read
// of it, so a flood of unusual requests must not make them pile up while node:http is busy. Shared by the two threads.

/** On their way at once: 16 MiB of request heads at most. */
export const MAX_HAND_OVERS = 1024

export class HandOverWindow {
  readonly #count: Int32Array

  /** One word of shared memory, 0 at first. */
  constructor(count: Int32Array) {
    this.#count = count
  }

  /** For the plain driver: false if another one would be too many. */
  enter(): boolean {
    if (Atomics.load(this.#count, 0) >= MAX_HAND_OVERS) return false
    Atomics.add(this.#count, 0, 1)
    return true
  }

  /** For the thread of node:http: one has arrived. */
  leave(): void {
    Atomics.sub(this.#count, 0, 1)
  }
}

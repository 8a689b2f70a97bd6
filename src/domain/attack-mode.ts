// Whether the tracker is under attack: one word of shared memory, which the main thread writes and all threads read.
// While it is not 0, they spend less on clients that have proven nothing.

/** Two cache lines, because processors fetch them in pairs. */
const WORDS = 32

export function createAttackMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
}

export class AttackMode {
  readonly #words: Int32Array

  /** A view of memory that `createAttackMemory` has made, in this or another thread. */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory)
  }

  /** One load. */
  get isOn(): boolean {
    return Atomics.load(this.#words, 0) !== 0
  }

  /** Only the main thread may call this. */
  set(isOn: boolean): void {
    Atomics.store(this.#words, 0, isOn ? 1 : 0)
  }
}

// A lock in one word of shared memory: 0 free, 1 held, 2 held and somebody sleeps. Held for one torrent's work only,
// never across a system call. A thread that dies may have held one: that is why a thread's death ends the process.

import { Header } from './layout.ts'

/** Looks before going to sleep: a holder needs about a microsecond, a sleeper about ten to be woken. */
const SPINS = 200
/** A sleeper looks again after this many milliseconds, whether it was woken or not. */
const SLEEP_MILLISECONDS = 5

export function acquire(words: Int32Array, at: number): void {
  if (Atomics.compareExchange(words, at, 0, 1) !== 0) acquireContended(words, at)
}

export function release(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at, 0) === 2) Atomics.notify(words, at, 1)
}

/** `words` is the swarm memory, which counts such meetings. */
function acquireContended(words: Int32Array, at: number): void {
  Atomics.add(words, Header.LockWaits, 1)
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(words, at) === 0 && Atomics.compareExchange(words, at, 0, 1) === 0) return
  }
  Atomics.add(words, Header.LockSleeps, 1)
  // From here on the word says 2 whenever this thread may be asleep; an owner who finds 2 wakes somebody. Having taken
  // the lock with 2 costs one needless wake-up at most.
  while (Atomics.exchange(words, at, 2) !== 0) Atomics.wait(words, at, 2, SLEEP_MILLISECONDS)
}

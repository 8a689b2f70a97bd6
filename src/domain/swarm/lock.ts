// A lock in one word of shared memory: 0 free, 1 held, 2 held with a thread asleep. Held for work on one torrent only,
// never across a system call. A thread that dies may hold one, which is why a thread's death ends the process.

import { Header } from './layout.ts'

/** Tries before going to sleep: a holder needs about a microsecond, waking a sleeper takes about ten. */
const SPINS = 200
/** A sleeper tries again after this many milliseconds, woken or not. */
const SLEEP_MILLISECONDS = 5

export function acquire(words: Int32Array, at: number): void {
  if (Atomics.compareExchange(words, at, 0, 1) !== 0) acquireContended(words, at)
}

export function release(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at, 0) === 2) Atomics.notify(words, at, 1)
}

/** `words` is the swarm memory, which counts contention. */
function acquireContended(words: Int32Array, at: number): void {
  Atomics.add(words, Header.LockWaits, 1)
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(words, at) === 0 && Atomics.compareExchange(words, at, 0, 1) === 0) return
  }
  Atomics.add(words, Header.LockSleeps, 1)
  // From here on the word is 2 whenever this thread may be asleep; an owner that finds 2 wakes one thread. Taking the
  // lock with 2 costs at most one needless wake-up.
  while (Atomics.exchange(words, at, 2) !== 0) Atomics.wait(words, at, 2, SLEEP_MILLISECONDS)
}

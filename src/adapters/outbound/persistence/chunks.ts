// Long work in pieces: statements have limits, and the event loop wants its turn.

import { setImmediate as turn } from 'node:timers/promises'

/** Does all of them in order, `size` at a time; between two pieces others get a turn. */
export async function inChunks<T>(
  items: readonly T[],
  size: number,
  work: (chunk: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await turn()
    await work(items.slice(at, at + size))
  }
}

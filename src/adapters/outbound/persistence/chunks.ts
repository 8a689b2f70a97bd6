// Splits long work into chunks: statements have limits, and the event loop must not be blocked.

import { setImmediate as turn } from 'node:timers/promises'

/** Processes all items in order, `size` at a time, with a turn of the event loop between chunks. */
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

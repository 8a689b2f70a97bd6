// Snapshots with arbitrary content.

import { createHash } from 'node:crypto'
import type { OpenedSnapshot } from '../../../../src/domain/ports/outbound/snapshot-store.ts'

export const HEADER = { format: 1, writtenAtSeconds: 1_800_000_000, epochSeconds: 1_790_000_000, budgetBytes: 2 ** 32 }
export const ACCEPTED = { format: 1, oldestSeconds: HEADER.writtenAtSeconds }

/** `count` chunks, each with its own length and content. */
export function aSnapshot(count: number) {
  const chunks = Array.from({ length: count }, (_, chunk) =>
    Int32Array.from({ length: 1 + chunk * 20_000 }, (_, word) => Math.imul(word + 7, chunk - 3)),
  )
  return {
    chunks,
    /** A digest of each, to compare them. */
    words: chunks.map(digest),
    counts: { torrents: count, peers: 2 * count, twins: 3 },
  }
}

/** The chunks one by one, in one buffer that is reused. */
export async function* stored({ chunks }: ReturnType<typeof aSnapshot>): AsyncGenerator<Int32Array> {
  const buffer = new Int32Array(400_000)
  for (const chunk of chunks) {
    buffer.fill(0)
    buffer.set(chunk)
    yield buffer.subarray(0, chunk.length)
  }
}

function digest(chunk: Int32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    .digest('hex')
}

export async function wordsOf(snapshot: OpenedSnapshot): Promise<string[]> {
  const words: string[] = []
  for await (const chunk of snapshot.chunks()) words.push(digest(chunk))
  return words
}

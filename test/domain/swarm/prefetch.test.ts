// A prefetch takes no lock, so it may read whatever other threads are writing: it must never fail, and never change
// the memory.

import { describe, expect, it } from '@jest/globals'
import { AnnounceRequest } from '../../../src/domain/announce.ts'
import { Random } from '../../../src/domain/swarm/random.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { type Announcing, anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { aRegistry } from '../../model/world.ts'

const BATCH = 64

function requestOf(n: number, changes: Partial<Announcing> = {}): AnnounceRequest {
  const endpoint = anEndpoint([20, n >> 8, n & 0xff, 1], 6881)
  return fillRequest(
    new AnnounceRequest(),
    anAnnounce({ endpoint, peerId: twentyBytes(n + 1), numwant: 74, ...changes }),
  )
}

function batch(from: number, changes: Partial<Announcing> = {}): AnnounceRequest[] {
  return Array.from({ length: BATCH }, (_, n) => requestOf(from + n, changes))
}

/** Overwrites everything behind the header and the locks with words that are addresses, counts, or anything. */
function scramble({ memory }: SwarmRegistry, random: Random): void {
  const { words, plan } = memory
  for (let at = plan.directoryAt; at < words.length; at++) {
    const bits = random.bits()
    const kind = bits & 3
    if (kind === 0) words[at] = plan.arenaAt + ((bits >>> 2) % (words.length - plan.arenaAt))
    else if (kind === 1) words[at] = (bits >>> 2) & 0xffff
    else words[at] = kind === 2 ? bits : words.length - (bits >>> 20)
  }
}

describe('a prefetch', () => {
  it.each([1, 2, 3, 4])('survives memory of any content, and changes none of it (%i)', (seed) => {
    const registry = aRegistry(1)
    scramble(registry, new Random(seed))
    const before = registry.memory.words.slice()
    for (let n = 0; n < 20; n++) registry.prefetch(batch(n * BATCH, { left: BigInt(n % 2) }), BATCH)
    expect(Buffer.compare(new Uint8Array(registry.memory.words.slice().buffer), new Uint8Array(before.buffer))).toBe(0)
  })

  it('notes the slot and the random bits of each announce', () => {
    const registry = aRegistry(1)
    const requests = batch(0)
    registry.prefetch(requests, BATCH)
    const slot = registry.index.slotOf(requests[0].words, requests[0].infoHashAt)
    for (const request of requests) expect(request.prefetchedTorrentSlot).toBe(slot)
    expect(new Set(requests.map((request) => request.randomBits)).size).toBe(BATCH)
    expect(new Set(requests.map((request) => request.placeBits)).size).toBe(BATCH)
  })

  it('does not change what announces do: all peers of a batch that change sides are counted and handed out', () => {
    const registry = aRegistry(1)
    const reply = aReply()
    for (const left of [1n, 0n, 1n]) {
      const requests = Array.from({ length: 8 }, (_, n) => batch(n * BATCH, { left })).flat()
      for (let from = 0; from < requests.length; from += BATCH) {
        const part = requests.slice(from, from + BATCH)
        registry.prefetch(part, BATCH)
        for (const request of part) registry.announce(request, reply)
      }
      const counts = left === 0n ? [requests.length, 0] : [0, requests.length]
      expect([reply.seeders, reply.leechers]).toEqual(counts)
      expect(reply.ipv4.count).toBe(left === 0n ? 0 : 74)
    }
  })
})

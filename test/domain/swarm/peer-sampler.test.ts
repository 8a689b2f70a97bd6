// Fairness of replies: over many announces, every peer of a swarm is handed out about equally often (protocol rule
// HTTP-36).

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import {
  type Announcing,
  anAnnounce,
  anEndpoint,
  aReply,
  endpointsIn,
  fillRequest,
  twentyBytes,
} from '../../model/announcing.ts'
import { aRegistry } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()
const WANTED = 50

/** Each in a network of its own. */
function address(n: number) {
  return anEndpoint([20, n >> 8, n & 0xff, 1], 6881)
}

function announce(registry: SwarmRegistry, n: number, changes: Partial<Announcing> = {}): void {
  const announcing = anAnnounce({ endpoint: address(n), peerId: twentyBytes(n + 1), numwant: 0, ...changes })
  registry.announce(fillRequest(request, announcing), reply)
}

/** How often each peer is handed out to an outsider that announces `asks` times and leaves each time. */
function timesHandedOut(registry: SwarmRegistry, asks: number): Map<string, number> {
  const times = new Map<string, number>()
  for (let ask = 0; ask < asks; ask++) {
    announce(registry, 9_999, { numwant: WANTED })
    for (const name of endpointsIn(reply.ipv4, 0)) times.set(name, (times.get(name) ?? 0) + 1)
    announce(registry, 9_999, { event: AnnounceEvent.Stopped })
  }
  return times
}

function sumOf(times: Map<string, number>, from: number, to: number): number {
  let sum = 0
  for (let n = from; n < to; n++) sum += times.get(address(n).name) ?? 0
  return sum
}

describe('a sample', () => {
  it('hands out every peer of a swarm about equally often', () => {
    const registry = aRegistry(1)
    for (let n = 0; n < 500; n++) announce(registry, n)
    const asks = 5_000
    const times = timesHandedOut(registry, asks)
    const expected = (asks * WANTED) / 500
    const counts = Array.from({ length: 500 }, (_, n) => times.get(address(n).name) ?? 0)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(asks * WANTED)
    // Six standard deviations of a fair lottery.
    expect(Math.min(...counts)).toBeGreaterThan(expected - 6 * Math.sqrt(expected))
    expect(Math.max(...counts)).toBeLessThan(expected + 6 * Math.sqrt(expected))
  })

  it('treats new peers like those that have been there for long', () => {
    let newPeers = 0
    const games = 40
    for (let seed = 1; seed <= games; seed++) {
      const registry = aRegistry(seed)
      for (let n = 0; n < 500; n++) announce(registry, n)
      newPeers += sumOf(timesHandedOut(registry, 50), 450, 500)
    }
    const expected = games * 50 * WANTED * 0.1
    expect(newPeers).toBeGreaterThan(expected * 0.9)
    expect(newPeers).toBeLessThan(expected * 1.1)
  })

  it('mixes ages: neighbours in time are not neighbours in a window', () => {
    const registry = aRegistry(2)
    for (let n = 0; n < 500; n++) announce(registry, n)
    let neighbours = 0
    const asks = 500
    for (let ask = 0; ask < asks; ask++) {
      announce(registry, 9_999, { numwant: WANTED })
      const handed = new Set(endpointsIn(reply.ipv4, 0))
      for (let n = 0; n + 1 < 500; n++) if (handed.has(address(n).name) && handed.has(address(n + 1).name)) neighbours++
      announce(registry, 9_999, { event: AnnounceEvent.Stopped })
    }
    // Of 499 pairs, one in a hundred is drawn whole by a fair lottery; windows over age groups would draw ten.
    expect(neighbours / asks).toBeGreaterThan(3)
    expect(neighbours / asks).toBeLessThan(7)
  })

  it('takes seeders and leechers in proportion', () => {
    const registry = aRegistry(3)
    for (let n = 0; n < 500; n++) announce(registry, n, { left: n < 100 ? 0n : 1n })
    const times = timesHandedOut(registry, 1_000)
    expect(sumOf(times, 0, 100) / (1_000 * WANTED)).toBeCloseTo(0.2, 2)
    const counts = Array.from({ length: 100 }, (_, n) => times.get(address(n).name) ?? 0)
    expect(Math.min(...counts)).toBeGreaterThan(40)
    expect(Math.max(...counts)).toBeLessThan(160)
  })

  it('never leaves out a neighbour of the requester, nor hands out the requester', () => {
    const registry = aRegistry(4)
    for (let n = 0; n < 60; n++) announce(registry, n, { left: n % 3 === 0 ? 0n : 1n })
    const times = new Map<string, number>()
    let isToldOfItself = false
    for (let ask = 0; ask < 3_000; ask++) {
      announce(registry, 1, { numwant: 20 })
      for (const name of endpointsIn(reply.ipv4, 0)) times.set(name, (times.get(name) ?? 0) + 1)
      isToldOfItself ||= times.has(address(1).name)
    }
    expect(isToldOfItself).toBe(false)
    expect(times.size).toBe(59)
    expect(Math.min(...times.values())).toBeGreaterThan(3_000 * (20 / 59) * 0.8)
  })
})

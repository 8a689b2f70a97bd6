import { describe, expect, it } from '@jest/globals'
import { populate } from '../../../src/adapters/load/population.ts'

const PUBLISHED = { torrents: 1_000_000, peers: 2_000_000, seed: 1, isEven: false }

function swarmSizes({ torrents, torrentOf }: { torrents: number; torrentOf: Int32Array }): Int32Array {
  const sizes = new Int32Array(torrents)
  for (const torrent of torrentOf) sizes[torrent]++
  return sizes
}

/** The peers in the reply to an announce of any peer, if every other peer of its swarm may be handed out. */
function meanPeersPerReply(sizes: Int32Array, numwant: number): number {
  let peers = 0
  let sum = 0
  for (const size of sizes) {
    peers += size
    sum += size * Math.min(size - 1, numwant)
  }
  return sum / peers
}

describe('the population of a load', () => {
  it('gives the 21.5 peers a reply of the published comparisons', () => {
    const population = populate(PUBLISHED)
    if (population === undefined) throw new Error('no population')
    const sizes = swarmSizes(population)
    expect(sizes.every((size, torrent) => size === population.sizeOf[torrent])).toBe(true)
    expect(population.swarms).toBe(sizes.filter((size) => size > 0).length)
    expect(Math.abs(meanPeersPerReply(sizes, 30) - 21.5)).toBeLessThan(0.5)
    // field.md, chapter C: about 429,000 torrents have a peer, and the busiest about 727.
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(424_000)
    expect(sizes.filter((size) => size > 0).length).toBeLessThan(434_000)
    expect(Math.max(...sizes.subarray(0, 1000))).toBeGreaterThan(700)
    expect(Math.max(...sizes.subarray(0, 1000))).toBeLessThan(860)
  })

  it('never has the same endpoint twice in a torrent', () => {
    const population = populate({ torrents: 3, peers: 100_000, seed: 7, isEven: true })
    if (population === undefined) throw new Error('no population')
    const seen = new Set<number>()
    for (let peer = 0; peer < population.peers; peer++) {
      seen.add(population.torrentOf[peer] * 65_536 + population.portOf[peer])
    }
    expect(seen.size).toBe(population.peers)
    expect(population.portOf.every((port) => port >= 1024)).toBe(true)
  })

  it('is the same for the same seed and another for another', () => {
    const options = { torrents: 1000, peers: 2000, isEven: false }
    const [one, same, other] = [1, 1, 2].map((seed) => populate({ ...options, seed })?.torrentOf.join(' '))
    expect(one).toBe(same)
    expect(one).not.toBe(other)
  })

  it('spreads peers evenly on request', () => {
    const population = populate({ torrents: 10, peers: 100_000, seed: 1, isEven: true })
    if (population === undefined) throw new Error('no population')
    for (const size of swarmSizes(population)) expect(Math.abs(size - 10_000)).toBeLessThan(500)
  })

  it('refuses a torrent with more peers than there are ports', () => {
    expect(populate({ torrents: 1, peers: 64_512, seed: 1, isEven: true })).toBeDefined()
    expect(populate({ torrents: 1, peers: 64_513, seed: 1, isEven: true })).toBeUndefined()
  })
})

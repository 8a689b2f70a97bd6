import { describe, expect, it } from '@jest/globals'
import { clientName } from '../../src/adapters/protocol/rest/peer-client.ts'
import { CensusTaker } from '../../src/application/census-taker.ts'
import { AnnounceRequest, Family } from '../../src/domain/announce.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, hex, twentyBytes } from '../model/announcing.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

const TIMEOUT = 60

function aWorld(nameOf: (peerId: Uint8Array) => string | null = clientName) {
  const registry = aRegistry()
  const clock = new StoppedClock(EPOCH + 1000)
  const pause = new ShortPause()
  const taker = new CensusTaker(registry, { clientName: nameOf, clock, pause }, TIMEOUT)
  let peers = 0
  const announce = (changes = {}) => {
    peers++
    const endpoint = anEndpoint([1, 2, peers >> 8, peers & 0xff], 6881)
    const announcing = anAnnounce({ endpoint, peerId: twentyBytes(peers), nowSeconds: clock.seconds, ...changes })
    registry.announce(fillRequest(new AnnounceRequest(), announcing), aReply())
  }
  return { registry, clock, pause, taker, announce }
}

function idOf(text: string): string {
  return hex(Buffer.from(text.padEnd(20, 'x'), 'latin1'))
}

describe('the census', () => {
  it('counts peers by family, role and program', async () => {
    const { taker, announce } = aWorld()
    announce({ peerId: idOf('-qB4650-aaaa') })
    announce({ peerId: idOf('-qB5000-bbbb'), left: 0n })
    announce({ peerId: idOf('A2-1-37-0-cc') })
    announce({ peerId: idOf('nobody knows'), left: 0n, endpoint: anEndpoint([32, 1, ...new Array(14).fill(1)], 1) })
    const census = await taker.take()
    expect(census.peers).toEqual([
      { family: Family.IPv4, role: 'seeder', count: 1 },
      { family: Family.IPv4, role: 'leecher', count: 2 },
      { family: Family.IPv6, role: 'seeder', count: 1 },
      { family: Family.IPv6, role: 'leecher', count: 0 },
    ])
    expect(census.clients).toEqual([
      { name: 'qBittorrent', count: 2 },
      { name: 'aria2', count: 1 },
      { name: 'unknown', count: 1 },
    ])
  })

  it('counts peers that were silent for the timeout, and torrents that have no others', async () => {
    const { taker, clock, announce } = aWorld()
    announce({ infoHash: twentyBytes(1) })
    announce({ infoHash: twentyBytes(2) })
    clock.seconds += TIMEOUT - 1
    announce({ infoHash: twentyBytes(2) })
    expect(await taker.take()).toMatchObject({ inactivePeers: 0, inactiveTorrents: 0 })
    clock.seconds += 16
    expect(await taker.take()).toMatchObject({ inactivePeers: 2, inactiveTorrents: 1 })
  })

  it('is taken once for all requests within a quarter of a minute', async () => {
    const { taker, clock, announce } = aWorld()
    announce()
    const [one, other] = await Promise.all([taker.take(), taker.take()])
    expect(other).toBe(one)
    announce({ infoHash: twentyBytes(2) })
    clock.seconds += 14
    expect(await taker.take()).toBe(one)
    clock.seconds += 1
    expect((await taker.take()).peers[1].count).toBe(2)
    clock.seconds -= 3600
    expect(await taker.take()).not.toBe(one)
  })

  it('samples the peers of a large swarm, and counts them all', async () => {
    const { taker, announce, pause } = aWorld()
    for (let n = 0; n < 3000; n++) announce({ left: n % 3 === 0 ? 0n : 1n })
    const [seeders, leechers] = (await taker.take()).peers
    expect(seeders.count + leechers.count).toBe(3000)
    expect(Math.abs(seeders.count - 1000)).toBeLessThan(100)
    expect(pause.rests).toBeGreaterThan(0)
  })

  it('names the thirty most frequent programs and sums the others', async () => {
    const { taker, announce } = aWorld((peerId) => `program ${peerId[0]}`)
    // One torrent each: a large swarm would only be sampled.
    let torrent = 0
    for (let program = 0; program < 40; program++) {
      const peerId = `${program.toString(16).padStart(2, '0')}${'11'.repeat(19)}`
      for (let n = 0; n <= program; n++) announce({ peerId, infoHash: twentyBytes(torrent++) })
    }
    const { clients } = await taker.take()
    expect(clients).toHaveLength(31)
    expect(clients[0]).toEqual({ name: 'program 39', count: 40 })
    expect(clients[30]).toEqual({ name: 'other', count: 55 })
  })
})

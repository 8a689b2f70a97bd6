// The registry against the naive model: random announces in small worlds, compared after every step.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { anAnnounce, aReply, endpointsIn, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { SeededRandom } from '../../model/seeded-random.ts'
import { Game, SMALL_WORLD, type World } from '../../model/world.ts'

/** The differences after a number of games in a world. */
function differencesAfter(games: number, world: World, steps: number): string[] {
  for (let seed = 1; seed <= games; seed++) {
    const game = new Game(world, seed)
    for (let part = 0; part < 10; part++) {
      game.play(steps / 10).check()
      if (part % 3 === 2) game.sweep(30, part === 8).check()
      if (game.differences.length > 0) return [`seed ${seed}`, ...game.differences]
    }
    game.sweep(-1, true).check()
    if (game.registry.heap.usedBytes() !== 0) game.differences.push('memory is not empty')
    if (game.differences.length > 0) return [`seed ${seed}`, ...game.differences]
  }
  return []
}

describe('the swarm registry against the naive model', () => {
  it('agrees in worlds where everything collides', () => {
    expect(differencesAfter(20, SMALL_WORLD, 600)).toEqual([])
  })

  it('agrees in a world of one address and many ports', () => {
    expect(differencesAfter(10, { ...SMALL_WORLD, torrents: 1, hosts: 1, ports: 60, peerIds: 50 }, 1000)).toEqual([])
  })

  it('agrees while a list grows from one page to many and back', () => {
    const world = { ...SMALL_WORLD, torrents: 1, hosts: 12, ports: 6, peerIds: 300, maxWanted: 60 }
    expect(differencesAfter(4, world, 2000)).toEqual([])
  })

  it('agrees on a swarm of thousands, whose tables and directories grow and shrink', () => {
    const ages = [4000, 3000, 2000, 1000, 500, 250, 100, 40, 20, 10, 5, 0]
    const world = { ...THOUSANDS, wantsOneIn: 12 }
    const game = new Game(world, 1)
    for (let part = 0; part < 4; part++) game.play(1200).check()
    expect(game.differences).toEqual([])
    expect(game.model.totals().ipv4Peers).toBeGreaterThan(1_400)
    for (const age of ages) game.sweep(age, false).play(10).check()
    expect(game.differences).toEqual([])
    game.sweep(-1, true).check()
    expect([...game.differences, game.registry.heap.usedBytes()]).toEqual([0])
  })

  it('agrees on a swarm of thousands that leave one by one', () => {
    const game = new Game(THOUSANDS, 3).play(4000).check()
    const names = [...(game.model.swarms.get(twentyBytes(0))?.peers.values() ?? [])]
    names.forEach((peer, i) => {
      const { endpoint, peerId, key } = peer
      game.announce(anAnnounce({ infoHash: twentyBytes(0), endpoint, peerId, key, event: AnnounceEvent.Stopped }))
      if (i % 500 === 0) game.check()
    })
    game.sweep(-1, true).check()
    expect([...game.differences, game.registry.heap.usedBytes()]).toEqual([0])
  })

  it('agrees where addresses have a few entries, and replies come from several networks', () => {
    const world = { ...SMALL_WORLD, torrents: 2, hosts: 6, ports: 5, peerIds: 100, networks: 3, maxPeersPerAddress: 3 }
    expect(differencesAfter(10, world, 1500)).toEqual([])
  })

  it('agrees where addresses have a few entries in lists with tables', () => {
    for (const maxPeersPerAddress of [1, 4, 16]) {
      const changes = { hosts: 40, ports: 24, peerIds: 10_000, networks: 5, stopsInEight: 1, maxPeersPerAddress }
      const world = { ...SMALL_WORLD, ...changes, torrents: 1, hasPrivateHosts: false, maxWanted: 60, wantsOneIn: 8 }
      expect(differencesAfter(2, world, 3000)).toEqual([])
    }
  })

  it('agrees when it prefetches whole batches', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const game = new Game({ ...SMALL_WORLD, hosts: 8, peerIds: 100 }, seed)
      for (let batch = 1; batch <= 64; batch++) game.playBatch(batch)
      game.check().sweep(-1, true).check()
      expect(game.differences).toEqual([])
    }
  })

  it('stays consistent where clients change keys, ids and networks at random', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const game = new Game(SMALL_WORLD, seed)
      const random = new SeededRandom(seed)
      const request = new AnnounceRequest()
      const reply = aReply()
      for (let step = 0; step < 1500; step++) {
        const announcing = { ...game.anyAnnounce(), key: random.below(4), peerId: twentyBytes(random.below(4)) }
        game.registry.announce(fillRequest(request, announcing), reply)
        const names = [...endpointsIn(reply.ipv4, 0), ...endpointsIn(reply.ipv6, 1)]
        if (new Set(names).size !== names.length) game.differences.push('a peer was handed out twice')
        if (names.includes(announcing.endpoint.name)) game.differences.push('a peer was handed to itself')
        if (step % 100 === 99) game.differences.push(...memoryProblems(game.registry.memory))
      }
      game.sweep(-1, true)
      expect([...game.differences, ...memoryProblems(game.registry.memory)]).toEqual([])
      expect(game.registry.heap.usedBytes()).toBe(0)
    }
  })
})

/** One torrent, several thousand endpoints; few leave. */
const THOUSANDS: World = {
  ...SMALL_WORLD,
  torrents: 1,
  hosts: 60,
  ports: 30,
  peerIds: 10_000,
  stopsInEight: 1,
  wantsOneIn: 1_000_000,
  maxWanted: 100,
}

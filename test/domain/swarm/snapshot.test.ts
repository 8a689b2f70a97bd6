// Swarms that are saved and loaded: everything is as before, in an empty memory and in one that has changed since.

import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { createSwarmMemory, SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { SwarmSaver } from '../../../src/domain/swarm/swarm-saver.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../../src/domain/swarm/sweeper.ts'
import { type Announcing, anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { allOf, load, saved, swarmText } from '../../model/snapshots.ts'
import { aRegistry, EPOCH, Game, SMALL_WORLD, type World } from '../../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()

function announce(registry: SwarmRegistry, changes: Partial<Announcing>): void {
  registry.announce(fillRequest(request, anAnnounce(changes)), reply)
}

function address(n: number) {
  return anEndpoint([20, n >> 16, (n >> 8) & 0xff, n & 0xff], 6881)
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, n) => twentyBytes(n))
}

function swarmsOf(registry: SwarmRegistry, torrents: number) {
  return names(torrents).map((name) => swarmText(registry, name))
}

/** The differences between the game's registry and a fresh one that its snapshot was loaded into. */
function differencesOver(world: World, seed: number, steps: number): unknown[] {
  const game = new Game(world, seed).play(steps)
  const chunks = saved(game.registry)
  const other = aRegistry(seed + 1000)
  load(other, chunks, allOf(game.registry))
  expect(memoryProblems(other.memory)).toEqual([])
  expect(swarmsOf(other, world.torrents)).toEqual(swarmsOf(game.registry, world.torrents))
  // Downloads count for the run in which they happen.
  expect(swarmTotals(other.memory)).toEqual({ ...swarmTotals(game.registry.memory), completed: 0 })
  return game.differences
}

describe('a snapshot in an empty memory', () => {
  it('restores everything in worlds where everything collides', () => {
    for (let seed = 1; seed <= 20; seed++) expect(differencesOver(SMALL_WORLD, seed, 400)).toEqual([])
  })

  it('restores lists of many pages, and worlds of many torrents', () => {
    const paged = { ...SMALL_WORLD, torrents: 2, hosts: 30, ports: 8, peerIds: 900, stopsInEight: 1, maxWanted: 0 }
    const many = { ...SMALL_WORLD, torrents: 300, hosts: 12, peerIds: 60, maxWanted: 0 }
    for (let seed = 1; seed <= 3; seed++) {
      expect(differencesOver(paged, seed, 2500)).toEqual([])
      expect(differencesOver(many, seed, 2500)).toEqual([])
    }
  })

  it('can be swept until every block is free', () => {
    const game = new Game({ ...SMALL_WORLD, hosts: 20, peerIds: 300 }, 5).play(1500)
    const other = aRegistry(9)
    load(other, saved(game.registry), allOf(game.registry))
    const sweeper = new Sweeper(other)
    while (!sweeper.slice(EPOCH + 1_000_000, true));
    expect([...memoryProblems(other.memory), other.heap.usedBytes()]).toEqual([0])
  })

  it('keeps times, and leaves out peers that have been silent for too long', () => {
    const registry = aRegistry()
    announce(registry, { endpoint: address(1), peerId: twentyBytes(1), nowSeconds: EPOCH + 100 })
    announce(registry, { endpoint: address(2), peerId: twentyBytes(2), nowSeconds: EPOCH + 200 })
    announce(registry, { endpoint: address(3), peerId: twentyBytes(3), nowSeconds: EPOCH + 9000 })
    const other = new SwarmRegistry(
      new SwarmMemory(createSwarmMemory(16 * 2 ** 20, new Uint8Array(8), EPOCH - 5000)),
      100,
      1,
    )
    const loader = load(
      other,
      saved(registry),
      allOf(registry, { cutoffSeconds: EPOCH + 100, nowSeconds: EPOCH + 1000 }),
    )
    expect(loader).toMatchObject({ torrents: 1, peers: 2, expired: 1 })
    // The last one's clock was ahead: it is no newer than now.
    expect(swarmText(other, twentyBytes(1))).toMatchObject({
      leechers: 2,
      peers: [{ lastAnnounce: EPOCH + 200 }, { lastAnnounce: EPOCH + 1000 }],
    })
  })

  it('counts a client by its twin when the counted entry is left out', () => {
    const registry = aRegistry()
    const host6 = anEndpoint([0x20, 1, ...new Array(14).fill(0)], 6881)
    announce(registry, { endpoint: address(1), key: 5, left: 0n, nowSeconds: EPOCH + 10 })
    announce(registry, { endpoint: host6, key: 5, left: 0n, nowSeconds: EPOCH + 500 })
    const other = aRegistry(2)
    load(other, saved(registry), allOf(registry, { cutoffSeconds: EPOCH + 100 }))
    expect(swarmText(other, twentyBytes(1))).toMatchObject({ seeders: 1, peers: [{ isTwin: false }] })
    expect(memoryProblems(other.memory)).toEqual([])
  })

  it('remembers completed downloads of torrents without peers, unless such torrents are dropped', () => {
    const registry = aRegistry()
    announce(registry, { left: 1n })
    announce(registry, { left: 0n, event: AnnounceEvent.Completed })
    announce(registry, { left: 0n, event: AnnounceEvent.Stopped })
    const keeping = aRegistry(2)
    load(keeping, saved(registry), allOf(registry))
    expect(swarmText(keeping, twentyBytes(1))).toMatchObject({ completed: 1, peers: [] })
    expect(swarmTotals(keeping.memory)).toMatchObject({ torrents: 1, completed: 0 })
    const dropping = aRegistry(3)
    load(dropping, saved(registry), allOf(registry, { dropsEmpty: true }))
    expect(swarmText(dropping, twentyBytes(1))).toBeUndefined()
  })

  it('places peers anew', () => {
    const registry = aRegistry()
    for (let n = 1; n <= 3; n++) announce(registry, { endpoint: address(n), peerId: twentyBytes(n) })
    const ports: number[] = []
    const other = aRegistry(2)
    const loader = load(
      other,
      saved(registry),
      allOf(registry, {
        place: (peer) => {
          ports.push(peer.port)
          peer.isHidden = true
          return ports.length !== 2
        },
      }),
    )
    expect(loader).toMatchObject({ peers: 2, unwanted: 1 })
    expect(ports).toEqual([6881, 6881, 6881])
    expect(swarmText(other, twentyBytes(1))).toMatchObject({ peers: [{ isHidden: true }, { isHidden: true }] })
  })

  it('fits a memory of the same size to the last swarm, and reports what a smaller limit leaves out', () => {
    const registry = aRegistry()
    // Known swarms grow into the last eighth.
    for (let n = 0; registry.heap.usedBytes() < 0.97 * registry.heap.capacityBytes(); n++) {
      const isNewTorrent = registry.heap.usedBytes() < 0.8 * registry.heap.capacityBytes()
      const infoHash = twentyBytes(isNewTorrent ? n >> 1 : n % 1000)
      announce(registry, { infoHash, endpoint: address(n), peerId: twentyBytes(n), numwant: 0 })
    }
    const chunks = saved(registry)
    const same = aRegistry(2)
    expect(load(same, chunks, allOf(registry))).toMatchObject({ withoutRoom: 0 })
    expect({ ...swarmTotals(same.memory) }).toEqual({ ...swarmTotals(registry.memory) })
    // The same memory, with an eighth reserved for growing swarms.
    const reserving = aRegistry(3)
    const loader = load(reserving, chunks, allOf(registry, { mayFill: false }))
    expect(loader.withoutRoom).toBeGreaterThan(0)
    expect(loader.peers + loader.withoutRoom).toBe(swarmTotals(registry.memory).ipv4Peers)
    expect(memoryProblems(reserving.memory)).toEqual([])
    expect(swarmTotals(reserving.memory)).toMatchObject({ ipv4Peers: loader.peers, torrents: loader.torrents })
  })

  it('keeps to the limit of a list', () => {
    const registry = aRegistry()
    for (let n = 0; n < 100; n++) announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1) })
    const other = aRegistry(2, 40)
    expect(load(other, saved(registry), allOf(registry))).toMatchObject({ peers: 40, withoutRoom: 60 })
    expect(memoryProblems(other.memory)).toEqual([])
  })

  it('rejects data that is not a swarm', () => {
    const options = allOf(aRegistry())
    for (const words of [[1], new Array(7).fill(-1), [1, 2, 3, 4, 5, 0, 17 << 2, ...new Array(300).fill(0)]]) {
      expect(() => load(aRegistry(), [Int32Array.from(words)], options)).toThrow('not a swarm')
    }
  })
})

describe('a snapshot in a memory in use', () => {
  it('changes nothing when it is loaded over its own swarms', () => {
    const game = new Game({ ...SMALL_WORLD, hosts: 10, peerIds: 100 }, 3).play(1500)
    const loader = load(game.registry, saved(game.registry), allOf(game.registry))
    expect(loader).toMatchObject({ torrents: 0, peers: 0, withoutRoom: 0 })
    expect(game.check().differences).toEqual([])
  })

  it('keeps the later of two entries of a peer', () => {
    const registry = aRegistry()
    announce(registry, { endpoint: address(1), peerId: twentyBytes(1), left: 0n, nowSeconds: EPOCH + 300 })
    announce(registry, { endpoint: address(2), peerId: twentyBytes(2), left: 0n, nowSeconds: EPOCH + 300 })
    announce(registry, { endpoint: address(3), peerId: twentyBytes(3), left: 0n, nowSeconds: EPOCH + 300 })
    const chunks = saved(registry)
    const live = aRegistry(2)
    announce(live, { endpoint: address(1), peerId: twentyBytes(1), left: 9n, nowSeconds: EPOCH + 200 })
    announce(live, { endpoint: address(2), peerId: twentyBytes(2), left: 9n, nowSeconds: EPOCH + 400 })
    // The third one has moved to another port since.
    const moved = anEndpoint([20, 0, 0, 3], 7000)
    announce(live, { endpoint: moved, peerId: twentyBytes(3), left: 9n, nowSeconds: EPOCH + 400 })
    expect(load(live, chunks, allOf(registry))).toMatchObject({ torrents: 0, peers: 1, outdated: 2 })
    expect(swarmText(live, twentyBytes(1))).toMatchObject({
      seeders: 1,
      leechers: 2,
      peers: [{ left: 0n }, { left: 9n }, { left: 9n, endpoint: moved.name }],
    })
    expect(memoryProblems(live.memory)).toEqual([])
  })

  it('stays consistent whatever is combined', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const game = new Game({ ...SMALL_WORLD, hosts: 5, peerIds: 40 }, seed).play(400)
      const other = new Game({ ...SMALL_WORLD, hosts: 5, peerIds: 40 }, seed + 50).play(400)
      load(other.registry, saved(game.registry), allOf(game.registry))
      expect(memoryProblems(other.registry.memory)).toEqual([])
      const sweeper = new Sweeper(other.registry)
      while (!sweeper.slice(EPOCH + 1_000_000, true));
      expect(other.registry.heap.usedBytes()).toBe(0)
    }
  })

  it('never decreases completed downloads', () => {
    const registry = aRegistry()
    announce(registry, { left: 1n })
    announce(registry, { left: 0n, event: AnnounceEvent.Completed })
    const chunks = saved(registry)
    const live = aRegistry(2)
    for (let n = 0; n < 3; n++) {
      announce(live, { endpoint: address(n), peerId: twentyBytes(n), left: 1n })
      announce(live, { endpoint: address(n), peerId: twentyBytes(n), left: 0n, event: AnnounceEvent.Completed })
    }
    load(live, chunks, allOf(registry))
    expect(swarmText(live, twentyBytes(1))).toMatchObject({ completed: 3 })
  })
})

describe('saving', () => {
  it('misses no peer that stays while others leave and torrents are removed between its slices', () => {
    const registry = aRegistry()
    for (let n = 0; n < 3000; n++) announce(registry, { endpoint: address(n), peerId: twentyBytes(n + 1), numwant: 0 })
    let gone = 0
    const chunks = saved(registry, () => {
      if (gone >= 1500) return
      announce(registry, { endpoint: address(gone), peerId: twentyBytes(gone + 1), event: AnnounceEvent.Stopped })
      gone++
    })
    expect(gone).toBeGreaterThan(5)
    const other = aRegistry(2)
    load(other, chunks, allOf(registry))
    const found = new Set(
      (swarmText(other, twentyBytes(1)) as { peers: { endpoint: string }[] }).peers.map((p) => p.endpoint),
    )
    for (let n = gone; n < 3000; n++) expect(found.has(address(n).name)).toBe(true)
    expect(memoryProblems(other.memory)).toEqual([])
  })

  it('waits for room', () => {
    const registry = aRegistry()
    announce(registry, {})
    const saver = new SwarmSaver(registry)
    expect(saver.slice()).toBe(false)
    saver.copyTo(new Int32Array(100))
    expect([saver.slice(), saver.copied, saver.isDone]).toEqual([false, 0, false])
  })
})

// Saving and loading as in the tracker.

import { describe, expect, it } from '@jest/globals'
import { SwarmSnapshots } from '../../src/application/swarm-snapshots.ts'
import { AnnounceRequest } from '../../src/domain/announce.ts'
import { PeerPolicy } from '../../src/domain/peer-policy.ts'
import { createSwarmMemory, SwarmMemory } from '../../src/domain/swarm/swarm-memory.ts'
import { readSwarm } from '../../src/domain/swarm/swarm-reader.ts'
import { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../src/domain/swarm/sweeper.ts'
import { CountingPause } from '../fakes/counting-pause.ts'
import { MemorySnapshotStore } from '../fakes/memory-snapshot-store.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../model/announcing.ts'
import { swarmText } from '../model/snapshots.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

const request = new AnnounceRequest()
const reply = aReply()
const CLEAN_UP = { peerTimeoutSeconds: 1000, dropsEmptyTorrents: true }

function aTracker(registry: SwarmRegistry, store: MemorySnapshotStore, nowSeconds: number, deniedPorts: number[] = []) {
  const clock = new StoppedClock(nowSeconds)
  const dependencies = { store, clock, wallClock: clock, pause: new CountingPause() }
  return {
    ...dependencies,
    snapshots: new SwarmSnapshots(registry, new PeerPolicy('scope', deniedPorts), CLEAN_UP, dependencies),
  }
}

function fill(registry: SwarmRegistry, peers: number, nowSeconds: number): void {
  for (let n = 0; n < peers; n++) {
    const endpoint = anEndpoint([20, 0, n >> 8, n & 0xff], 6881)
    const changes = { infoHash: twentyBytes(n & 63), peerId: twentyBytes(n + 1), endpoint, numwant: 0, nowSeconds }
    registry.announce(fillRequest(request, anAnnounce(changes)), reply)
  }
}

/** The age of each peer, in seconds since its last announce, the youngest first. */
function agesIn(registry: SwarmRegistry, nowSeconds: number): number[] {
  const swarms = Array.from({ length: 64 }, (_, n) => readSwarm(registry, Buffer.from(twentyBytes(n), 'hex')))
  return swarms
    .flatMap((swarm) => swarm?.peers ?? [])
    .map(({ lastAnnounce }) => nowSeconds - lastAnnounce)
    .toSorted((a, b) => a - b)
}

describe('snapshots', () => {
  it('restore what was saved, and pause in between', async () => {
    const registry = aRegistry()
    fill(registry, 9000, EPOCH + 100)
    const store = new MemorySnapshotStore()
    const { snapshots, pause } = aTracker(registry, store, EPOCH + 200)
    expect(await snapshots.save()).toEqual({ torrents: 64, peers: 9000, bytes: expect.any(Number) })
    expect(pause.rests).toBeGreaterThan(64)

    const other = aRegistry(2)
    const later = aTracker(other, store, EPOCH + 900)
    expect(await later.snapshots.load()).toEqual({
      kind: 'loaded',
      writtenAtSeconds: EPOCH + 200,
      aheadSeconds: 0,
      torrents: 64,
      peers: 9000,
      expired: 0,
      outdated: 0,
      unwanted: 0,
      withoutRoom: 0,
    })
    expect(later.pause.rests).toBeGreaterThan(1)
    expect(swarmTotals(other.memory)).toEqual(swarmTotals(registry.memory))
    expect(swarmText(other, twentyBytes(1))).toEqual(swarmText(registry, twentyBytes(1)))
  })

  it('of which a part can be read are loaded in part', async () => {
    const registry = aRegistry()
    fill(registry, 9000, EPOCH + 100)
    const store = new MemorySnapshotStore()
    await aTracker(registry, store, EPOCH + 200).snapshots.save()
    const other = aRegistry(2)
    store.failsAfterChunks = 1
    const outcome = await aTracker(other, store, EPOCH + 300).snapshots.load()
    const { seeders, leechers } = swarmTotals(other.memory)
    const peers = seeders + leechers
    expect(outcome).toMatchObject({ kind: 'loaded', peers, brokenOff: 'the disk failed' })
    expect(peers).toBeGreaterThan(0)
    expect(peers).toBeLessThan(9000)
    store.failsAfterChunks = 0
    const nothing = await aTracker(aRegistry(3), store, EPOCH + 300).snapshots.load()
    expect(nothing).toEqual({ kind: 'refused', reason: 'the disk failed' })
  })

  it('are undefined where nothing was saved', async () => {
    expect(await aTracker(aRegistry(), new MemorySnapshotStore(), EPOCH).snapshots.load()).toBeUndefined()
  })

  it('leave out peers that have been silent for too long, and are rejected when that is all of them', async () => {
    const registry = aRegistry()
    fill(registry, 10, EPOCH + 100)
    const store = new MemorySnapshotStore()
    await aTracker(registry, store, EPOCH + 200).snapshots.save()
    const other = aRegistry(2)
    expect(await aTracker(other, store, EPOCH + 1100).snapshots.load()).toMatchObject({ peers: 0, expired: 10 })
    expect(swarmTotals(other.memory).torrents).toBe(0)
    expect(await aTracker(other, store, EPOCH + 1201).snapshots.load()).toMatchObject({ kind: 'refused' })
  })

  it.each([1, 299, 4 * 3600, 86_400])('from %i s in the future restore peers with the ages they had', async (ahead) => {
    const registry = aRegistry()
    const store = new MemorySnapshotStore()
    fill(registry, 10, EPOCH + 100_000)
    fill(registry, 5, EPOCH + 100_600)
    await aTracker(registry, store, EPOCH + 100_700).snapshots.save()
    const other = aRegistry(2)
    const now = EPOCH + 100_700 - ahead
    expect(await aTracker(other, store, now).snapshots.load()).toMatchObject({
      kind: 'loaded',
      writtenAtSeconds: EPOCH + 100_700,
      aheadSeconds: ahead,
      peers: 10,
      expired: 0,
    })
    expect(agesIn(other, now)).toEqual([100, 100, 100, 100, 100, 700, 700, 700, 700, 700])
  })

  it('from the future leave out peers that had expired when they were written', async () => {
    const registry = aRegistry()
    const store = new MemorySnapshotStore()
    fill(registry, 10, EPOCH + 20_000)
    fill(registry, 4, EPOCH + 20_001)
    await aTracker(registry, store, EPOCH + 21_000).snapshots.save()
    const loading = aTracker(aRegistry(2), store, EPOCH + 7_000).snapshots.load()
    expect(await loading).toMatchObject({ peers: 4, expired: 6 })
  })

  it.each([
    [86_400, 86_400],
    [-3600, -3600],
    [86_400, 86_460],
    [50 * 365 * 86_400, 50 * 365 * 86_400],
  ])(
    'of a run whose clock was set by %i s age by the date, which is off by %i s at the next start',
    async (stepSeconds, later) => {
      const registry = aRegistry()
      const store = new MemorySnapshotStore()
      fill(registry, 3, EPOCH + 10_000)
      const saving = aTracker(registry, store, EPOCH + 10_050)
      saving.clock.stepSeconds = stepSeconds
      await saving.snapshots.save()
      // The steady time of the next process starts at the date that it finds.
      const now = EPOCH + 10_050 + later
      const memory = new SwarmMemory(createSwarmMemory(16 * 2 ** 20, new Uint8Array(8), now - 5000))
      const other = new SwarmRegistry(memory, 20_000, 1)
      expect(await aTracker(other, store, now).snapshots.load()).toMatchObject({ peers: 3, aheadSeconds: 0 })
      expect(agesIn(other, now)).toEqual(new Array(3).fill(50 + later - stepSeconds))
    },
  )

  it('loaded into a run whose clock was set in the meantime age as usual', async () => {
    const registry = aRegistry()
    const store = new MemorySnapshotStore()
    fill(registry, 3, EPOCH + 10_000)
    await aTracker(registry, store, EPOCH + 10_050).snapshots.save()
    const other = aRegistry(2)
    const loading = aTracker(other, store, EPOCH + 1000)
    loading.clock.stepSeconds = 9_150
    expect(await loading.snapshots.load()).toMatchObject({ peers: 3, aheadSeconds: 0 })
    expect(agesIn(other, EPOCH + 1000)).toEqual([150, 150, 150])
  })

  it.each(['2038-01-19T03:14:00Z', '2039-02-01T00:00:00Z', '2106-02-07T06:28:00Z', '2200-01-01T00:00:00Z'])(
    'are right around %s',
    async (date) => {
      const now = Date.parse(date) / 1000
      const store = new MemorySnapshotStore()
      const registryFrom = (epochSeconds: number) =>
        new SwarmRegistry(new SwarmMemory(createSwarmMemory(16 * 2 ** 20, new Uint8Array(8), epochSeconds)), 100, 1)
      const registry = registryFrom(now - 365 * 86_400)
      fill(registry, 2, now - 30)
      fill(registry, 1, now)
      expect(agesIn(registry, now)).toEqual([0, 30])
      await aTracker(registry, store, now).snapshots.save()
      const other = registryFrom(now - 100 * 86_400)
      expect(await aTracker(other, store, now + 60).snapshots.load()).toMatchObject({ peers: 2, expired: 0 })
      expect(agesIn(other, now + 60)).toEqual([60, 90])
      const sweeper = new Sweeper(other)
      while (!sweeper.slice(now - 30, true));
      expect(agesIn(other, now + 60)).toEqual([60])
    },
  )

  it('follow the current policy', async () => {
    const registry = aRegistry()
    fill(registry, 1, EPOCH + 100)
    const store = new MemorySnapshotStore()
    await aTracker(registry, store, EPOCH + 200).snapshots.save()
    const other = aRegistry(2)
    await aTracker(other, store, EPOCH + 200, [6881]).snapshots.load()
    expect(swarmText(other, twentyBytes(0))).toMatchObject({ peers: [{ isHidden: true }] })
  })

  it('of one memory can be loaded into another of any size', async () => {
    const registry = aRegistry(1, 20_000, 32 * 2 ** 20)
    fill(registry, 1000, EPOCH + 100)
    const store = new MemorySnapshotStore()
    await aTracker(registry, store, EPOCH + 200).snapshots.save()
    expect(await aTracker(aRegistry(2), store, EPOCH + 200).snapshots.load()).toMatchObject({ peers: 1000 })
  })
})

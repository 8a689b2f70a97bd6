// Saving and loading as in the tracker.

import { describe, expect, it } from '@jest/globals'
import { SwarmSnapshots } from '../../src/application/swarm-snapshots.ts'
import { AnnounceRequest } from '../../src/domain/announce.ts'
import { PeerPolicy } from '../../src/domain/peer-policy.ts'
import type { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
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
  const dependencies = { store, clock: new StoppedClock(nowSeconds), pause: new CountingPause() }
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

  it('are rejected when they come from far in the future', async () => {
    const store = new MemorySnapshotStore()
    await aTracker(aRegistry(), store, EPOCH + 1000).snapshots.save()
    const { snapshots, clock } = aTracker(aRegistry(), store, EPOCH + 700)
    expect(await snapshots.load()).toMatchObject({ kind: 'loaded' })
    clock.seconds--
    expect(await snapshots.load()).toMatchObject({ kind: 'refused' })
  })

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

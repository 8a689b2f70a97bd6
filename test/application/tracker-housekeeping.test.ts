import { describe, expect, it } from '@jest/globals'
import { TrackerHousekeeping } from '../../src/application/tracker-housekeeping.ts'
import { AnnounceEvent, AnnounceRequest } from '../../src/domain/announce.ts'
import type { CleanUp } from '../../src/domain/ports/inbound/housekeeping.ts'
import { TrackerCounter } from '../../src/domain/ports/outbound/counters.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { Sweeper } from '../../src/domain/swarm/sweeper.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../model/announcing.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

function aHousekeeping(dropsEmptyTorrents: boolean) {
  const registry = aRegistry()
  const clock = new StoppedClock(EPOCH + 1)
  const counters = new PlainCounters()
  const policy = { peerTimeoutSeconds: 100, dropsEmptyTorrents }
  const housekeeping = new TrackerHousekeeping(new Sweeper(registry), policy, clock, counters)
  const announce = (n: number, changes = {}) => {
    const endpoint = anEndpoint([20, 0, 0, n], 6881)
    const announcing = anAnnounce({ infoHash: twentyBytes(n), endpoint, nowSeconds: clock.seconds, ...changes })
    registry.announce(fillRequest(new AnnounceRequest(), announcing), aReply())
  }
  const round = (): CleanUp => {
    for (;;) {
      const done = housekeeping.cleanUpSlice()
      if (done !== undefined) return done
    }
  }
  return { registry, clock, counters, announce, round }
}

describe('a clean-up', () => {
  it('removes peers that have been silent for the whole timeout, and reports what each round did', () => {
    const { registry, clock, counters, announce, round } = aHousekeeping(false)
    announce(1)
    announce(2)
    clock.seconds += 99
    announce(2)
    expect(round()).toEqual({ peersRemoved: 0, torrentsRemoved: 0 })
    clock.seconds += 1
    expect(round()).toEqual({ peersRemoved: 1, torrentsRemoved: 1 })
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 1, ipv4Peers: 1 })
    clock.seconds += 99
    expect(round()).toEqual({ peersRemoved: 1, torrentsRemoved: 1 })
    expect(counters.total(TrackerCounter.peers_expired)).toBe(2)
  })

  it.each([86_400, -3600])('goes by the time passed even when the clock is set by %i s', (stepSeconds) => {
    const { clock, announce, round } = aHousekeeping(false)
    announce(1)
    clock.stepSeconds = stepSeconds
    clock.seconds += 99
    expect(round()).toEqual({ peersRemoved: 0, torrentsRemoved: 0 })
    clock.seconds += 1
    expect(round()).toEqual({ peersRemoved: 1, torrentsRemoved: 1 })
  })

  it.each([
    [false, 1],
    [true, 0],
  ])('with dropsEmptyTorrents %s leaves %d torrents with completed downloads', (dropsEmptyTorrents, torrents) => {
    const { registry, clock, announce, round } = aHousekeeping(dropsEmptyTorrents)
    announce(1)
    announce(1, { event: AnnounceEvent.Completed, left: 0n })
    clock.seconds += 100
    expect(round()).toEqual({ peersRemoved: 1, torrentsRemoved: 1 - torrents })
    expect(swarmTotals(registry.memory).torrents).toBe(torrents)
  })
})

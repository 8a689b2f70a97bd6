import { describe, expect, it } from '@jest/globals'
import { PaceKeeper } from '../../src/application/pace-keeper.ts'
import { AnnounceRequest } from '../../src/domain/announce.ts'
import { AnnouncePace } from '../../src/domain/pacing/announce-pace.ts'
import { createPaceMemory } from '../../src/domain/pacing/pace-memory.ts'
import { TrackerCounter, type TrackerCounterName } from '../../src/domain/ports/outbound/counters.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../model/announcing.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

const TARGET = { announcesPerSecond: 1, minSeconds: 600, maxSeconds: 9000, jitter: 0 }

function aKeeper({ peers = 0, served = 0 } = {}) {
  const registry = aRegistry()
  for (let port = 1; port <= peers; port++) {
    const endpoint = anEndpoint([1, 2, 3, 4], port)
    registry.announce(fillRequest(new AnnounceRequest(), anAnnounce({ endpoint, peerId: twentyBytes(port) })), aReply())
  }
  const counters = new PlainCounters()
  counters.add(TrackerCounter.announces_served, served)
  const clock = new StoppedClock(EPOCH + 500)
  const memory = createPaceMemory()
  const keeper = new PaceKeeper(TARGET, { swarms: registry.memory, counters, clock, pace: memory })
  const pace = new AnnouncePace({ intervalSeconds: 600, minIntervalSeconds: 300, jitter: 0 }, memory)
  const inForce = () => {
    pace.follow()
    return pace.intervalSeconds
  }
  return { keeper, counters, clock, inForce }
}

describe('the keeper of the pace', () => {
  it('sets the first interval before any announce: that of an empty tracker, or of the peers that it has', () => {
    expect(aKeeper().inForce()).toBe(300)
    expect(aKeeper({ peers: 700 }).inForce()).toBe(700)
  })

  it.each<TrackerCounterName>([
    'announces_served',
    'announces_refused_for_memory',
    'announces_refused_for_share',
    'announces_shed',
  ])('counts %s since the last step', (name) => {
    const { keeper, counters, clock, inForce } = aKeeper({ peers: 700, served: 50_000 })
    for (let step = 0; step < 2; step++) {
      counters.add(TrackerCounter[name], 150)
      clock.seconds += 50
      keeper.adjust()
    }
    expect(inForce()).toBe(900)
  })

  it('is not affected by announces without an interval, nor by the date', () => {
    const { keeper, counters, clock, inForce } = aKeeper({ peers: 700 })
    counters.add(TrackerCounter.announces_refused_without_key, 5000)
    counters.add(TrackerCounter.announces_refused_unregistered, 5000)
    clock.stepSeconds = -1_000_000
    keeper.adjust()
    expect(inForce()).toBe(700)
  })
})

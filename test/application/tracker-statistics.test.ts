import { describe, expect, it } from '@jest/globals'
import { clientName } from '../../src/adapters/protocol/rest/peer-client.ts'
import { CensusTaker } from '../../src/application/census-taker.ts'
import { TrackerStatistics } from '../../src/application/tracker-statistics.ts'
import { AnnounceEvent, AnnounceRequest } from '../../src/domain/announce.ts'
import type { SwarmRegistry } from '../../src/domain/swarm/swarm-registry.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, hashWords, twentyBytes } from '../model/announcing.ts'
import { aRegistry, EPOCH } from '../model/world.ts'

function aTracker() {
  const registry = aRegistry()
  const announce = (changes = {}) =>
    registry.announce(fillRequest(new AnnounceRequest(), anAnnounce(changes)), aReply())
  announce()
  announce({ event: AnnounceEvent.Completed, left: 0n })
  announce({ endpoint: anEndpoint([0x20, 1, ...new Array(14).fill(1)], 6881), peerId: twentyBytes(9) })
  registry.remember(hashWords(twentyBytes(1)), 0, 40)
  return registry
}

function statisticsOf(registry: SwarmRegistry, persisted: { total(): number } | undefined) {
  const dependencies = { clientName, clock: new StoppedClock(EPOCH + 1000), pause: new ShortPause() }
  return new TrackerStatistics(registry, new CensusTaker(registry, dependencies, 60), persisted)
}

describe('statistics', () => {
  it('count torrents, peers and the downloads of this run', () => {
    const statistics = statisticsOf(aTracker(), undefined)
    const snapshot = statistics.snapshot()
    expect(snapshot).toMatchObject({
      torrents: 1,
      seeders: 1,
      leechers: 1,
      ipv4Peers: 1,
      ipv6Peers: 1,
      completed: 1,
      completedThisRun: 1,
      completedPersisted: undefined,
    })
  })

  it('include the downloads of all runs when they are persisted', () => {
    const statistics = statisticsOf(aTracker(), { total: () => 5_000_000_041 })
    expect(statistics.snapshot()).toMatchObject({
      completed: 5_000_000_041,
      completedThisRun: 1,
      completedPersisted: 5_000_000_041,
    })
  })
})

import { describe, expect, it } from '@jest/globals'
import { clientName } from '../../src/adapters/protocol/rest/peer-client.ts'
import { CensusTaker } from '../../src/application/census-taker.ts'
import { TrackerStatistics } from '../../src/application/tracker-statistics.ts'
import { AnnounceEvent, AnnounceRequest } from '../../src/domain/announce.ts'
import { AttackMode, createAttackMemory } from '../../src/domain/attack-mode.ts'
import { AnnouncePace } from '../../src/domain/pacing/announce-pace.ts'
import { createPaceMemory, writePace } from '../../src/domain/pacing/pace-memory.ts'
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

function statisticsOf(
  registry: SwarmRegistry,
  persisted: { total(): number } | undefined,
  paceMemory = createPaceMemory(),
  attackMemory = createAttackMemory(),
) {
  const dependencies = { clientName, clock: new StoppedClock(EPOCH + 1000), pause: new ShortPause() }
  const censusTaker = new CensusTaker(registry, dependencies, 60)
  const configured = { intervalSeconds: 1800, minIntervalSeconds: 900, jitter: 0.2 }
  const pace = new AnnouncePace(configured, paceMemory)
  const attack = new AttackMode(attackMemory)
  return new TrackerStatistics(registry, { censusTaker, pace, attack, persisted })
}

describe('statistics', () => {
  it('say whether the tracker is under attack', () => {
    const memory = createAttackMemory()
    const statistics = statisticsOf(aTracker(), undefined, createPaceMemory(), memory)
    expect(statistics.snapshot().isUnderAttack).toBe(false)
    new AttackMode(memory).set(true)
    expect(statistics.snapshot().isUnderAttack).toBe(true)
  })

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

  it('have the announce interval in force: the configured one, until another is written', () => {
    const paceMemory = createPaceMemory()
    const statistics = statisticsOf(aTracker(), undefined, paceMemory)
    expect(statistics.snapshot().announceIntervalSeconds).toBe(1800)
    writePace(new Int32Array(paceMemory), { intervalSeconds: 4000, peerShare: 1, shedShare: 0 })
    expect(statistics.snapshot().announceIntervalSeconds).toBe(4000)
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

// Announces that are prefetched and then never answered, with a real tracker.

import { describe, expect, it } from '@jest/globals'
import { SwarmTracker } from '../../../../src/application/swarm-tracker.ts'
import { Admission } from '../../../../src/domain/access/admission.ts'
import { KeyTable } from '../../../../src/domain/access/key-table.ts'
import { Mark, TorrentMarks } from '../../../../src/domain/access/torrent-marks.ts'
import { AnnouncePace } from '../../../../src/domain/pacing/announce-pace.ts'
import { createPaceMemory } from '../../../../src/domain/pacing/pace-memory.ts'
import { PeerPolicy } from '../../../../src/domain/peer-policy.ts'
import { Random } from '../../../../src/domain/swarm/random.ts'
import { readSwarm } from '../../../../src/domain/swarm/swarm-reader.ts'
import { swarmTotals } from '../../../../src/domain/swarm/swarm-totals.ts'
import { PlainCounters } from '../../../fakes/plain-counters.ts'
import { RememberingFacts } from '../../../fakes/remembering-facts.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { anAnnounce, bytesOf, INFO_HASH, NOW_SECONDS, OTHER_INFO_HASH } from '../../../fixtures/udp-vectors.ts'
import { anAccessMemory } from '../../../model/access.ts'
import { hashWords } from '../../../model/announcing.ts'
import { memoryProblems } from '../../../model/check-memory.ts'
import { aRegistry } from '../../../model/world.ts'
import { HandlerOnADesk } from './a-handler.ts'

const DROPPED = bytesOf(anAnnounce({ infoHash: OTHER_INFO_HASH }))
const NEXT = bytesOf(anAnnounce({ infoHash: INFO_HASH }))
/** Header, interval and counts. */
const REPLY_BYTES = 20

function aDesk(isListed = false) {
  const registry = aRegistry()
  const access = anAccessMemory()
  const marks = new TorrentMarks(access)
  const clock = new StoppedClock(NOW_SECONDS)
  const modes = { isPrivate: false, isListed, checksExpiration: true }
  const admission = new Admission(marks, new KeyTable(access), modes)
  const realTracker = new SwarmTracker(
    registry,
    admission,
    new PeerPolicy('scope', []),
    new AnnouncePace({ intervalSeconds: 1800, minIntervalSeconds: 900, jitter: 0 }, createPaceMemory()),
    {
      clock,
      wallClock: clock,
      counters: new PlainCounters(),
      facts: new RememberingFacts(),
      random: new Random(7),
    },
  )
  return { registry, marks, desk: new HandlerOnADesk({ realTracker }) }
}

function peersOf(registry: ReturnType<typeof aRegistry>, infoHash: string): number {
  return readSwarm(registry, Buffer.from(infoHash, 'hex'))?.peers.length ?? 0
}

describe('an announce in the slot of one that was prefetched and dropped', () => {
  it('is applied to its own torrent', () => {
    const { desk, registry } = aDesk()
    desk.prefetch(DROPPED)
    expect(desk.answerAlone(NEXT)).toBe(REPLY_BYTES)
    expect([peersOf(registry, INFO_HASH), peersOf(registry, OTHER_INFO_HASH)]).toEqual([1, 0])
    expect(swarmTotals(registry.memory).torrents).toBe(1)
    expect(memoryProblems(registry.memory)).toEqual([])
  })

  it('is checked against the marks of its own torrent', () => {
    const { desk, marks, registry } = aDesk(true)
    marks.mark(hashWords(INFO_HASH), 0, Mark.Listed)
    desk.prefetch(DROPPED)
    expect(desk.answerAlone(NEXT)).toBe(REPLY_BYTES)
    expect(peersOf(registry, INFO_HASH)).toBe(1)
  })
})

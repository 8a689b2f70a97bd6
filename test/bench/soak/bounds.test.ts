// The bounds of the soak: each is missed by a phase that is just beyond it, and held by one that is just within.

import { describe, expect, it } from '@jest/globals'
import { judge } from './bounds.ts'
import type { HttpFigures, Outcome, UdpFigures } from './generator.ts'
import type { Phase } from './soak.ts'

const MIB = 2 ** 20
const BUDGET = 1024 * MIB

function anOutcome(parts: Partial<Outcome> = {}): Outcome {
  return { begun: 1000, answered: 1000, lost: 0, failed: 0, retries: 0, p50Us: 1, p99Us: 1, p999Us: 1, ...parts }
}

interface Parts {
  readonly udp?: Partial<UdpFigures>
  readonly http?: Partial<HttpFigures>
  readonly peakResidentBytes?: number
  readonly swarm?: Partial<NonNullable<Phase['swarm']>>
}

function aPhase({ udp, http, peakResidentBytes = 0, swarm }: Parts = {}): Phase {
  const outcome = anOutcome()
  const kinds = { announce: outcome, newcomer: outcome, scrape: outcome, renewal: outcome, floor: outcome }
  const connections = { ...outcome, unsent: 0 }
  return {
    name: 'a phase',
    isAttack: true,
    udp: { ...kinds, seconds: 1, unsent: 0, readingP99Us: 1, lastFailure: '', ...udp },
    http: { seconds: 1, kept: connections, fresh: connections, ...http },
    usage: { cores: 1, peakResidentBytes, risen: {} },
    attackPerSecond: [],
    swarm: { seedersKept: 30, newcomersStored: 100, storedInNewTorrent: 100, ...swarm },
  }
}

function missed(parts: Parts, isTimed = true): string[] {
  const verdicts = judge({ phases: [aPhase(parts)], budgetBytes: BUDGET }, isTimed)
  return verdicts.filter(({ isHeld }) => !isHeld).map(({ bound, found }) => `${bound}: ${found}`)
}

function lost(count: number) {
  return anOutcome({ answered: 1000 - count, lost: count })
}

function overHttp(count: number) {
  return { ...lost(count), unsent: 0 }
}

describe('the bounds of the soak', () => {
  it.each<[string, Parts, Parts]>([
    ['99.50 % of announces with an id', { udp: { announce: lost(5) } }, { udp: { announce: lost(6) } }],
    ['95.00 % of newcomers over UDP', { udp: { newcomer: lost(50) } }, { udp: { newcomer: lost(51) } }],
    ['99.50 % of announces on kept', { http: { kept: overHttp(5) } }, { http: { kept: overHttp(6) } }],
    ['95.00 % of announces on fresh', { http: { fresh: overHttp(50) } }, { http: { fresh: overHttp(51) } }],
    ['resident memory', { peakResidentBytes: BUDGET + 150 * MIB }, { peakResidentBytes: BUDGET + 151 * MIB }],
    ['30 seeders kept', {}, { swarm: { seedersKept: 29 } }],
    ['100 newcomers stored:', {}, { swarm: { newcomersStored: 99 } }],
    ['100 newcomers stored in a new torrent', {}, { swarm: { storedInNewTorrent: -1 } }],
  ])('%s', (bound, within, beyond) => {
    expect(missed(within)).toEqual([])
    expect(missed(beyond)).toEqual([expect.stringContaining(bound)])
  })

  it('a wrong answer counts as none', () => {
    expect(missed({ udp: { announce: anOutcome({ answered: 994, failed: 6 }) } })).toEqual([
      '99.50 % of announces with an id answered: 99.40 %',
    ])
  })

  it('a phase in which nothing was asked misses what it should show', () => {
    const silent = anOutcome({ begun: 0, answered: 0 })
    expect(missed({ udp: { announce: silent } })).toEqual([expect.stringContaining('0.00 %')])
  })

  it('the p99 counts from the floor', () => {
    const slow = anOutcome({ p99Us: 60_000 })
    expect(missed({ udp: { announce: slow } })).toEqual([expect.stringContaining('over the floor')])
    expect(missed({ udp: { announce: slow, floor: anOutcome({ p99Us: 10_001 }) } })).toEqual([])
    expect(missed({ http: { kept: { ...slow, unsent: 0 } } })).toEqual([expect.stringContaining('kept connections')])
  })

  it('only memory and swarms are judged on a busy machine', () => {
    const slow = { udp: { announce: anOutcome({ answered: 1, lost: 999, p99Us: 9e6 }) } }
    expect(missed(slow, false)).toEqual([])
    expect(missed({ ...slow, swarm: { seedersKept: 0 } }, false)).toEqual(['30 seeders kept: 0'])
  })
})

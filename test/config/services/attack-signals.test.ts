// The signals with the default bounds: which crowds are no attack, and which floods are one.

import { describe, expect, it } from '@jest/globals'
import { Counter, type CounterName } from '../../../src/adapters/protocol/metrics/counters.ts'
import { AttackWatch } from '../../../src/application/attack-watch.ts'
import { ATTACK_SIGNALS } from '../../../src/config/services/attack-signals.ts'
import { attackOptions } from '../../../src/config/settings/options/attack.ts'
import { membersOf } from '../../../src/config/settings/options/members.ts'
import type { AttackChange } from '../../../src/domain/attack-detector.ts'
import { AttackMode, createAttackMemory } from '../../../src/domain/attack-mode.ts'
import { PlainCounters } from '../../fakes/plain-counters.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'

type Second = Partial<Record<CounterName, number>>

/** Lets seconds pass in which so much is counted; returns what changed. */
function aTracker(upSeconds = 600) {
  const counters = new PlainCounters()
  const clock = new StoppedClock(1_795_305_600)
  const mode = new AttackMode(createAttackMemory())
  const { minRate, ratio } = membersOf(attackOptions, undefined)
  const dependencies = { counters, clock, wallClock: clock, mode, alerts: undefined }
  const watch = new AttackWatch(ATTACK_SIGNALS, { minPerSecond: minRate, ratio }, dependencies)
  const pass = (seconds: number, counts: Second): AttackChange[] =>
    Array.from({ length: seconds }, () => {
      for (const [name, count] of Object.entries(counts)) counters.add(Counter[name as CounterName], count)
      clock.seconds++
      return watch.look()
    }).filter((change) => change !== undefined)
  pass(upSeconds, {})
  return { pass, mode }
}

describe('what is no attack', () => {
  it('is a seedbox that announces 5000 torrents at once, all with an expired id, every minute', () => {
    const { pass } = aTracker()
    for (let round = 0; round < 60; round++) {
      const changes = [
        ...pass(2, { udp_connection_id_mismatches: 2500, udp_errors_withheld: 2490 }),
        ...pass(13, {}),
        ...pass(2, { announces_served: 2500 }),
        ...pass(43, { announces_served: 3 }),
      ]
      expect(changes).toEqual([])
    }
  })

  it('is a carrier of 10,000 clients behind one address that return within a minute, above the rate of connects', () => {
    const { pass } = aTracker()
    const back = { announces_served: 170, udp_rate_limited: 300, udp_connection_id_mismatches: 170 }
    expect(pass(120, back)).toEqual([])
  })

  it('is the same carrier over HTTP, each of whose connections displaces an idle one', () => {
    const { pass } = aTracker()
    const back = { announces_served: 170, http_requests: 170, http_connections_displaced_by_address: 170 }
    expect(pass(60, back)).toEqual([])
  })

  it('is a university of 65,000 clients that return within half a minute', () => {
    const { pass } = aTracker()
    const back = { announces_served: 2200, http_requests: 500, http_connections_displaced_by_prefix: 500 }
    expect(pass(30, { ...back, udp_connection_id_mismatches: 2200 })).toEqual([])
  })

  it('is a restart without the old key, after which half a million clients send old ids, three times each', () => {
    const { pass } = aTracker(0)
    const changes = [
      ...pass(60, { udp_connection_id_mismatches: 25_000 }),
      ...pass(120, { udp_connection_id_mismatches: 3000, announces_served: 4000 }),
      ...pass(600, { udp_connection_id_mismatches: 200, announces_served: 300 }),
    ]
    expect(changes).toEqual([])
  })

  it('is an outage after which a small machine is behind for a minute', () => {
    const { pass } = aTracker()
    const overload = { announces_served: 40_000, udp_connects_shed: 60_000, udp_kernel_drops: 30_000 }
    expect(pass(60, overload)).toEqual([])
  })

  it('is the noise of the internet on a large tracker, and ten stray datagrams on a small one', () => {
    expect(aTracker().pass(600, { announces_served: 20_000, udp_datagrams_too_short: 3000 })).toEqual([])
    expect(aTracker().pass(600, { udp_datagrams_with_wrong_magic: 10 })).toEqual([])
  })

  it('is a listed tracker that refuses all announces, or a private one', () => {
    const refusals = {
      announces_refused_unregistered: 3000,
      udp_errors_withheld: 2900,
      announces_refused_without_key: 50,
    }
    expect(aTracker().pass(600, { ...refusals, udp_rate_limited: 1500 })).toEqual([])
  })
})

describe('an attack is', () => {
  it.each<[string, Second]>([
    ['junk', { udp_datagrams_too_short: 600, udp_kernel_filtered: 600 }],
    ['junk', { udp_unknown_actions: 500, udp_datagrams_from_nowhere: 300, udp_datagrams_from_port_zero: 300 }],
    ['junk', { udp_datagrams_with_wrong_magic: 1001 }],
    ['wrong_ids', { udp_connection_id_mismatches: 50_000 }],
    ['connects_shed', { udp_connects_shed: 100_000 }],
    ['kernel_drops', { udp_kernel_drops: 2000 }],
    ['rate_limited', { udp_rate_limited: 600, http_rate_limited: 600 }],
    ['refused_for_memory', { announces_refused_for_memory: 600, announces_refused_for_share: 401 }],
    ['connections', { http_connections_refused: 60, http_connections_displaced_by_address: 41 }],
    ['connections', { http_connections_displaced_by_prefix: 60, http_connections_displaced_by_total: 41 }],
  ])('a flood of %s: %j', (name, counts) => {
    const { pass, mode } = aTracker()
    expect(pass(5, { announces_served: 100, http_requests: 50, ...counts })).toMatchObject([
      { kind: 'began', rates: [{ name }] },
    ])
    expect(mode.isOn).toBe(true)
  })
})

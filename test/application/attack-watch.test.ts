import { describe, expect, it } from '@jest/globals'
import { AttackWatch } from '../../src/application/attack-watch.ts'
import { AttackMode, createAttackMemory } from '../../src/domain/attack-mode.ts'
import type { Alert } from '../../src/domain/ports/outbound/alert-channel.ts'
import { TrackerCounter } from '../../src/domain/ports/outbound/counters.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'

const SIGNALS = [
  {
    name: 'memory',
    weight: 1,
    graceSeconds: 0,
    bad: [TrackerCounter.announces_refused_for_memory, TrackerCounter.swarms_evicted],
    served: [TrackerCounter.announces_served, TrackerCounter.announces_shed],
  },
]
const START = 1_795_305_600

function aWatch({ hasAlerts = true } = {}) {
  const counters = new PlainCounters()
  counters.add(TrackerCounter.announces_refused_for_memory, 9_000_000)
  const clock = new StoppedClock(START)
  const memory = createAttackMemory()
  const mode = new AttackMode(memory)
  const alerts: Alert[] = []
  const channel = { raise: (alert: Alert) => alerts.push(alert) }
  const dependencies = { counters, clock, wallClock: clock, mode, alerts: hasAlerts ? channel : undefined }
  const watch = new AttackWatch(SIGNALS, { minPerSecond: 1000, ratio: 2 }, dependencies)
  /** Looks once a second, and returns the last change. */
  const pass = (seconds: number, refused: number, evicted = 0, served = 0) => {
    let last: unknown
    for (let i = 0; i < seconds; i++) {
      counters.add(TrackerCounter.announces_refused_for_memory, refused)
      counters.add(TrackerCounter.swarms_evicted, evicted)
      counters.add(TrackerCounter.announces_served, served)
      clock.seconds++
      last = watch.look() ?? last
    }
    return last
  }
  return { watch, counters, clock, mode: new AttackMode(memory), alerts, pass }
}

describe('the watch for attacks', () => {
  it('adds up the counters of a signal, without what was counted before it began', () => {
    expect(aWatch().pass(10, 500, 500)).toBeUndefined()
    expect(aWatch().pass(10, 500, 501)).toMatchObject({ kind: 'began', rates: [{ perSecond: 1001 }] })
    expect(aWatch().pass(10, 4000, 0, 2000)).toBeUndefined()
  })

  it('turns the mode on and off in the memory of all threads, and counts attacks', () => {
    const { pass, mode, counters } = aWatch()
    pass(4, 5000)
    expect(mode.isOn).toBe(false)
    pass(1, 5000)
    expect(mode.isOn).toBe(true)
    expect(counters.total(TrackerCounter.attacks)).toBe(1)
    pass(59, 0)
    expect(mode.isOn).toBe(true)
    pass(1, 0)
    expect(mode.isOn).toBe(false)
    expect(counters.total(TrackerCounter.attacks)).toBe(1)
  })

  it('raises an alert at both moments, with rates and nothing else', () => {
    const { pass, alerts } = aWatch()
    pass(5, 5000)
    expect(alerts).toEqual([{ event: 'attack_began', atSeconds: START + 5, rates: { memory: 5000 } }])
    pass(3, 70_000)
    pass(60, 0)
    expect(alerts.slice(1)).toEqual([
      { event: 'attack_ended', atSeconds: START + 68, durationSeconds: 63, rates: { memory: 70_000 } },
    ])
  })

  it('counts for the next look what comes within the same second', () => {
    const { watch, counters, clock, pass } = aWatch()
    counters.add(TrackerCounter.announces_refused_for_memory, 800)
    expect(watch.look()).toBeUndefined()
    counters.add(TrackerCounter.announces_refused_for_memory, 800)
    clock.seconds++
    expect(watch.look()).toBeUndefined()
    expect(pass(4, 1600)).toMatchObject({ kind: 'began' })
  })

  it('is not affected by the date, and works without alerts', () => {
    const { clock, pass, mode } = aWatch({ hasAlerts: false })
    clock.stepSeconds = -1_000_000
    expect(pass(5, 5000)).toMatchObject({ kind: 'began' })
    expect(mode.isOn).toBe(true)
  })
})

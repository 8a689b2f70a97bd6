// When facts are collected, with a clock that the test controls.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { EventBus } from '../../../src/application/event-bus.ts'
import { FactCollector } from '../../../src/application/fact-collector.ts'
import { EventFlow } from '../../../src/config/services/event-flow.ts'
import { Bindings } from '../../../src/config/wiring/bindings.ts'
import { EventBusPart, FactCollectorPart } from '../../../src/config/wiring/parts.ts'
import { Events } from '../../../src/domain/ports/inbound/events.ts'
import { PlainCounters } from '../../fakes/plain-counters.ts'
import { ShortPause } from '../../fakes/short-pause.ts'

describe('the flow of events', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('collects facts ten times a second, and once more at the end', async () => {
    let drains = 0
    const inbox = { want: () => {}, drain: () => ++drains }
    const { get } = new Bindings()
      .bind(
        EventBusPart,
        () => new EventBus({ counters: new PlainCounters(), pause: new ShortPause(), failed: () => {} }),
      )
      .bind(Events, (get) => get(EventBusPart))
      .bind(FactCollectorPart, (get) => new FactCollector(inbox, get(EventBusPart), false))
    const flow = new EventFlow({ filter: { level: 'info', targets: [] }, style: undefined }, get, { log: () => {} })
    await jest.advanceTimersByTimeAsync(1000)
    expect(drains).toBe(0)
    flow.start()
    await jest.advanceTimersByTimeAsync(1000)
    expect(drains).toBe(10)
    await flow.stop()
    expect([drains, jest.getTimerCount()]).toEqual([11, 0])
  })
})

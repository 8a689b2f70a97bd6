import { describe, expect, it } from '@jest/globals'
import { EventBus, MAX_WAITING_EVENTS } from '../../src/application/event-bus.ts'
import type { InfoHash } from '../../src/domain/info-hash.ts'
import type { TrackerEvent } from '../../src/domain/ports/inbound/events.ts'
import { TrackerCounter } from '../../src/domain/ports/outbound/counters.ts'
import { CountingPause } from '../fakes/counting-pause.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { twentyBytes } from '../model/announcing.ts'

function added(n: number): TrackerEvent {
  return { kind: 'torrent-added', infoHash: twentyBytes(n) as InfoHash }
}

function removed(n: number): TrackerEvent {
  return { kind: 'torrent-removed', infoHash: twentyBytes(n) as InfoHash }
}

function aBus() {
  const counters = new PlainCounters()
  const pause = new CountingPause()
  const failures: string[] = []
  const bus = new EventBus({ counters, pause, failed: (listener, error) => failures.push(`${listener}: ${error}`) })
  const dropped = (): number => counters.total(TrackerCounter.events_dropped)
  const failed = (): number => counters.total(TrackerCounter.event_listener_failures)
  return { bus, pause, failures, dropped, failed }
}

describe('the event bus', () => {
  it('delivers to each listener the kinds that it wants, in order, and not synchronously', async () => {
    const { bus } = aBus()
    const everything: TrackerEvent[] = []
    const removals: TrackerEvent[] = []
    bus.listen('everything', ['torrent-added', 'torrent-removed'], (event) => everything.push(event))
    bus.listen('removals', ['torrent-removed'], (event) => removals.push(event))
    const events = [added(1), removed(1), { kind: 'key-expired', keyId: 3 } as const, added(2)]
    for (const event of events) bus.publish(event)
    expect(everything).toEqual([])
    await bus.settle()
    expect(everything).toEqual([added(1), removed(1), added(2)])
    expect(removals).toEqual([removed(1)])
  })

  it('continues to deliver to a listener whose queue was empty', async () => {
    const { bus } = aBus()
    const received: TrackerEvent[] = []
    bus.listen('listener', ['torrent-added'], (event) => received.push(event))
    for (let n = 1; n <= 5; n++) {
      bus.publish(added(n))
      await bus.settle()
      expect(received).toHaveLength(n)
    }
  })

  it('isolates a listener that throws or rejects, counts each failure and reports the first', async () => {
    const { bus, failures, failed } = aBus()
    const received: TrackerEvent[] = []
    bus.listen('thrower', ['torrent-added'], () => {
      throw new Error('no')
    })
    bus.listen('rejecter', ['torrent-added'], () => Promise.reject(new Error('never')))
    bus.listen('listener', ['torrent-added'], (event) => received.push(event))
    bus.publish(added(1))
    bus.publish(added(2))
    await bus.settle()
    expect(received).toEqual([added(1), added(2)])
    expect(failed()).toBe(4)
    expect(failures.sort()).toEqual(['rejecter: Error: never', 'thrower: Error: no'])
  })

  it('gives a listener one event at a time, and lets other listeners overtake a slow one', async () => {
    const { bus } = aBus()
    const slow: string[] = []
    let goOn = (): void => {}
    bus.listen('slow', ['torrent-added'], async () => {
      slow.push('begins')
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
      slow.push('ends')
    })
    const received = new Promise<TrackerEvent>((resolve) => {
      bus.listen('fast', ['torrent-removed'], resolve)
    })
    bus.publish(added(1))
    bus.publish(added(2))
    bus.publish(removed(3))
    expect(await received).toEqual(removed(3))
    expect(slow).toEqual(['begins'])
    while (slow.length < 4) {
      goOn()
      await undefined
    }
    await bus.settle()
    expect(slow).toEqual(['begins', 'ends', 'begins', 'ends'])
  })

  it('drops and counts what exceeds the queue of one listener, for that one only', async () => {
    const { bus, dropped } = aBus()
    const received: TrackerEvent[] = []
    bus.listen('stuck', ['torrent-added'], () => new Promise(() => {}))
    for (let n = 0; n < MAX_WAITING_EVENTS; n++) bus.publish(added(n))
    expect(dropped()).toBe(0)
    const isHeard = new Promise<void>((resolve) => {
      bus.listen('listener', ['torrent-added'], (event) => {
        received.push(event)
        if (received.length === 3) resolve()
      })
    })
    for (const n of [1, 2, 3]) bus.publish(added(n))
    expect(dropped()).toBe(3)
    await isHeard
    expect(received).toEqual([added(1), added(2), added(3)])
  })

  it('lets other work run after every few events', async () => {
    const { bus, pause } = aBus()
    bus.listen('listener', ['torrent-added'], () => {})
    for (let n = 0; n < 640; n++) bus.publish(added(n))
    await bus.settle()
    expect(pause.rests).toBe(10)
  })

  it('delivers nothing more to a listener that has stopped, not even waiting events', async () => {
    const { bus } = aBus()
    const received: TrackerEvent[] = []
    const stop = bus.listen('listener', ['torrent-added'], (event) => {
      received.push(event)
      stop()
    })
    for (const n of [1, 2, 3]) bus.publish(added(n))
    await bus.settle()
    bus.publish(added(4))
    await bus.settle()
    expect(received).toEqual([added(1)])
  })

  it('knows what is wanted, and reports when that may have changed', () => {
    const { bus } = aBus()
    const wanted: boolean[] = []
    bus.onWantedChange = () => wanted.push(bus.isWanted('torrent-added'))
    const stopFirst = bus.listen('first', ['torrent-added'], () => {})
    const stopSecond = bus.listen('second', ['torrent-added'], () => {})
    stopFirst()
    stopSecond()
    stopSecond()
    expect(wanted).toEqual([true, true, true, false])
  })
})

import { beforeEach, describe, expect, it } from '@jest/globals'
import { ClientTracing } from '../../src/application/client-tracing.ts'
import type { ClientRange } from '../../src/domain/client-range.ts'
import type { TraceSwitch } from '../../src/domain/ports/outbound/trace-switch.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { ManualTimer } from '../fakes/manual-timer.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'

const REQUEST = { listener: 'udp://0.0.0.0:6969', client: 'c', kind: 'connect', verdict: 'answered' } as const

class PlainSwitch implements TraceSwitch {
  number = 0
  traced: string | undefined

  turnOn(clients: ClientRange): number {
    this.traced = clients.text
    return ++this.number
  }

  turnOff(): void {
    this.traced = undefined
  }

  droppedLines(): number {
    return 7
  }
}

function limited(text: string, seconds = 60, maxLines = 3) {
  return { clients: { text, family: 0, words: new Int32Array(1) } as const, seconds, maxLines }
}

describe('client traces', () => {
  let traceSwitch: PlainSwitch
  let timer: ManualTimer
  let written: string[]
  let tracing: ClientTracing

  beforeEach(() => {
    traceSwitch = new PlainSwitch()
    timer = new ManualTimer()
    written = []
    tracing = new ClientTracing({
      traceSwitch,
      timer,
      wallClock: new StoppedClock(1000),
      journal: {
        started: ({ address }) => written.push(`started ${address}, on: ${traceSwitch.traced}`),
        request: ({ kind }) => written.push(kind),
        ended: ({ address, lines, droppedLines }, end) => {
          written.push(`ended ${address} ${end} ${lines} ${droppedLines}, on: ${traceSwitch.traced}`)
        },
      },
    })
  })

  it('are off at first', () => {
    expect([tracing.current(), traceSwitch.traced]).toEqual([undefined, undefined])
    tracing.close()
    expect(written).toEqual([])
  })

  it('end when their time is up', () => {
    const trace = { address: 'a', startedAtSeconds: 1000, endsAtSeconds: 1060, maxLines: 3, lines: 0 }
    expect(tracing.start(limited('a'))).toEqual({ ...trace, droppedLines: 0 })
    timer.advance(59_999)
    tracing.take(1, REQUEST)
    expect([tracing.current(), traceSwitch.traced]).toEqual([{ ...trace, lines: 1, droppedLines: 7 }, 'a'])
    timer.advance(1)
    expect([tracing.current(), traceSwitch.traced]).toEqual([undefined, undefined])
    expect(written).toEqual(['started a, on: undefined', 'connect', 'ended a time 1 7, on: undefined'])
  })

  it('end with their last line', () => {
    tracing.start(limited('a'))
    for (let i = 0; i < 5; i++) tracing.take(1, REQUEST)
    expect(written.slice(1)).toEqual(['connect', 'connect', 'connect', 'ended a lines 3 7, on: undefined'])
    expect(timer.pending).toBe(0)
  })

  it('are stopped once', () => {
    tracing.start(limited('a'))
    tracing.stop()
    expect(written.at(-1)).toBe('ended a stopped 0 7, on: undefined')
    expect(timer.pending).toBe(0)
    expect(() => tracing.stop()).toThrow(Refusal)
  })

  it('replace each other, and get no lines of the other one', () => {
    tracing.start(limited('a', 10))
    tracing.start(limited('b', 60))
    expect(written.slice(1)).toEqual(['ended a replaced 0 7, on: undefined', 'started b, on: undefined'])
    tracing.take(1, REQUEST)
    timer.advance(10_000)
    expect(tracing.current()).toMatchObject({ address: 'b', lines: 0 })
    tracing.take(2, REQUEST)
    expect(tracing.current()).toMatchObject({ address: 'b', lines: 1 })
  })

  it('end with the process', () => {
    tracing.start(limited('a'))
    tracing.close()
    expect(written.at(-1)).toBe('ended a shutdown 0 7, on: undefined')
  })
})

// A client trace in shared memory: the switch of the main thread and the taps of two others.

import { describe, expect, it } from '@jest/globals'
import { SharedRequestTap } from '../../../../src/adapters/outbound/trace/shared-request-tap.ts'
import { SharedTraceSwitch } from '../../../../src/adapters/outbound/trace/shared-trace-switch.ts'
import { createTraceMemory, MAX_LINES_PER_SECOND } from '../../../../src/adapters/outbound/trace/trace-memory.ts'
import { readClientRange } from '../../../../src/adapters/protocol/client-range-text.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'

const REQUEST = { listener: 'udp://0.0.0.0:6969', client: 'c', kind: 'connect', verdict: 'answered' } as const

function range(text: string) {
  const clients = readClientRange(text)
  if (clients === undefined) throw new Error(text)
  return clients
}

function aTrace() {
  const memory = createTraceMemory()
  const clock = new StoppedClock(1000)
  const sent: number[] = []
  const tap = () => new SharedRequestTap(memory, clock, (trace) => sent.push(trace))
  return { traceSwitch: new SharedTraceSwitch(memory), clock, sent, taps: [tap(), tap()] as const }
}

/** Whether an address, at word 3 of a larger memory, is traced. */
function isTraced(tap: SharedRequestTap, text: string): boolean {
  const { family, words } = range(text)
  return tap.isTraced(family, Int32Array.of(7, 7, 7, ...words), 3)
}

describe('a client trace', () => {
  it('is off until it is turned on, and off again after that', () => {
    const { traceSwitch, sent, taps } = aTrace()
    expect(taps[0].isOn()).toBe(false)
    taps[0].note(REQUEST)
    traceSwitch.turnOn(range('192.0.2.1'), 10)
    expect(taps.map((tap) => tap.isOn())).toEqual([true, true])
    traceSwitch.turnOff()
    expect(taps[0].isOn()).toBe(false)
    taps[0].note(REQUEST)
    expect(sent).toEqual([])
  })

  it.each([
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['192.0.2.1', '2001:db8::1', false],
    ['2001:db8::1', '2001:db8::1', true],
    ['2001:db8::1', '2001:db8::2', false],
    ['2001:db8::/64', '2001:db8::2', true],
    ['2001:db8::/64', '2001:db8:0:1::2', false],
    ['::/64', '0.0.0.0', false],
  ])('of %s follows %s: %p', (traced, address, follows) => {
    const { traceSwitch, taps } = aTrace()
    traceSwitch.turnOn(range(traced), 10)
    expect(isTraced(taps[0], address)).toBe(follows)
  })

  it('numbers the requests by trace', () => {
    const { traceSwitch, sent, taps } = aTrace()
    const first = traceSwitch.turnOn(range('192.0.2.1'), 10)
    taps[0].note(REQUEST)
    const second = traceSwitch.turnOn(range('192.0.2.2'), 10)
    taps[1].note(REQUEST)
    expect(sent).toEqual([first, second])
    expect(first).not.toBe(second)
  })

  it('sends no more lines than it has, from all threads together', () => {
    const { traceSwitch, sent, taps } = aTrace()
    traceSwitch.turnOn(range('192.0.2.1'), 3)
    for (let i = 0; i < 4; i++) for (const tap of taps) tap.note(REQUEST)
    expect(sent).toHaveLength(3)
    expect(traceSwitch.droppedLines()).toBe(0)
  })

  it('drops and counts what is too much for a second', () => {
    const { traceSwitch, clock, sent, taps } = aTrace()
    traceSwitch.turnOn(range('192.0.2.1'), 1000)
    for (let i = 0; i < MAX_LINES_PER_SECOND; i++) for (const tap of taps) tap.note(REQUEST)
    expect([sent.length, traceSwitch.droppedLines()]).toEqual([MAX_LINES_PER_SECOND, MAX_LINES_PER_SECOND])
    clock.seconds++
    taps[0].note(REQUEST)
    expect([sent.length, traceSwitch.droppedLines()]).toEqual([MAX_LINES_PER_SECOND + 1, MAX_LINES_PER_SECOND])
    traceSwitch.turnOn(range('192.0.2.1'), 1000)
    expect(traceSwitch.droppedLines()).toBe(0)
  })

  it('tells families apart when their words are equal', () => {
    const { traceSwitch, taps } = aTrace()
    traceSwitch.turnOn(range('32.1.13.184'), 10)
    expect(taps[0].isTraced(Family.IPv6, range('2001:db8::1').words, 0)).toBe(false)
  })
})

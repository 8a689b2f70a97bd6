import { describe, expect, it } from '@jest/globals'
import { createCounterMemory, SharedCounters } from '../../../src/adapters/outbound/metrics/shared-counters.ts'
import { COUNTER_NAMES } from '../../../src/adapters/protocol/metrics/counters.ts'
import { HTTP_REQUEST_COUNTERS } from '../../../src/adapters/protocol/metrics/tables/http-table.ts'
import { UDP_REQUEST_COUNTERS } from '../../../src/adapters/protocol/metrics/tables/udp-table.ts'
import { counterEnd } from '../../../src/config/wiring/metric-layout.ts'

function countedNames(countsRequests: boolean): string[] {
  const memory = createCounterMemory(1, 0, COUNTER_NAMES.length)
  const counters = new SharedCounters(memory, { thread: 0, end: counterEnd(countsRequests) })
  for (const index of COUNTER_NAMES.keys()) counters.add(index, 1)
  return COUNTER_NAMES.filter((_, index) => counters.total(index) === 1)
}

describe('statistics of requests', () => {
  it('are counted like everything else if they are on', () => {
    expect(countedNames(true)).toEqual([...COUNTER_NAMES])
  })

  it('are the only ones left out if they are off', () => {
    const requests: readonly string[] = [...UDP_REQUEST_COUNTERS, ...HTTP_REQUEST_COUNTERS]
    expect(countedNames(false)).toEqual(COUNTER_NAMES.filter((name) => !requests.includes(name)))
  })
})

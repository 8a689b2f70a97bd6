import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { EventLog } from '../../../src/config/services/event-log.ts'
import type { InfoHash } from '../../../src/domain/info-hash.ts'
import { twentyBytes } from '../../model/announcing.ts'

function aLog() {
  const lines: unknown[] = []
  const log = new EventLog({ log: (...line) => lines.push(line) })
  const write = (n: number): void => log.write({ kind: 'torrent-added', infoHash: twentyBytes(n) as InfoHash })
  return { lines, log, write }
}

function leftOut(count: number) {
  return ['debug', 'EVENTS', 'more events than are logged', { leftOut: count }]
}

describe('the event log', () => {
  // The test controls the clock.
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('writes what happened to what', () => {
    const { lines, log, write } = aLog()
    write(1)
    log.write({ kind: 'key-expired', keyId: 5 })
    expect(lines).toEqual([
      ['debug', 'EVENTS', 'torrent added', { infoHash: twentyBytes(1) }],
      ['debug', 'EVENTS', 'key expired', { keyId: 5 }],
    ])
  })

  it('writes at most a hundred lines a second, and reports how many were omitted', () => {
    const { lines, write } = aLog()
    for (let n = 0; n < 130; n++) write(n)
    expect(lines).toHaveLength(100)
    jest.advanceTimersByTime(1000)
    expect(lines.slice(100)).toEqual([leftOut(30)])
    for (let n = 0; n < 5; n++) write(n)
    expect(lines).toHaveLength(106)
    jest.advanceTimersByTime(1000)
    expect([lines.length, jest.getTimerCount()]).toEqual([106, 0])
  })

  it('reports at the end what was omitted until then', () => {
    const { lines, log, write } = aLog()
    for (let n = 0; n < 101; n++) write(n)
    log.close()
    log.close()
    expect(lines.slice(100)).toEqual([leftOut(1)])
    expect(jest.getTimerCount()).toBe(0)
  })
})

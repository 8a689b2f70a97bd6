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
  return ['debug', 'EVENTS', 'more than can be told', { leftOut: count }]
}

describe('the log of events', () => {
  // Time is an argument here: the clock of the test moves when it is told to.
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('says what has happened to what', () => {
    const { lines, log, write } = aLog()
    write(1)
    log.write({ kind: 'key-expired', keyId: 5 })
    expect(lines).toEqual([
      ['debug', 'EVENTS', 'torrent added', { infoHash: twentyBytes(1) }],
      ['debug', 'EVENTS', 'key expired', { keyId: 5 }],
    ])
  })

  it('has a hundred lines for a second, and says how many were left out', () => {
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

  it('says at the end what was left out until then', () => {
    const { lines, log, write } = aLog()
    for (let n = 0; n < 101; n++) write(n)
    log.close()
    log.close()
    expect(lines.slice(100)).toEqual([leftOut(1)])
    expect(jest.getTimerCount()).toBe(0)
  })
})

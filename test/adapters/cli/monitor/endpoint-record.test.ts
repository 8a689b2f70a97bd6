import { describe, expect, it } from '@jest/globals'
import { EndpointRecord } from '../../../../src/adapters/cli/monitor/endpoint-record.ts'
import { type ProbeEvent, readProbeEvent, writeProbeEvent } from '../../../../src/adapters/cli/monitor/probe-event.ts'
import { Records } from '../../../../src/adapters/cli/monitor/records.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 10, 28)
const URL = 'udp://tracker.example.org:6969'

function event(changes: Partial<ProbeEvent> = {}): ProbeEvent {
  return { atMs: START, url: URL, address: '192.0.2.1', status: 'ok', latencyMs: 10, message: undefined, ...changes }
}

describe('the record of an endpoint', () => {
  it('has percentiles of its latencies', () => {
    const record = new EndpointRecord(URL, '192.0.2.1')
    expect(record.latencies).toBeUndefined()
    for (let latencyMs = 1; latencyMs <= 1000; latencyMs++) record.add(event({ latencyMs }))
    const { p50 = 0, p95 = 0, p99 = 0 } = record.latencies ?? {}
    // Two digits.
    expect([p50 / 500, p95 / 950, p99 / 990].every((ratio) => ratio >= 0.99 && ratio <= 1.01)).toBe(true)
    expect(record.latencySumMs).toBe(500_500)
  })

  it('keeps a latency of any size', () => {
    const record = new EndpointRecord(URL, undefined)
    for (const latencyMs of [0, 0.04, 1e9]) record.add(event({ latencyMs }))
    expect(record.latencies?.p50).toBeLessThan(1)
    expect(record.latencies?.p99).toBeGreaterThan(HOUR * 0.99)
  })

  it('has an uptime altogether and of the last day, which months do not enlarge', () => {
    const record = new EndpointRecord(URL, undefined)
    const hours = 24 * 90
    for (let hour = 0; hour < hours; hour++) {
      for (let probe = 0; probe < 4; probe++) {
        const isDown = hour < hours / 2 || (hour === hours - 1 && probe === 0)
        record.add(event({ atMs: START + hour * HOUR + probe * 60_000, ...(isDown ? { status: 'timeout' } : {}) }))
      }
    }
    const now = START + (hours - 1) * HOUR
    expect(record.uptime).toBeCloseTo(0.5, 3)
    expect(record.uptimeOfDay(now)).toBeCloseTo(95 / 96, 6)
    expect(record.uptimeOfDay(now + 48 * HOUR)).toBeUndefined()
    expect(record.counts).toEqual({ ok: hours * 2 - 1, timeout: hours * 2 + 1, error: 0, unknown: 0 })
  })

  it('knows since when it is up or down', () => {
    const record = new EndpointRecord(URL, undefined)
    record.add(event({ atMs: START }))
    record.add(event({ atMs: START + 1000 }))
    expect([record.status, record.sinceMs]).toEqual(['ok', START])
    record.add(event({ atMs: START + 2000, status: 'error', message: 'no' }))
    record.add(event({ atMs: START + 3000, status: 'error', message: 'no' }))
    expect([record.status, record.sinceMs, record.lastAtMs, record.message]).toEqual([
      'error',
      START + 2000,
      START + 3000,
      'no',
    ])
  })

  it('does not count what was never sent', () => {
    const record = new EndpointRecord(URL, undefined)
    record.add(event({ status: 'unknown', latencyMs: undefined }))
    expect([record.uptime, record.uptimeOfDay(START), record.counts.unknown]).toEqual([undefined, undefined, 1])
  })
})

describe('the records', () => {
  it('forget the address that was not seen for longest, when a name has had too many', () => {
    const records = new Records([URL])
    for (let i = 0; i < 100; i++) records.add(event({ atMs: START + i, address: `192.0.2.${i}` }))
    const addresses = records.all().map(({ address }) => address)
    expect(addresses).toHaveLength(32)
    expect(addresses).toContain('192.0.2.99')
    expect(addresses).not.toContain('192.0.2.67')
  })

  it('are only of trackers that are watched', () => {
    const records = new Records([URL])
    expect([records.add(event()), records.add(event({ url: 'udp://other:1' }))]).toEqual([true, false])
    expect(records.all()).toHaveLength(1)
  })
})

describe('a line of the file', () => {
  it.each([
    event(),
    event({ address: undefined, status: 'error', latencyMs: undefined, message: 'no\n"address"' }),
    event({ status: 'unknown', latencyMs: undefined }),
  ])('is read as it was written: %j', (given) => {
    const line = writeProbeEvent(given)
    expect(line.split('\n')).toHaveLength(2)
    expect(readProbeEvent(line)).toEqual(given)
  })

  it.each([
    '',
    '{',
    '7',
    'null',
    '{"event":"summary","time":"2026-11-28T00:00:00.000Z"}',
    writeProbeEvent(event()).slice(0, -3),
    writeProbeEvent(event()).replace('"ok"', '"well"'),
    writeProbeEvent(event()).replace('2026-11', 'x'),
  ])('is not read from %j', (line) => {
    expect(readProbeEvent(line)).toBeUndefined()
  })
})

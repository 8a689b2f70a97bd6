// The records of a tracker while its host cannot be looked up, and when its addresses change.

import { describe, expect, it } from '@jest/globals'
import { writeMonitorMetrics } from '../../../../src/adapters/cli/monitor/monitor-report.ts'
import type { ProbeEvent, ProbeStatus } from '../../../../src/adapters/cli/monitor/probe-event.ts'
import { Records } from '../../../../src/adapters/cli/monitor/records.ts'

const URL = 'udp://tracker.example.org:6969'
let now = 1_795_862_400_000

function event(address: string | undefined, status: ProbeStatus): ProbeEvent {
  now += 1000
  return { atMs: now, url: URL, address, status, latencyMs: status === 'ok' ? 5 : undefined, message: undefined }
}

/** Address and `muster_monitor_up`. */
function upOf(records: Records): readonly string[] {
  const metrics = writeMonitorMetrics(records.current())
  return [...metrics.matchAll(/^muster_monitor_up\{address="([^"]*)".*\} (\d)$/gm)].map(
    ([, address, up]) => `${address} ${up}`,
  )
}

function addAll(records: Records, ...events: readonly ProbeEvent[]): void {
  for (const one of events) records.add(one)
}

describe('records', () => {
  it('of all addresses are down while the host cannot be looked up', () => {
    const records = new Records([URL])
    records.noteAddresses(URL, ['192.0.2.1', '2001:db8::1'])
    addAll(records, event('192.0.2.1', 'ok'), event('2001:db8::1', 'ok'), event(undefined, 'error'))
    expect(upOf(records)).toEqual(['192.0.2.1 0', '2001:db8::1 0'])
    expect(records.all().map(({ counts }) => counts.error)).toEqual([1, 1])
    addAll(records, event('192.0.2.1', 'ok'), event('2001:db8::1', 'ok'))
    expect(upOf(records)).toEqual(['192.0.2.1 1', '2001:db8::1 1'])
  })

  it('without an address go when there is one', () => {
    const records = new Records([URL])
    records.add(event(undefined, 'error'))
    expect(upOf(records)).toEqual([' 0'])
    records.noteAddresses(URL, ['192.0.2.1'])
    expect(upOf(records)).toEqual([])
    records.add(event('192.0.2.1', 'ok'))
    expect(upOf(records)).toEqual(['192.0.2.1 1'])
  })

  it('without an address go also when events are read from a file', () => {
    const records = new Records([URL])
    addAll(records, event(undefined, 'error'), event('192.0.2.1', 'ok'))
    expect(records.all().map(({ address }) => address)).toEqual(['192.0.2.1'])
  })

  it('of addresses that have left DNS are kept, but are not current', () => {
    const records = new Records([URL])
    addAll(records, event('192.0.2.1', 'ok'), event('192.0.2.2', 'ok'))
    records.noteAddresses(URL, ['192.0.2.2'])
    addAll(records, event('192.0.2.2', 'ok'), event(undefined, 'error'))
    expect(upOf(records)).toEqual(['192.0.2.2 0'])
    expect(records.all().map(({ address, counts }) => [address, counts.ok, counts.error])).toEqual([
      ['192.0.2.1', 1, 0],
      ['192.0.2.2', 2, 1],
    ])
    records.noteAddresses(URL, ['192.0.2.1', '192.0.2.2'])
    expect(upOf(records)).toEqual(['192.0.2.1 1', '192.0.2.2 0'])
  })

  it('of 32 addresses are kept, rather those of addresses that the host still has', () => {
    const addresses = Array.from({ length: 33 }, (_, n) => `192.0.2.${n}`)
    const records = new Records([URL])
    addAll(records, ...addresses.slice(0, 32).map((address) => event(address, 'ok')))
    const current = addresses.filter((address) => address !== '192.0.2.7')
    records.noteAddresses(URL, current)
    records.add(event('192.0.2.32', 'ok'))
    expect(records.all().map(({ address }) => address)).toEqual(current)
  })

  it('of unknown state are neither up nor down', () => {
    const records = new Records([URL])
    addAll(records, event('192.0.2.1', 'ok'), event(undefined, 'unknown'))
    expect(upOf(records)).toEqual([])
    expect(records.current()[0]).toMatchObject({ status: 'unknown', uptime: 1 })
  })
})

import { describe, expect, it } from '@jest/globals'
import { TrackerStatus } from '../../../src/config/process/tracker-status.ts'

describe('the status of the tracker', () => {
  it('is starting, ready, then stopping', () => {
    const parts = new TrackerStatus(false)
    expect([parts.state(), parts.hasFailed(), parts.services(), parts.pingDatabase]).toEqual([
      'starting',
      false,
      [],
      undefined,
    ])
    parts.markReady()
    expect(parts.state()).toBe('ready')
    parts.markStopping()
    parts.markFailed()
    expect([parts.state(), parts.hasFailed()]).toEqual(['stopping', true])
  })

  it('has the current services of all sources', () => {
    const parts = new TrackerStatus(false)
    const service = { type: 'udp_tracker', scheme: 'udp', host: '127.0.0.1', port: 6969 } as const
    const late: (typeof service)[] = []
    parts.addServices(() => [service])
    parts.addServices(() => late)
    expect(parts.services()).toEqual([service])
    late.push(service)
    expect(parts.services()).toEqual([service, service])
  })

  it('is under attack as long as it is told so', () => {
    const parts = new TrackerStatus(false)
    let isAttacked = true
    expect(parts.isUnderAttack()).toBe(false)
    parts.watchAttacks(() => isAttacked)
    expect(parts.isUnderAttack()).toBe(true)
    isAttacked = false
    expect(parts.isUnderAttack()).toBe(false)
  })

  it('has a database that does not answer before it is open', async () => {
    const parts = new TrackerStatus(true)
    await expect(parts.pingDatabase?.()).rejects.toThrow('not open yet')
    parts.markDatabaseOpen(async () => undefined)
    await expect(parts.pingDatabase?.()).resolves.toBeUndefined()
  })
})

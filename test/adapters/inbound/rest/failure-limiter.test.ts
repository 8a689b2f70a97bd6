import { describe, expect, it } from '@jest/globals'
import { FailureLimiter } from '../../../../src/adapters/inbound/rest/failure-limiter.ts'

const NOW = 1_700_000_000
function failed(limiter: FailureLimiter, times: number, address = '192.0.2.1', now = NOW) {
  for (let i = 0; i < times; i++) limiter.noteFailure(address, now)
}

describe('the limit of failures', () => {
  it('is ten a minute per address', () => {
    const limiter = new FailureLimiter()
    failed(limiter, 9)
    expect(limiter.waitSeconds('192.0.2.1', NOW)).toBe(0)
    failed(limiter, 1, '192.0.2.1', NOW + 10)
    expect(limiter.waitSeconds('192.0.2.1', NOW + 10)).toBe(50)
    expect(limiter.waitSeconds('192.0.2.1', NOW + 59)).toBe(1)
    expect(limiter.waitSeconds('192.0.2.1', NOW + 60)).toBe(0)
    expect(limiter.waitSeconds('192.0.2.2', NOW + 10)).toBe(0)
  })

  it('is shared by an IPv6 /64, and by both forms of an IPv4 address', () => {
    const limiter = new FailureLimiter()
    failed(limiter, 10, '2001:db8:1:2::1')
    expect(limiter.waitSeconds('2001:db8:1:2:ffff::9', NOW)).toBe(60)
    expect(limiter.waitSeconds('2001:db8:1:3::1', NOW)).toBe(0)
    failed(limiter, 10, '::ffff:192.0.2.1')
    expect(limiter.waitSeconds('192.0.2.1', NOW)).toBe(60)
    failed(limiter, 10, 'fe80::1%eth0')
    expect(limiter.waitSeconds('fe80::2%eth1', NOW)).toBe(60)
  })

  it('is a hundred a minute in total, applied to addresses that have failed', () => {
    const limiter = new FailureLimiter()
    for (let i = 0; i < 100; i++) failed(limiter, 1, `192.0.2.${i}`)
    expect(limiter.waitSeconds('192.0.2.5', NOW + 20)).toBe(40)
    expect(limiter.waitSeconds('198.51.100.1', NOW + 20)).toBe(0)
    failed(limiter, 1, '198.51.100.1', NOW + 20)
    expect(limiter.waitSeconds('198.51.100.1', NOW + 20)).toBe(40)
    expect(limiter.waitSeconds('198.51.100.1', NOW + 60)).toBe(0)
  })

  it('evicts the oldest address when its memory is full', () => {
    const limiter = new FailureLimiter()
    failed(limiter, 10)
    for (let i = 0; i < 4096; i++) failed(limiter, 1, `10.0.${i >> 8}.${i & 255}`, NOW + 61)
    expect(limiter.waitSeconds('192.0.2.1', NOW + 1)).toBe(0)
  })

  it('ends when the clock is set back', () => {
    const limiter = new FailureLimiter()
    failed(limiter, 10)
    expect(limiter.waitSeconds('192.0.2.1', NOW - 30)).toBe(60)
    expect(limiter.waitSeconds('192.0.2.1', NOW - 3600)).toBe(0)
  })
})

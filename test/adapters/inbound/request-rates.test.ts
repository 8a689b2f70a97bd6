// The rate limits of protocol rule SEC-03, with the time set by hand: what a source may send, whom that affects, and
// crowds that must never be refused.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRateMemory, RateKind } from '../../../src/adapters/inbound/rate-memory.ts'
import type { RequestRates } from '../../../src/adapters/inbound/request-rates.ts'
import { IpAddress, readAddress } from '../../../src/adapters/protocol/address-text.ts'
import { DEFAULT_RATES, someRates } from '../../fixtures/rates.ts'

const NOW = 1_795_305_600
const HOUR = 3600
const { Connect, Announce, Scrape, Error: ErrorReply, HttpRequest } = RateKind

function address(text: string): IpAddress {
  const read = new IpAddress()
  if (!readAddress(text, 0, text.length, read)) throw new Error(text)
  return read
}

function ratesAt(seconds: number, rates = someRates()): RequestRates {
  rates.setTime(seconds)
  return rates
}

/** How many of `count` requests are allowed. */
function allowed(rates: RequestRates, kind: RateKind, from: string, count: number): number {
  const client = address(from)
  let sum = 0
  for (let i = 0; i < count; i++) if (rates.allowsAddress(kind, client)) sum++
  return sum
}

describe('a source', () => {
  it.each([
    ['connects', Connect, 500, 50],
    ['announces', Announce, 5000, 200],
    ['scrapes', Scrape, 50, 10],
    ['errors', ErrorReply, 10, 1],
    ['HTTP requests', HttpRequest, 5000, 200],
  ] as const)('is allowed a burst of %s, then its rate', (_, kind, burst, perSecond) => {
    const rates = ratesAt(NOW)
    expect(allowed(rates, kind, '8.8.8.8', 20_000)).toBe(burst)
    const later = [1, 2, 3].map((second) => allowed(ratesAt(NOW + second, rates), kind, '8.8.8.8', 20_000))
    // Costs are rounded to 15 microseconds.
    for (const sum of later) expect([perSecond, perSecond + 1]).toContain(sum)
    expect(allowed(ratesAt(NOW + 100, rates), kind, '8.8.8.8', 20_000)).toBe(burst)
  })

  it('has a rate for each kind of request', () => {
    const rates = ratesAt(NOW)
    const kinds = Object.values(RateKind)
    expect(kinds.map((kind) => allowed(rates, kind, '8.8.8.8', 10_000))).toEqual([500, 5000, 50, 10, 5000])
  })

  it('does not affect another one', () => {
    const rates = ratesAt(NOW)
    allowed(rates, Connect, '8.8.8.8', 10_000)
    expect(['8.8.8.9', '9.9.9.9', '2600::1'].map((other) => allowed(rates, Connect, other, 500))).toEqual([
      500, 500, 500,
    ])
  })

  it('is a /64 of IPv6', () => {
    const rates = ratesAt(NOW)
    expect(allowed(rates, Connect, '2600:1:2:3::1', 500)).toBe(500)
    expect(allowed(rates, Connect, '2600:1:2:3:ffff::9', 1)).toBe(0)
    expect(allowed(rates, Connect, '2600:1:2:4::1', 500)).toBe(500)
  })

  it.each([
    ['an IPv4 address', '0.0.1.1', '0.0.1.2'],
    ['an IPv6 address with the same first word', '8.8.8.8', '808:808::1'],
  ])('is not mistaken for %s', (_, one, other) => {
    const rates = ratesAt(NOW)
    allowed(rates, Connect, one, 1000)
    expect(allowed(rates, Connect, other, 500)).toBe(500)
  })

  it('has the same rate on every thread', () => {
    const memory = createRateMemory(Uint8Array.from({ length: 8 }, (_, i) => i))
    const [one, other] = [someRates({}, memory), someRates({}, memory)]
    expect(allowed(ratesAt(NOW + 1, one), Connect, '8.8.8.8', 300)).toBe(300)
    // Its clock is read a moment earlier.
    const there = allowed(ratesAt(NOW, other), Connect, '8.8.8.8', 1000)
    expect(there).toBe(149)
    expect(allowed(ratesAt(NOW + 1, one), Connect, '8.8.8.8', 1000)).toBe(200 - there)
    expect(allowed(ratesAt(NOW, other), Connect, '8.8.8.8', 1000)).toBe(0)
  })

  it('is forgiven once its debt is paid, also where the time in ticks wraps', () => {
    const WRAP = 65_536
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 }), fc.integer({ min: 10, max: 48 * HOUR }), (start, pause) => {
        // An entry untouched for exactly 18.2 hours looks like a debt.
        fc.pre(Math.abs(pause - WRAP) > 15 && Math.abs(pause - 2 * WRAP) > 15)
        const rates = ratesAt(start)
        if (allowed(rates, Connect, '8.8.8.8', 600) !== 500) return false
        return allowed(ratesAt(start + pause, rates), Connect, '8.8.8.8', 600) === 500
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    '::1',
    'fd00::1',
    'fe80::1',
  ])('with the private address %s is limited only if asked for', (from) => {
    expect(allowed(ratesAt(NOW), Connect, from, 10_000)).toBe(10_000)
    expect(allowed(ratesAt(NOW, someRates({ appliesToPrivate: true })), Connect, from, 10_000)).toBe(500)
  })

  it('is not limited when rates are off', () => {
    const rates = ratesAt(NOW, someRates({ isOn: false, appliesToPrivate: true }))
    expect(allowed(rates, Connect, '8.8.8.8', 10_000)).toBe(10_000)
  })
})

describe('a prefix', () => {
  it.each([
    ['a /24', (i: number) => `8.8.8.${i}`, '8.8.9.1'],
    ['a /48', (i: number) => `2600:1:2:${i.toString(16)}::1`, '2600:1:3::1'],
  ])('is allowed eight times as much as a source: %s', (_, at, neighbour) => {
    const rates = ratesAt(NOW)
    let sum = 0
    for (let i = 0; i < 256; i++) sum += allowed(rates, Connect, at(i), 500)
    expect(sum).toBe(4000)
    expect(allowed(rates, Connect, neighbour, 500)).toBe(500)
    let next = 0
    for (let i = 0; i < 256; i++) next += allowed(ratesAt(NOW + 1, rates), Connect, at(i), 500)
    // The cost of one is rounded to 15 microseconds.
    expect(Math.abs(next - 400)).toBeLessThanOrEqual(4)
  })

  it('is not charged for what its addresses are refused', () => {
    const rates = ratesAt(NOW)
    allowed(rates, Connect, '8.8.8.8', 100_000)
    expect(allowed(rates, Connect, '8.8.8.9', 500)).toBe(500)
  })
})

describe('the table', () => {
  it('keeps its size, and those above their rate, when a million addresses pass', () => {
    const memory = createRateMemory(Uint8Array.from({ length: 8 }, (_, i) => i))
    const before = memory.byteLength
    const rates = ratesAt(NOW, someRates({}, memory))
    let flooder = 0
    const spoofed = address('2600::')
    for (let i = 0; i < 1_000_000; i++) {
      // A new /48 each time.
      new DataView(spoofed.bytes.buffer).setUint32(2, i)
      rates.allowsAddress(Connect, spoofed)
      if (i % 25 === 0) flooder += allowed(rates, Connect, '8.8.8.8', 1)
    }
    expect(memory.byteLength).toBe(before)
    // 40,000 connects in a second, among a million of others.
    expect(flooder).toBeLessThanOrEqual(550)
  })
})

describe('addresses of one prefix', () => {
  it.each([
    ['a /24', (i: number) => `8.8.8.${i}`],
    ['a /48', (i: number) => `2600:1:2:${i.toString(16)}::1`],
  ])('each keep their debt: %s', (_, at) => {
    const rates = ratesAt(NOW, someRates({ prefixMultiple: 256 }))
    for (let i = 0; i < 200; i++) allowed(rates, Connect, at(i), 500)
    let again = 0
    for (let i = 0; i < 200; i++) again += allowed(rates, Connect, at(i), 1)
    expect(again).toBe(0)
  })
})

describe('in an hour of', () => {
  /** Numbers that look random and are always the same: a linear congruential generator. */
  function sequence(): (end: number) => number {
    let state = 1
    return (end) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
      return Math.floor(((state >>> 8) / 2 ** 24) * end)
    }
  }

  /** Refusals when each client announces `announces` torrents every half hour from a random second on. */
  function refusals(clients: readonly string[], announces: number, lockstep = false): number {
    const rates = someRates()
    const random = sequence()
    const turns: IpAddress[][] = Array.from({ length: HOUR }, () => [])
    for (const client of clients) {
      const first = lockstep ? 0 : random(HOUR / 2)
      for (const second of [first, first + HOUR / 2]) turns[second].push(address(client))
    }
    let refused = 0
    turns.forEach((turn, second) => {
      rates.setTime(NOW + second)
      for (const client of turn) {
        // The id of the first connect serves a minute, and until it arrives each tenth announce asks for one.
        for (let i = 0; i < announces; i += 10) if (!rates.allowsAddress(Connect, client)) refused++
        for (let i = 0; i < announces; i++) if (!rates.allowsAddress(Announce, client)) refused++
        for (let i = 0; i < announces; i++) if (!rates.allowsAddress(HttpRequest, client)) refused++
      }
    })
    return refused
  }

  it('a seedbox with 5000 torrents in lockstep, none is refused', () => {
    expect(refusals(['8.8.8.8'], 5000, true)).toBe(0)
    expect(refusals(['2600::1'], 5000, true)).toBe(0)
  })

  it('a carrier NAT with 10,000 clients behind one address, none is refused', () => {
    expect(
      refusals(
        Array.from({ length: 10_000 }, () => '8.8.8.8'),
        5,
      ),
    ).toBe(0)
  })

  it('a university with 40,000 clients of ten torrents in a /16, none is refused', () => {
    const clients = Array.from({ length: 40_000 }, (_, i) => `8.8.${i & 255}.${1 + (i >> 8)}`)
    expect(refusals(clients, 10)).toBe(0)
  })

  it('a seedbox with twice the burst, some are refused', () => {
    expect(refusals(['8.8.8.8'], 10_000, true)).toBeGreaterThan(0)
  })
})

describe('during an attack', () => {
  function attacked(rates = ratesAt(NOW)): RequestRates {
    rates.setAttack(true)
    return rates
  }

  it('a source and a network may send a quarter of the burst of connects, at the same rate', () => {
    const rates = attacked()
    expect(allowed(rates, Connect, '8.8.8.8', 10_000)).toBe(125)
    expect([50, 51]).toContain(allowed(ratesAt(NOW + 1, rates), Connect, '8.8.8.8', 10_000))
    const network = attacked()
    const sum = Array.from({ length: 256 }, (_, host) => allowed(network, Connect, `8.8.8.${host}`, 125))
    expect(sum.reduce((all, one) => all + one)).toBe(1000)
  })

  it('all other requests are allowed as before, as are connects of private addresses', () => {
    const rates = attacked()
    const kinds = [Announce, Scrape, ErrorReply, HttpRequest]
    expect(kinds.map((kind) => allowed(rates, kind, '8.8.8.8', 10_000))).toEqual([5000, 50, 10, 5000])
    expect(allowed(rates, Connect, '10.0.0.1', 10_000)).toBe(10_000)
  })

  it('what was owed before it still is, and the whole burst is allowed again after it', () => {
    const rates = ratesAt(NOW)
    allowed(rates, Connect, '8.8.8.8', 10_000)
    attacked(ratesAt(NOW + 1, rates))
    expect(allowed(rates, Connect, '8.8.8.8', 10_000)).toBe(0)
    expect(allowed(ratesAt(NOW + 7, rates), Connect, '8.8.8.8', 10_000)).toBe(0)
    rates.setAttack(false)
    expect([350, 351]).toContain(allowed(rates, Connect, '8.8.8.8', 10_000))
  })

  it('a burst is never less than a second of the rate', () => {
    const rates = { ...DEFAULT_RATES.rates, [Connect]: { perSecond: 400, burst: 500 } }
    expect(allowed(attacked(ratesAt(NOW, someRates({ rates }))), Connect, '8.8.8.8', 10_000)).toBe(400)
  })
})

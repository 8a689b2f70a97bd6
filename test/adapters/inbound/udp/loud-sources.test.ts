import { describe, expect, it } from '@jest/globals'
import type { RateOptions } from '../../../../src/adapters/inbound/request-rates.ts'
import {
  LOUD,
  LOUD_LASTS_SECONDS,
  LOUD_NETWORK,
  LOUD_QUARTER,
  LOUD_SPREAD,
  LoudLevel,
  LoudSources,
  SAMPLED_EVERY,
} from '../../../../src/adapters/inbound/udp/loud-sources.ts'
import { UnprovenShare } from '../../../../src/adapters/inbound/udp/unproven-share.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { someRates } from '../../../fixtures/rates.ts'
import { ANNOUNCE, bytesOf, CLIENT_IPV4, CONNECT_REQUEST } from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

function refuse(loud: LoudSources, count: number, first: number, level: LoudLevel = LoudLevel.Address): void {
  for (let i = 0; i < count; i++) loud.note(Family.IPv4, level, first, 0)
}

function loudCount(loud: LoudSources): number {
  return loud.loudFor.filter((left) => left !== 0).length
}

describe('a source', () => {
  it('is loud by as many refusals within one second, not fewer', () => {
    const loud = new LoudSources()
    for (let second = 0; second < 3; second++) {
      refuse(loud, LOUD - 1, 0x01020304)
      loud.everySecond()
    }
    expect(loud.version).toBe(0)
    refuse(loud, LOUD, 0x01020304)
    loud.everySecond()
    expect([loud.version, loudCount(loud)]).toEqual([1, 1])
  })

  it('stays loud while its samples show the flood, and ten quiet seconds more', () => {
    const loud = new LoudSources()
    refuse(loud, LOUD, 0x01020304)
    loud.everySecond()
    for (let second = 0; second < 100; second++) {
      refuse(loud, LOUD / SAMPLED_EVERY, 0x01020304)
      loud.everySecond()
    }
    for (let second = 1; second < LOUD_LASTS_SECONDS; second++) loud.everySecond()
    expect(loudCount(loud)).toBe(1)
    loud.everySecond()
    expect([loud.version, loudCount(loud)]).toEqual([2, 0])
  })

  it('is its prefix where the limit of the prefix refuses', () => {
    const loud = new LoudSources()
    for (let host = 0; host < LOUD; host++) refuse(loud, 1, (host << 24) | 0x030201, LoudLevel.Prefix)
    loud.everySecond()
    expect(loudCount(loud)).toBe(1)
  })

  it.each([Family.IPv4, Family.IPv6])('may be a whole network, which has to send much more (%i)', (family) => {
    const loud = new LoudSources()
    loud.isBacklogged = true
    const note = (count: number): void => {
      for (let host = 0; host < count; host++) loud.note(family, LoudLevel.Network, (host << 16) | 0x0201, host)
    }
    // Of IPv6 the first 32 bits count.
    const noteIPv6 = (count: number): void => {
      for (let host = 0; host < count; host++) loud.note(family, LoudLevel.Network, 0x0201, host)
    }
    const noteAll = family === Family.IPv4 ? note : noteIPv6
    const others = (count: number): void => {
      for (let i = 0; i < count; i++) loud.note(family, LoudLevel.Network, (i & 63) + 1000, 0)
    }
    others(4 * LOUD_NETWORK)
    noteAll(LOUD_NETWORK - 1)
    loud.everySecond()
    expect([loudCount(loud), loud.hasNetworks]).toEqual([0, false])
    others(4 * LOUD_NETWORK)
    noteAll(LOUD_NETWORK)
    expect([loudCount(loud), loud.hasNetworks]).toEqual([1, true])
    loud.everySecond()
    for (let second = 0; second < 100; second++) {
      noteAll(LOUD_NETWORK / SAMPLED_EVERY)
      loud.everySecond()
    }
    expect(loud.hasNetworks).toBe(true)
    for (let second = 0; second < LOUD_LASTS_SECONDS; second++) loud.everySecond()
    expect([loudCount(loud), loud.hasNetworks]).toEqual([0, false])
  })

  it('may be a network that sends a quarter of all requests', () => {
    const loud = new LoudSources()
    loud.isBacklogged = true
    const note = (network: number, count: number): void => {
      for (let i = 0; i < count; i++) loud.note(Family.IPv4, LoudLevel.Network, network, 0)
    }
    for (let other = 0; other < 3; other++) note(1000 + other, LOUD_QUARTER - 1)
    note(1, LOUD_QUARTER - 1)
    expect(loud.hasNetworks).toBe(false)
    note(1, 1)
    expect(loud.hasNetworks).toBe(true)
    loud.everySecond()
    expect(loudCount(loud)).toBe(1)
  })

  it.each([
    { family: Family.IPv4, first: (part: number) => 1 | (part << 16) | (part << 24), second: () => 0 },
    { family: Family.IPv6, first: () => 1, second: (part: number) => part | (7 << 16) },
  ])(
    'is found sooner if it is a network (family $family) whose requests come from many places',
    ({ family, first, second }) => {
      const loud = new LoudSources()
      loud.isBacklogged = true
      const note = (part: number): void => loud.note(family, LoudLevel.Network, first(part), second(part))
      // From one place, however often, it is not sooner.
      for (let i = 0; i < LOUD_QUARTER - 1; i++) note(5)
      expect(loud.hasNetworks).toBe(false)
      loud.everySecond()
      for (let i = 0; i < LOUD_SPREAD; i++) note(i & 1)
      expect(loud.hasNetworks).toBe(false)
      note(LOUD_SPREAD & 1)
      expect(loud.hasNetworks).toBe(true)
    },
  )

  it('is not found sooner if it sends less than a quarter of all, or the receive buffer is empty', () => {
    const loud = new LoudSources()
    const spread = (network: number, count: number): void => {
      for (let i = 0; i < count; i++) loud.note(Family.IPv4, LoudLevel.Network, network | (i << 16), 0)
    }
    spread(1, LOUD_QUARTER - 1)
    expect(loud.hasNetworks).toBe(false)
    loud.everySecond()
    loud.isBacklogged = true
    for (let other = 10; other < 15; other++) spread(other, LOUD_SPREAD - 1)
    spread(1, LOUD_SPREAD + 500)
    expect(loud.hasNetworks).toBe(false)
    spread(1, LOUD_SPREAD)
    expect(loud.hasNetworks).toBe(true)
  })

  it('is found among thousands that are refused once', () => {
    const loud = new LoudSources()
    for (let i = 0; i < 20_000; i++) {
      refuse(loud, 1, Math.imul(i, 7919))
      refuse(loud, 2, 0x01020304)
    }
    loud.everySecond()
    expect(loudCount(loud)).toBe(1)
  })
})

describe('a flood above its rate', () => {
  /** Whether its source is loud after it; every batch has an announce of another client too. */
  function isLoudAfter(announce: string, desk: HandlerOnADesk): boolean {
    for (let i = 0; i < 20_000; i++) desk.answer(bytesOf(announce))
    const { loud } = desk.handler
    loud.everySecond()
    const client = new Int32Array(Uint8Array.from(CLIENT_IPV4.split('.').map(Number)).buffer)[0]
    return loud.firsts.some((first, slot) => first === client && loud.loudFor[slot] !== 0)
  }

  it('with a valid id is loud', () => {
    expect(isLoudAfter(ANNOUNCE, new HandlerOnADesk({ rates: someRates({}) }))).toBe(true)
  })

  it('with a forged id is not, and neither where ids are not checked', () => {
    const forged = `${'f'.repeat(16)}${ANNOUNCE.slice(16)}`
    expect(isLoudAfter(forged, new HandlerOnADesk({ rates: someRates({}) }))).toBe(false)
    const policy = { validates: false, answersMismatches: true }
    expect(isLoudAfter(ANNOUNCE, new HandlerOnADesk({ rates: someRates({}), policy }))).toBe(false)
  })
})

describe('a network within all its rates', () => {
  /** Whether it is loud after announces of 64 of its addresses, with so much waiting in the receive buffer. */
  function isLoudAt(waitingBytes: number, changes: Partial<RateOptions> = {}, network = '20.1'): boolean {
    const desk = new HandlerOnADesk({ rates: someRates(changes) })
    const share = new UnprovenShare()
    share.adjust(waitingBytes, 1 << 20)
    for (let host = 1; host <= 64; host++) {
      const address = `${network}.${host}.1`
      const announce = bytesOf(ANNOUNCE)
      announce.set(desk.answer(bytesOf(CONNECT_REQUEST), address).slice(8), 0)
      desk.handler.limitUnproven(share)
      for (let i = 0; i < LOUD_NETWORK / 64 + 1; i++) desk.answer(announce, address)
      desk.handler.limitUnproven(new UnprovenShare())
    }
    expect(desk.counted('udp_rate_limited')).toBe(0)
    const { loud } = desk.handler
    // The desk's other client, in a network of its own, announces as often.
    const [first] = new Int32Array(Uint8Array.from([...network.split('.').map(Number), 0, 0]).buffer)
    return loud.firsts.some((word, slot) => word === first && loud.loudFor[slot] !== 0)
  }

  it('is loud only while the receive buffer fills up', () => {
    expect(isLoudAt(1 << 20)).toBe(true)
    expect(isLoudAt(1 << 10)).toBe(false)
  })

  it('is not loud by what one host sends above its rate', () => {
    const desk = new HandlerOnADesk({ rates: someRates({}) })
    const share = new UnprovenShare()
    share.adjust(1 << 20, 1 << 20)
    const announce = bytesOf(ANNOUNCE)
    announce.set(desk.answer(bytesOf(CONNECT_REQUEST), '20.1.1.1').slice(8), 0)
    desk.handler.limitUnproven(share)
    for (let i = 0; i < 3 * LOUD_NETWORK; i++) desk.answer(announce, '20.1.1.1')
    const { loud } = desk.handler
    const [network] = new Int32Array(Uint8Array.of(20, 1, 0, 0).buffer)
    expect(loud.firsts.some((word, slot) => word === network && loud.loudFor[slot] !== 0)).toBe(false)
    expect(desk.counted('udp_rate_limited')).toBeGreaterThan(LOUD_NETWORK)
  })

  it('is spared where limits are: private ones, and all if rates are off', () => {
    expect(isLoudAt(1 << 20, {}, '10.1')).toBe(false)
    expect(isLoudAt(1 << 20, { appliesToPrivate: true }, '10.1')).toBe(true)
    expect(isLoudAt(1 << 20, { isOn: false })).toBe(false)
  })
})

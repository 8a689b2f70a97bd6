import { describe, expect, it } from '@jest/globals'
import { LOUD, LoudSources, QUIET_SECONDS, SAMPLED_EVERY } from '../../../../src/adapters/inbound/udp/loud-sources.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { someRates } from '../../../fixtures/rates.ts'
import { ANNOUNCE, bytesOf, CLIENT_IPV4 } from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

function refuse(loud: LoudSources, count: number, first: number, isPrefix = false): void {
  for (let i = 0; i < count; i++) loud.note(Family.IPv4, isPrefix, first, 0)
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
    for (let second = 1; second < QUIET_SECONDS; second++) loud.everySecond()
    expect(loudCount(loud)).toBe(1)
    loud.everySecond()
    expect([loud.version, loudCount(loud)]).toEqual([2, 0])
  })

  it('is its prefix where the limit of the prefix refuses', () => {
    const loud = new LoudSources()
    for (let host = 0; host < LOUD; host++) refuse(loud, 1, (host << 24) | 0x030201, true)
    loud.everySecond()
    expect(loudCount(loud)).toBe(1)
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

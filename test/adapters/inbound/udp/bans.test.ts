// Bans over UDP: silence for a banned address, before anything but its source has been read.

import { describe, expect, it } from '@jest/globals'
import { aBanRange } from '../../../fixtures/ban-ranges.ts'
import {
  ANNOUNCE,
  ANNOUNCE_IPV6,
  aScrape,
  bytesOf,
  CLIENT_IPV4,
  CLIENT_IPV6,
  CONNECT_REQUEST,
} from '../../../fixtures/udp-vectors.ts'
import { bansInMemory } from '../../../model/bans.ts'
import { HandlerOnADesk } from './a-handler.ts'

function deskWith(slot?: number) {
  const { keeper, bans, clock } = bansInMemory()
  const desk = new HandlerOnADesk({ bans, ...(slot !== undefined && { slot }) })
  const ban = (text: string, expiresAtSeconds?: number) => keeper.put([{ range: aBanRange(text), expiresAtSeconds }])
  return { desk, ban, clock, lift: (text: string) => keeper.lift([text]) }
}

const OF_IPV4 = [CONNECT_REQUEST, ANNOUNCE, aScrape(), 'ff'.repeat(16)]

describe('a banned address', () => {
  it.each([0, 31, 63])('gets no reply to anything, and reaches no tracker, in slot %i', async (slot) => {
    const { desk, ban } = deskWith(slot)
    await ban(CLIENT_IPV4)
    for (const datagram of OF_IPV4) expect(desk.answerHex(datagram)).toBe('')
    expect(desk.counted('udp_requests_banned')).toBe(OF_IPV4.length)
    expect(desk.tracker.announces).toEqual([])
    expect(desk.counted('udp4_connects')).toBe(0)
    expect(desk.counted('udp_connection_id_mismatches')).toBe(0)
  })

  it('is the same one where a socket of both families receives it', async () => {
    const { desk, ban } = deskWith()
    await ban(CLIENT_IPV4)
    expect(desk.answerHex(CONNECT_REQUEST, `::ffff:${CLIENT_IPV4}`)).toBe('')
    expect(desk.counted('udp_requests_banned')).toBe(1)
  })

  it('is one of a banned network', async () => {
    const { desk, ban } = deskWith()
    await ban('203.0.113.0/24')
    await ban('2001:db8::/32')
    expect(desk.answerHex(CONNECT_REQUEST, '203.0.113.255')).toBe('')
    expect(desk.answerHex(CONNECT_REQUEST, '203.0.114.0')).not.toBe('')
    expect(desk.answerHex(ANNOUNCE_IPV6, CLIENT_IPV6)).toBe('')
    expect(desk.answerHex(CONNECT_REQUEST, '2001:db9::1')).not.toBe('')
  })

  it('is served again once the ban is lifted, or has ended', async () => {
    const { desk, ban, lift, clock } = deskWith()
    await ban(CLIENT_IPV4)
    await lift(CLIENT_IPV4)
    expect(desk.answerHex(ANNOUNCE)).not.toBe('')
    await ban(CLIENT_IPV4, clock.seconds + 5)
    expect(desk.answerHex(ANNOUNCE)).toBe('')
    clock.seconds += 6
    expect(desk.answerHex(ANNOUNCE)).not.toBe('')
    expect(desk.tracker.announces).toHaveLength(2)
  })

  it('may be a private one: an operator meant it', async () => {
    const { desk, ban } = deskWith()
    await ban('127.0.0.1')
    await ban('10.0.0.0/8')
    await ban('fe80::/16')
    const requests = ['127.0.0.1', '10.1.2.3', 'fe80::1'].map(
      (address) => desk.answer(bytesOf(CONNECT_REQUEST), address).length,
    )
    expect(requests).toEqual([0, 0, 0])
  })
})

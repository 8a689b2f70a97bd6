// What changes for a client over UDP while the tracker is under attack, and what does not.

import { describe, expect, it } from '@jest/globals'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { someRates } from '../../../fixtures/rates.ts'
import {
  ANNOUNCE,
  anAnnounce,
  anError,
  aScrape,
  bytesOf,
  CLIENT_IPV4,
  CONNECT_REQUEST,
  ERROR_MISMATCH,
  NOW_SECONDS,
  SCRAPE,
} from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

const BAD_ID = 'ffffffffffffffff'

function attacked(desk = new HandlerOnADesk({ rates: someRates() })): HandlerOnADesk {
  desk.attack.set(true)
  return desk
}

function answered(desk: HandlerOnADesk, hex: string, count: number): number {
  const datagram = bytesOf(hex)
  let sum = 0
  for (let i = 0; i < count; i++) if (desk.answer(datagram, CLIENT_IPV4).length > 0) sum++
  return sum
}

describe('under attack', () => {
  it.each([
    ['an announce', anAnnounce({ id: BAD_ID })],
    ['a scrape', aScrape({ id: BAD_ID })],
  ])('%s with a forged id gets no error, which is counted', (_, datagram) => {
    const desk = attacked()
    expect(desk.answerHex(datagram)).toBe('')
    expect(desk.counted('udp_errors_withheld')).toBe(1)
    expect(desk.counted('udp_connection_id_mismatches')).toBe(1)
    desk.attack.set(false)
    expect(desk.answerHex(datagram)).not.toBe('')
  })

  it('a client whose id has expired is told so at once, as before', () => {
    const listeners = [{ connectionIdMaxAgeSeconds: 120 }]
    const desk = attacked(new HandlerOnADesk({ listeners, nowSeconds: NOW_SECONDS + 3600 }))
    expect(desk.answerHex(ANNOUNCE)).toBe(ERROR_MISMATCH)
    expect(desk.counted('udp_errors_withheld')).toBe(0)
  })

  it('nothing changes for a client with a valid id', () => {
    const [before, during] = [new HandlerOnADesk(), attacked(new HandlerOnADesk())]
    const requests = [ANNOUNCE, SCRAPE, ANNOUNCE.slice(0, 2 * 97), anAnnounce({ action: '00000009' })]
    for (const request of requests) {
      const reply = during.answerHex(request)
      expect(reply).not.toBe('')
      expect(reply).toBe(before.answerHex(request))
    }
    during.tracker.verdict = Verdict.KeyRequired
    expect(during.answerHex(ANNOUNCE)).toBe(anError('authentication required'))
    expect(answered(attacked(), ANNOUNCE, 6000)).toBe(5000)
  })

  it('a source gets a quarter of its burst of connects, until it is over', () => {
    const desk = attacked()
    expect(answered(desk, CONNECT_REQUEST, 600)).toBe(125)
    desk.attack.set(false)
    expect(answered(desk, CONNECT_REQUEST, 600)).toBe(375)
    expect(desk.handler.isUnderAttack).toBe(false)
  })
})

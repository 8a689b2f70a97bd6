// Bans for wrong connection ids: the table that all threads share, and what the gate does with it.

import { describe, expect, it } from '@jest/globals'
import { ID_ERROR_SETS } from '../../../../src/adapters/inbound/udp/id-error-memory.ts'
import type { IdErrors } from '../../../../src/adapters/inbound/udp/id-errors.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { aBanRange } from '../../../fixtures/ban-ranges.ts'
import { anIdErrorMemory, noIdErrors, someIdErrors } from '../../../fixtures/id-errors.ts'
import {
  ANNOUNCE,
  anAnnounce,
  aScrape,
  bytesOf,
  CLIENT_IPV4,
  CONNECT_REQUEST,
  ERROR_MISMATCH,
  NOW_SECONDS,
} from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

const BAD_ID = 'ffffffffffffffff'
const BAD_ANNOUNCE = anAnnounce({ id: BAD_ID })
const BAD_SCRAPE = aScrape({ id: BAD_ID })
const DAY = 86_400

type Source = readonly [Family, Int32Array, number]

/** Somewhere within other words, as in a batch. */
function sourceOf(text: string): Source {
  const { bytes } = aBanRange(text)
  const words = new Int32Array(9).fill(-1)
  new Uint8Array(words.buffer).set(bytes, 12)
  return [bytes.length === 4 ? Family.IPv4 : Family.IPv6, words, 3]
}

function add(errors: IdErrors, text: string, times: number): void {
  for (let i = 0; i < times; i++) errors.add(...sourceOf(text))
}

function isBanned(errors: IdErrors, text: string): boolean {
  return errors.isBanned(...sourceOf(text))
}

describe('the count of wrong connection ids', () => {
  it.each(['203.0.113.7', '2001:db8:1:2:3:4:5:6'])(
    'bans %s after one more than allowed, on every thread',
    (address) => {
      const memory = anIdErrorMemory()
      const [one, other] = [someIdErrors({}, memory), someIdErrors({}, memory)]
      add(one, address, 6)
      add(other, address, 4)
      expect([one, other].map((errors) => isBanned(errors, address))).toEqual([false, false])
      add(other, address, 1)
      expect([one, other].map((errors) => isBanned(errors, address))).toEqual([true, true])
    },
  )

  it('is of the whole address', () => {
    const errors = someIdErrors()
    add(errors, '203.0.113.7', 11)
    add(errors, '2001:db8:1:2::1', 11)
    expect(['203.0.113.8', '2001:db8:1:2::2', '2001:db8:1:3::1'].map((text) => isBanned(errors, text))).toEqual(
      Array(3).fill(false),
    )
  })

  it('may allow none', () => {
    const errors = someIdErrors({ maxErrors: 0 })
    expect(isBanned(errors, '203.0.113.7')).toBe(false)
    add(errors, '203.0.113.7', 1)
    expect(isBanned(errors, '203.0.113.7')).toBe(true)
  })

  it('is cleared for all at once', () => {
    const memory = anIdErrorMemory(NOW_SECONDS)
    const [one, other] = [someIdErrors({}, memory), someIdErrors({}, memory)]
    for (const errors of [one, other]) errors.setTime(NOW_SECONDS + DAY - 1)
    add(one, '203.0.113.7', 11)
    add(one, '203.0.113.8', 10)
    expect([isBanned(other, '203.0.113.7'), other.addresses(NOW_SECONDS + DAY - 1)]).toEqual([true, 2])
    for (const errors of [one, other]) errors.setTime(NOW_SECONDS + DAY)
    expect([isBanned(other, '203.0.113.7'), other.addresses(NOW_SECONDS + DAY)]).toEqual([false, 0])
    // The count begins anew.
    add(other, '203.0.113.8', 10)
    expect(isBanned(one, '203.0.113.8')).toBe(false)
    add(other, '203.0.113.8', 1)
    expect(isBanned(one, '203.0.113.8')).toBe(true)
    expect(isBanned(one, '203.0.113.7')).toBe(false)
  })

  it('goes on after 2038', () => {
    const start = 2 ** 31 + 5
    const errors = someIdErrors({}, anIdErrorMemory(start))
    errors.setTime(start + 1)
    add(errors, '203.0.113.7', 11)
    errors.setTime(start + DAY - 1)
    expect(isBanned(errors, '203.0.113.7')).toBe(true)
    errors.setTime(start + DAY)
    expect(isBanned(errors, '203.0.113.7')).toBe(false)
  })

  it('spares private and loopback addresses unless asked not to', () => {
    const [spared, counted] = [someIdErrors(), someIdErrors({ appliesToPrivate: true })]
    for (const address of ['127.0.0.1', '10.1.2.3', '::1', 'fd00::1']) {
      for (const errors of [spared, counted]) add(errors, address, 11)
      expect([isBanned(spared, address), isBanned(counted, address)]).toEqual([false, true])
    }
    expect([spared.addresses(0), counted.addresses(0)]).toEqual([0, 4])
  })

  it('is of no address unless it was asked for', () => {
    const errors = noIdErrors()
    add(errors, '203.0.113.7', 100)
    expect([isBanned(errors, '203.0.113.7'), errors.addresses(0)]).toEqual([false, 0])
  })

  it('keeps a ban while any number of other addresses err once', () => {
    const errors = someIdErrors()
    add(errors, '203.0.113.7', 11)
    const words = new Int32Array(1)
    const bytes = new DataView(words.buffer)
    const others = 16 * ID_ERROR_SETS
    for (let i = 0; i < others; i++) {
      bytes.setUint32(0, 0x08000000 + i)
      errors.add(Family.IPv4, words, 0)
    }
    expect(isBanned(errors, '203.0.113.7')).toBe(true)
    expect(errors.addresses(0)).toBeLessThanOrEqual(4 * ID_ERROR_SETS)
    expect(errors.addresses(0)).toBeGreaterThan(3.9 * ID_ERROR_SETS)
  })

  it('bans no more than there is room for, and nobody else instead', () => {
    const errors = someIdErrors({ maxErrors: 0 })
    const words = new Int32Array(1)
    const bytes = new DataView(words.buffer)
    const addresses = 16 * ID_ERROR_SETS
    for (let i = 0; i < addresses; i++) {
      bytes.setUint32(0, 0x08000000 + i)
      errors.add(Family.IPv4, words, 0)
    }
    let banned = 0
    for (let i = 0; i < 2 * addresses; i++) {
      bytes.setUint32(0, 0x08000000 + i)
      if (!errors.isBanned(Family.IPv4, words, 0)) continue
      banned++
      if (i >= addresses) throw new Error(`${i} sent nothing`)
    }
    expect(banned).toBe(errors.addresses(0))
    expect(banned).toBeGreaterThan(3.9 * ID_ERROR_SETS)
  })
})

describe('a client with wrong connection ids', () => {
  /** One error a second, so that the rate of errors allows it. */
  function answers(desk: HandlerOnADesk, datagrams: readonly string[], address = CLIENT_IPV4): string[] {
    return datagrams.map((datagram) => {
      desk.nowSeconds++
      return desk.answerHex(datagram, address)
    })
  }

  it('gets eleven errors, then nothing at all until the count is cleared', () => {
    const desk = new HandlerOnADesk({ idErrors: someIdErrors({}, anIdErrorMemory(NOW_SECONDS)) })
    const replies = answers(desk, Array(12).fill(BAD_ANNOUNCE))
    expect(replies.slice(0, 11)).toEqual(Array(11).fill(ERROR_MISMATCH))
    expect(replies[11]).toBe('')
    expect(answers(desk, [CONNECT_REQUEST, ANNOUNCE, BAD_SCRAPE])).toEqual(['', '', ''])
    expect(desk.counted('udp_requests_banned')).toBe(4)
    expect(desk.counted('udp_connection_id_mismatches')).toBe(11)
    expect(desk.answerHex(CONNECT_REQUEST, '203.0.113.8')).not.toBe('')
    desk.nowSeconds = NOW_SECONDS + DAY
    expect(desk.answerHex(CONNECT_REQUEST)).not.toBe('')
  })

  it('is counted for announces and scrapes alike, over both kinds of sockets', () => {
    const desk = new HandlerOnADesk({ idErrors: someIdErrors({}, anIdErrorMemory(NOW_SECONDS)) })
    answers(desk, Array(5).fill(BAD_ANNOUNCE))
    answers(desk, Array(5).fill(BAD_SCRAPE))
    answers(desk, [BAD_ANNOUNCE], `::ffff:${CLIENT_IPV4}`)
    expect(desk.answerHex(CONNECT_REQUEST)).toBe('')
  })

  it('is counted though it gets no errors', () => {
    const policy = { validates: true, answersMismatches: false }
    const desk = new HandlerOnADesk({ policy, idErrors: someIdErrors({}, anIdErrorMemory(NOW_SECONDS)) })
    answers(desk, Array(11).fill(BAD_ANNOUNCE))
    expect(desk.answerHex(CONNECT_REQUEST)).toBe('')
  })

  it.each([
    ['an unknown action', `${BAD_ID}00000007${'00'.repeat(84)}`],
    ['an announce that is cut off', BAD_ANNOUNCE.slice(0, 2 * 97)],
    ['a scrape of nothing', BAD_SCRAPE.slice(0, 2 * 16)],
    ['a connect without its magic', `${BAD_ID}00000000${'00'.repeat(4)}`],
  ])('is not one that sends %s', (_name, datagram) => {
    const desk = new HandlerOnADesk({ idErrors: someIdErrors({}, anIdErrorMemory(NOW_SECONDS)) })
    answers(desk, Array(20).fill(datagram))
    expect(desk.counted('udp_requests_banned')).toBe(0)
    expect(desk.answer(bytesOf(CONNECT_REQUEST))).toHaveLength(16)
  })

  it('is never banned where ids are not checked', () => {
    const policy = { validates: false, answersMismatches: true }
    const desk = new HandlerOnADesk({ policy, idErrors: someIdErrors({}, anIdErrorMemory(NOW_SECONDS)) })
    answers(desk, Array(20).fill(BAD_ANNOUNCE))
    expect(desk.counted('udp_requests_banned')).toBe(0)
  })
})

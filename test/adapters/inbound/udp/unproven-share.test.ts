import { describe, expect, it } from '@jest/globals'
import { UnprovenShare } from '../../../../src/adapters/inbound/udp/unproven-share.ts'

const BUFFER = 8 << 20

/** How many of 10,000 are answered. */
function admitted(share: UnprovenShare): number {
  return Array.from({ length: 10_000 }, () => share.admits()).filter(Boolean).length
}

function adjusted(share: UnprovenShare, batches: number, waitingBytes: number, isUnderAttack = false): UnprovenShare {
  for (let batch = 0; batch < batches; batch++) share.adjust(waitingBytes, BUFFER, isUnderAttack)
  return share
}

describe('the share of unproven datagrams that is answered', () => {
  it('is all at first, and while three eighths of the buffer are used', () => {
    expect(admitted(adjusted(new UnprovenShare(), 1000, (3 * BUFFER) / 8))).toBe(10_000)
  })

  it('is smaller after one batch that leaves more than that', () => {
    const answered = admitted(adjusted(new UnprovenShare(), 1, (3 * BUFFER) / 8 + 1))
    expect(answered).toBeGreaterThan(7000)
    expect(answered).toBeLessThan(8000)
  })

  it('is about one in 32 at the least', () => {
    const answered = admitted(adjusted(new UnprovenShare(), 10_000, BUFFER))
    expect(answered).toBeGreaterThan(200)
    expect(answered).toBeLessThan(430)
  })

  it('is whole again when the buffer has not been that full for 62 batches', () => {
    const share = adjusted(new UnprovenShare(), 100, BUFFER)
    expect(admitted(adjusted(share, 61, 1))).toBeLessThan(10_000)
    expect(admitted(adjusted(share, 1, 1))).toBe(10_000)
  })

  it('is whole as soon as the buffer has been emptied', () => {
    expect(admitted(adjusted(adjusted(new UnprovenShare(), 100, BUFFER), 1, 0))).toBe(10_000)
  })

  it('is another selection for another seed', () => {
    const chosen = [2, 4].map((seed) => {
      const share = adjusted(new UnprovenShare(seed), 5, BUFFER)
      return Array.from({ length: 100 }, () => share.admits())
    })
    expect(chosen[0]).not.toEqual(chosen[1])
  })
})

describe('during an attack the share', () => {
  it('is all while three eighths of the buffer are used', () => {
    expect(admitted(adjusted(new UnprovenShare(), 1000, (3 * BUFFER) / 8, true))).toBe(10_000)
  })

  it('is half after one batch that leaves more, and one in 32 after five', () => {
    const half = admitted(adjusted(new UnprovenShare(), 1, BUFFER, true))
    expect(half).toBeGreaterThan(4700)
    expect(half).toBeLessThan(5300)
    const least = admitted(adjusted(new UnprovenShare(), 5, BUFFER, true))
    expect(least).toBeGreaterThan(200)
    expect(least).toBeLessThan(430)
    expect(admitted(adjusted(new UnprovenShare(), 5, BUFFER))).toBeGreaterThan(2000)
  })

  it('is never less than one in 32', () => {
    expect(admitted(adjusted(new UnprovenShare(), 10_000, BUFFER, true))).toBeGreaterThan(200)
  })

  it('doubles with each batch that empties the buffer, and is whole after five', () => {
    const share = adjusted(new UnprovenShare(), 100, BUFFER, true)
    expect(admitted(adjusted(share, 4, 0, true))).toBeLessThan(5300)
    expect(admitted(adjusted(share, 1, 0, true))).toBe(10_000)
    expect(admitted(adjusted(share, 1, 0, true))).toBe(10_000)
  })

  it('is whole as soon as the buffer is empty once it is over', () => {
    expect(admitted(adjusted(adjusted(new UnprovenShare(), 100, BUFFER, true), 1, 0))).toBe(10_000)
  })
})

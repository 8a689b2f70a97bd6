import { describe, expect, it } from '@jest/globals'
import { CachedAnswer } from '../../../../src/adapters/inbound/health/cached-answer.ts'

function aRecent(find: (count: number) => Promise<number> = async (count) => count) {
  const clock = { now: 0, found: 0 }
  const recent = new CachedAnswer(
    () => find(++clock.found),
    500,
    () => clock.now,
  )
  return { clock, recent }
}

describe('a cached answer', () => {
  it('is reused for its lifetime, and renewed after it', async () => {
    const { clock, recent } = aRecent()
    expect(await recent.get()).toBe(1)
    clock.now = 499
    expect(await recent.get()).toBe(1)
    clock.now = 500
    expect(await recent.get()).toBe(2)
  })

  it('is shared by all callers while it is being found, however long that takes', async () => {
    const answer = Promise.withResolvers<number>()
    const { clock, recent } = aRecent(() => answer.promise)
    const first = recent.get()
    clock.now = 10_000
    const second = recent.get()
    answer.resolve(7)
    expect([await first, await second, clock.found]).toEqual([7, 7, 1])
  })

  it('may be a failure, which expires too', async () => {
    const { clock, recent } = aRecent(async (count) => {
      if (count === 1) throw new Error('no')
      return count
    })
    await expect(recent.get()).rejects.toThrow('no')
    clock.now = 500
    expect(await recent.get()).toBe(2)
  })
})

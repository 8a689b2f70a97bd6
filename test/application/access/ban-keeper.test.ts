import { describe, expect, it } from '@jest/globals'
import { BANS_WITHOUT_DATABASE } from '../../../src/application/access/no-database.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'
import { aBanRange, banRanges } from '../../fixtures/ban-ranges.ts'
import { bansInMemory } from '../../model/bans.ts'

const NOW = 1_800_000_000
const [NETWORK, HOST, IPV6] = ['192.0.2.0/24', '192.0.2.7', '2001:db8::/32'].map(aBanRange)
function range(text: string) {
  return { range: aBanRange(text) }
}

describe('a ban', () => {
  it('is in force on every thread before it is acknowledged, and until it is lifted', async () => {
    const { keeper, isBanned } = bansInMemory()
    await keeper.put([range('192.0.2.0/24'), range('2001:db8::/32')])
    expect(['192.0.2.9', '2001:db8::1', '192.0.3.9'].map(isBanned)).toEqual([true, true, false])
    expect(await keeper.lift(['192.0.2.0/24'])).toMatchObject([{ range: NETWORK }])
    expect(['192.0.2.9', '2001:db8::1'].map(isBanned)).toEqual([false, true])
    expect(await keeper.lift(['192.0.2.0/24'])).toEqual([])
  })

  it('with an end is in force through that second, and is not shown after it', async () => {
    const clock = new StoppedClock(NOW)
    const { keeper, isBanned } = bansInMemory(clock)
    await keeper.put([{ range: HOST, expiresAtSeconds: NOW + 10 }])
    for (const [seconds, isInForce] of [
      [10, true],
      [11, false],
    ] as const) {
      clock.seconds = NOW + seconds
      expect(isBanned('192.0.2.7')).toBe(isInForce)
      expect((await keeper.page(0, 9)).bans).toHaveLength(isInForce ? 1 : 0)
      expect(await keeper.covering(HOST.bytes)).toHaveLength(isInForce ? 1 : 0)
      expect((await keeper.find('192.0.2.7')) !== undefined).toBe(isInForce)
    }
  })

  it('that has ended makes room, in memory and in the store', async () => {
    const clock = new StoppedClock(NOW)
    const { keeper, store, table } = bansInMemory(clock, 2)
    await keeper.put([{ range: HOST, expiresAtSeconds: NOW }, { range: NETWORK }])
    await expect(keeper.put([range('198.51.100.1')])).rejects.toMatchObject({ code: 'table-full' })
    clock.seconds = NOW + 1
    await keeper.put([range('198.51.100.1')])
    expect(table.count).toBe(2)
    expect(await store.count()).toBe(3)
    expect(await keeper.removeExpired()).toBe(1)
    expect(await store.count()).toBe(2)
  })

  it('is removed when it has ended, however many have', async () => {
    const clock = new StoppedClock(NOW)
    const { keeper, store, table } = bansInMemory(clock, 3000)
    await keeper.put([...banRanges(2500).map((banned) => ({ range: banned, expiresAtSeconds: NOW })), { range: IPV6 }])
    expect(await keeper.removeExpired()).toBe(0)
    clock.seconds = NOW + 1
    expect(await keeper.removeExpired()).toBe(2500)
    expect([table.count, await store.count()]).toEqual([1, 1])
  })

  it('is refused when there is no room, and nothing has changed', async () => {
    const { keeper, store, isBanned } = bansInMemory(new StoppedClock(NOW), 3)
    await keeper.put(banRanges(2).map((banned) => ({ range: banned })))
    await expect(keeper.put([{ range: NETWORK }, { range: HOST }])).rejects.toMatchObject({
      code: 'table-full',
      message: expect.stringContaining('limits.max_bans'),
    })
    expect(await store.count()).toBe(2)
    expect(isBanned('192.0.2.7')).toBe(false)
    // An existing one takes no more room.
    await keeper.put([...banRanges(2), HOST].map((banned) => ({ range: banned, reason: 'again' })))
    expect(await keeper.count()).toBe(3)
  })

  it('covers an address among others, the widest first', async () => {
    const { keeper } = bansInMemory()
    await keeper.put([{ range: HOST }, { range: NETWORK }, range('11.0.0.0/8'), range('2001:db8::/32')])
    expect((await keeper.covering(HOST.bytes)).map((ban) => ban.range.text)).toEqual(['192.0.2.0/24', '192.0.2.7'])
    expect(await keeper.covering(aBanRange('193.0.2.7').bytes)).toEqual([])
    expect((await keeper.covering(aBanRange('2001:db8::9').bytes)).map((ban) => ban.range.text)).toEqual([
      '2001:db8::/32',
    ])
  })

  it('is not in force while the store does not answer', async () => {
    const { keeper, store, isBanned } = bansInMemory()
    store.isUnavailable = true
    await expect(keeper.put([{ range: HOST }])).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(isBanned('192.0.2.7')).toBe(false)
  })

  it('comes from the store at start, and what has gone from it ends at a reload', async () => {
    const { keeper, store, isBanned } = bansInMemory()
    await store.put([{ range: NETWORK }, { range: HOST, expiresAtSeconds: 7 }])
    expect(await keeper.reload()).toBe(2)
    expect(await keeper.count()).toBe(1)
    expect(isBanned('192.0.2.1')).toBe(true)
    await store.remove(['192.0.2.0/24'])
    await keeper.reload()
    expect(isBanned('192.0.2.1')).toBe(false)
  })

  it('needs a database', async () => {
    expect(BANS_WITHOUT_DATABASE.isAvailable).toBe(false)
    await expect(BANS_WITHOUT_DATABASE.put([{ range: HOST }])).rejects.toMatchObject({ code: 'no-database' })
  })
})

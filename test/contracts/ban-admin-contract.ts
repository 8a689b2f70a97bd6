// What every administration of bans must do (src/domain/ports/inbound/ban-admin.ts).

import { afterEach, describe, expect, it } from '@jest/globals'
import type { BanAdmin } from '../../src/domain/ports/inbound/ban-admin.ts'
import { aBanRange, banRanges } from '../fixtures/ban-ranges.ts'
import { type Open, Subjects } from './subject.ts'

/** What the clock of a fresh subject, which has room for ten bans, shows. */
const NOW = 1_800_000_000
const [NETWORK, HOST, IPV6] = ['192.0.2.0/24', '192.0.2.7', '2001:db8::/32'].map(aBanRange)

function bansOf(count: number) {
  return banRanges(count).map((range) => ({ range }))
}

export function banAdminContract(name: string, open: Open<BanAdmin>): void {
  describe(`${name} as the administration of bans`, () => {
    const subjects = new Subjects(open)
    const fresh = async (): Promise<BanAdmin> => (await subjects.fresh()).store
    afterEach(() => subjects.close())

    it('returns each range once, in the given order, and finds it until it is lifted', async () => {
      const admin = await fresh()
      expect(admin.isAvailable).toBe(true)
      const put = await admin.put([{ range: HOST, reason: 'one' }, { range: IPV6 }, { range: HOST, reason: 'two' }])
      expect(put).toMatchObject([{ range: HOST, reason: 'two', addedAtSeconds: NOW }, { range: IPV6 }])
      expect(await admin.find(HOST.text)).toEqual(put[0])
      expect(await admin.find('192.0.2.8')).toBeUndefined()
      expect(await admin.lift(['192.0.2.8', HOST.text, HOST.text])).toEqual([put[0]])
      expect(await admin.find(HOST.text)).toBeUndefined()
      expect(await admin.lift([HOST.text])).toEqual([])
      expect(await admin.count()).toBe(1)
    })

    it('gives a ban that is there the new reason and end', async () => {
      const admin = await fresh()
      const [first] = await admin.put([{ range: NETWORK, reason: 'old', expiresAtSeconds: NOW + 60 }])
      const [second] = await admin.put([{ range: NETWORK, expiresAtSeconds: NOW + 3600 }])
      expect(second).toEqual({ ...first, reason: undefined, expiresAtSeconds: NOW + 3600 })
      expect(await admin.find(NETWORK.text)).toEqual(second)
      expect(await admin.count()).toBe(1)
    })

    it('finds the bans that cover an address, the widest first', async () => {
      const admin = await fresh()
      await admin.put([{ range: HOST }, { range: IPV6 }, { range: NETWORK }])
      const covering = async (address: string) =>
        (await admin.covering(aBanRange(address).bytes)).map(({ range }) => range.text)
      expect(await covering('192.0.2.7')).toEqual(['192.0.2.0/24', '192.0.2.7'])
      expect(await covering('192.0.2.8')).toEqual(['192.0.2.0/24'])
      expect(await covering('2001:db8::1')).toEqual(['2001:db8::/32'])
      expect(await covering('192.0.3.7')).toEqual([])
      await admin.lift([NETWORK.text])
      expect(await covering('192.0.2.7')).toEqual(['192.0.2.7'])
    })

    it('does not show a ban that has ended', async () => {
      const admin = await fresh()
      await admin.put([
        { range: HOST, expiresAtSeconds: NOW - 1 },
        { range: NETWORK, expiresAtSeconds: NOW },
      ])
      expect(await admin.find(HOST.text)).toBeUndefined()
      expect((await admin.covering(HOST.bytes)).map(({ range }) => range)).toEqual([NETWORK])
      expect((await admin.page(0, 9)).bans.map(({ range }) => range)).toEqual([NETWORK])
    })

    it.each([1, 2, 3, 4, 5])('shows all of five in pages of %d, in the order of adding', async (limit) => {
      const admin = await fresh()
      const ranges = banRanges(5).toReversed()
      for (const range of ranges) await admin.put([{ range }])
      const seen: string[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: Awaited<ReturnType<BanAdmin['page']>> = await admin.page(after, limit)
        expect(page.bans.length).toBeLessThanOrEqual(limit)
        seen.push(...page.bans.map(({ range }) => range.text))
        after = page.next
      }
      expect(seen).toEqual(ranges.map(({ text }) => text))
    })

    it('adds all or none when there is no room for all', async () => {
      const admin = await fresh()
      await admin.put(bansOf(3))
      await expect(admin.put(bansOf(11))).rejects.toMatchObject({ code: 'table-full' })
      expect(await admin.count()).toBe(3)
      expect(await admin.put(bansOf(10))).toHaveLength(10)
    })

    it('has each ban once, however many add it at a time', async () => {
      const admin = await fresh()
      await Promise.all(Array.from({ length: 20 }, () => admin.put([{ range: HOST }, { range: IPV6 }])))
      expect(await admin.count()).toBe(2)
      expect((await admin.page(0, 9)).bans).toHaveLength(2)
    })

    it('has what the store has after a reload', async () => {
      const admin = await fresh()
      await admin.put(bansOf(4))
      expect(await admin.reload()).toBe(4)
      expect(await admin.count()).toBe(4)
    })

    it('rejects everything that needs the store while it is unavailable, and changes nothing', async () => {
      const { store: admin, makeUnavailable } = await subjects.fresh()
      await admin.put([{ range: NETWORK }])
      await makeUnavailable()
      const unavailable = { code: 'store-unavailable' }
      await expect(admin.put([{ range: HOST }])).rejects.toMatchObject(unavailable)
      await expect(admin.lift([NETWORK.text])).rejects.toMatchObject(unavailable)
      await expect(admin.find(NETWORK.text)).rejects.toMatchObject(unavailable)
      await expect(admin.covering(HOST.bytes)).rejects.toMatchObject(unavailable)
      await expect(admin.page(0, 1)).rejects.toMatchObject(unavailable)
      await expect(admin.reload()).rejects.toMatchObject(unavailable)
      expect(await admin.count()).toBe(1)
    })
  })
}

// What every store of bans must do (src/domain/ports/outbound/ban-store.ts).

import { afterEach, describe, expect, it } from '@jest/globals'
import type { BanStore } from '../../src/domain/ports/outbound/ban-store.ts'
import { aBanRange, banRanges } from '../fixtures/ban-ranges.ts'
import { type Open, Subjects } from './subject.ts'

/** What the clock of a fresh subject shows. */
const NOW = 1_800_000_000
const [NETWORK, HOST, IPV6] = ['192.0.2.0/24', '192.0.2.7', '2001:db8::/32'].map(aBanRange)

export function banStoreContract(name: string, open: Open<BanStore>): void {
  describe(`${name} as a store of bans`, () => {
    const subjects = new Subjects(open)
    const fresh = async (): Promise<BanStore> => (await subjects.fresh()).store
    afterEach(() => subjects.close())

    it('finds what was put, with reason and end, and nothing else', async () => {
      const store = await fresh()
      const [network, host] = await store.put([
        { range: NETWORK, reason: 'flood; "quoted"', expiresAtSeconds: 4_102_444_800 },
        { range: HOST },
      ])
      expect(network).toEqual({
        range: NETWORK,
        reason: 'flood; "quoted"',
        expiresAtSeconds: 4_102_444_800,
        addedAtSeconds: NOW,
        position: expect.any(Number),
      })
      expect(host).toEqual({ range: HOST, addedAtSeconds: NOW, position: expect.any(Number) })
      expect(await store.find('192.0.2.0/24')).toEqual(network)
      expect(await store.find('192.0.2.7')).toEqual(host)
      expect(await store.find('192.0.2.0')).toBeUndefined()
      expect(await store.count()).toBe(2)
    })

    it('replaces reason and end of a ban that is there, which keeps its position', async () => {
      const store = await fresh()
      const [first] = await store.put([{ range: IPV6, reason: 'old', expiresAtSeconds: 7 }])
      const [second] = await store.put([{ range: IPV6 }])
      expect(second).toEqual({ range: IPV6, addedAtSeconds: NOW, position: first?.position })
      expect(await store.find(IPV6?.text ?? '')).toEqual(second)
      expect(await store.count()).toBe(1)
    })

    it('stores a range that is given twice once, the last time', async () => {
      const store = await fresh()
      const put = await store.put([{ range: HOST, reason: 'one' }, { range: NETWORK }, { range: HOST, reason: 'two' }])
      expect(put.map(({ range, reason }) => [range.text, reason])).toEqual([
        ['192.0.2.7', 'two'],
        ['192.0.2.0/24', undefined],
      ])
      expect(await store.put([])).toEqual([])
    })

    it('removes by text, and returns what was there', async () => {
      const store = await fresh()
      const [network] = await store.put([{ range: NETWORK }, { range: HOST }])
      expect(await store.remove(['192.0.2.0/24', '192.0.2.8', '192.0.2.0/24'])).toEqual([network])
      expect(await store.remove(['192.0.2.0/24'])).toEqual([])
      expect(await store.remove([])).toEqual([])
      expect(await store.count()).toBe(1)
    })

    it('returns those of some networks', async () => {
      const store = await fresh()
      const [network, , ipv6] = await store.put([{ range: NETWORK }, { range: HOST }, { range: IPV6 }])
      const found = await store.among([NETWORK, IPV6, { bytes: NETWORK.bytes, prefixBits: 25 }])
      expect(found.toSorted((a, b) => a.position - b.position)).toEqual([network, ipv6])
      expect(await store.among([{ bytes: NETWORK.bytes, prefixBits: 23 }])).toEqual([])
    })

    it('pages through all in the order in which they were put, expired ones too', async () => {
      const store = await fresh()
      const ranges = banRanges(7)
      await store.put(ranges.map((range, at) => ({ range, expiresAtSeconds: at === 3 ? 1 : undefined })))
      const first = await store.page(0, 4)
      const rest = await store.page(first.at(-1)?.position ?? 0, 4)
      expect([...first, ...rest].map(({ range }) => range)).toEqual(ranges)
      expect(await store.page(rest.at(-1)?.position ?? 0, 4)).toEqual([])
    })

    it('removes those that ended before a date, at most so many', async () => {
      const store = await fresh()
      const ranges = banRanges(6)
      await store.put(ranges.map((range, at) => ({ range, expiresAtSeconds: at === 5 ? undefined : NOW + at })))
      expect(await store.removeExpired(NOW, 10)).toBe(0)
      expect(await store.removeExpired(NOW + 4, 3)).toBe(3)
      expect(await store.removeExpired(NOW + 4, 3)).toBe(1)
      expect((await store.page(0, 10)).map(({ range }) => range)).toEqual(ranges.slice(4))
    })

    it('takes more at once than fit in one statement', async () => {
      const store = await fresh()
      const ranges = banRanges(2500)
      expect((await store.put(ranges.map((range) => ({ range })))).map(({ range }) => range.text)).toEqual(
        ranges.map(({ text }) => text),
      )
      expect(await store.remove(ranges.map(({ text }) => text))).toHaveLength(2500)
      expect(await store.count()).toBe(0)
    })

    it('serves writers of the same bans in different orders', async () => {
      const store = await fresh()
      const bans = banRanges(1500).map((range) => ({ range }))
      await store.put(bans.slice(0, 700))
      await Promise.all(
        Array.from({ length: 10 }, (_, writer) =>
          store.put(writer % 2 === 0 ? bans.slice(0, 700) : bans.slice(0, 700).toReversed()),
        ),
      )
      expect(await store.count()).toBe(700)
    })

    it('rejects everything while it is unavailable', async () => {
      const { store, makeUnavailable } = await subjects.fresh()
      await makeUnavailable()
      const refused = { code: 'store-unavailable' }
      await expect(store.put([{ range: HOST }])).rejects.toMatchObject(refused)
      await expect(store.remove(['192.0.2.7'])).rejects.toMatchObject(refused)
      await expect(store.find('192.0.2.7')).rejects.toMatchObject(refused)
      await expect(store.among([HOST])).rejects.toMatchObject(refused)
      await expect(store.page(0, 1)).rejects.toMatchObject(refused)
      await expect(store.removeExpired(NOW, 1)).rejects.toMatchObject(refused)
      await expect(store.count()).rejects.toMatchObject(refused)
    })
  })
}

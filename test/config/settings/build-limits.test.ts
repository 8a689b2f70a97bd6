import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

function limits(rows: string) {
  return documentWith(`[limits]\n${rows}`)
}

describe('rates', () => {
  it('have the defaults of protocol rule SEC-03, and spare private addresses', async () => {
    const { settings } = await load(documentWith())
    expect(settings.limits).toMatchObject({
      areRatesLimited: true,
      appliesToPrivate: false,
      connectRate: 50,
      connectBurst: 500,
      announceRate: 200,
      announceBurst: 5000,
      scrapeRate: 10,
      scrapeBurst: 50,
      errorRate: 1,
      errorBurst: 10,
      httpRate: 200,
      httpBurst: 5000,
      prefixMultiple: 8,
    })
  })

  it.each(['connect', 'announce', 'scrape', 'error', 'http'])('of kind %s may be as low and as high', async (kind) => {
    expect(await complaints(limits(`${kind}_rate = 1\n${kind}_burst = 1`))).toEqual([])
    expect(await complaints(limits(`${kind}_rate = 8000\n${kind}_burst = 8000`))).toEqual([])
    expect(await complaints(limits(`${kind}_rate = 1\n${kind}_burst = 14400`))).toEqual([])
  })

  it.each(['connect', 'announce', 'scrape', 'error', 'http'])('of kind %s need a burst that fits', async (kind) => {
    const [small] = await complaints(limits(`${kind}_rate = 6000\n${kind}_burst = 5999`))
    expect(small).toContain(`limits.${kind}_burst: must be at least limits.${kind}_rate, which is 6000`)
    const [large] = await complaints(limits(`${kind}_rate = 1\n${kind}_burst = 14401`))
    expect(large).toContain(`limits.${kind}_burst: must be at most 14400 times limits.${kind}_rate, which is 1`)
  })

  it.each([
    ['connect_rate = 0', 'must be a whole number from 1 to 8000'],
    ['announce_rate = 8001', 'must be a whole number from 1 to 8000'],
    ['http_burst = 1.5', 'must be a whole number from 1 to 10000000'],
    ['prefix_multiple = 0', 'must be a whole number from 1 to 256'],
    ['rate_limits = "off"', 'must be true or false'],
  ])('refuse %s', async (row, message) => {
    expect((await complaints(limits(row))).join()).toContain(message)
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { UrlData, writeUrlData } from '../../../../src/adapters/protocol/udp/url-data.ts'
import { anAnnounce, bytesOf, hexOf, URL_DATA } from '../../../fixtures/udp-vectors.ts'

const BYTES_BEFORE = 5

/** Reads the URL data of an announce with these options, placed between other bytes. */
function urlDataIn(options: string): string | undefined {
  const announce = bytesOf(anAnnounce({ options }))
  const memory = new Uint8Array(BYTES_BEFORE + announce.length + 8).fill(2)
  memory.set(announce, BYTES_BEFORE)
  const url = new UrlData()
  if (!url.read(memory, BYTES_BEFORE, announce.length)) return undefined
  return Buffer.from(url.source.subarray(url.from, url.to)).toString('latin1')
}

describe('URL data', () => {
  it.each(URL_DATA)('in the options "$options" is $text', ({ options, text }) => {
    expect(urlDataIn(options)).toBe(text)
  })

  it('is found after 1300 bytes of padding', () => {
    expect(urlDataIn(`${'01'.repeat(1300)}02012f`)).toBe('/')
  })

  it('is found after an unknown option without a value', () => {
    expect(urlDataIn('050002092f616e6e6f756e6365')).toBe('/announce')
  })

  it('is kept up to an option that runs past the end', () => {
    expect(urlDataIn('02012f0205616263')).toBe('/')
  })

  it('is cut at 2048 bytes', () => {
    const option = `02ff${'61'.repeat(255)}`
    expect(urlDataIn(option.repeat(9))).toBe('a'.repeat(2048))
  })

  it('is not mixed with that of the previous announce', () => {
    const url = new UrlData()
    const texts = ['02012f020161', '02022f62', '02012f020163020164', '0200'].map((options) => {
      const announce = bytesOf(anAnnounce({ options }))
      url.read(announce, 0, announce.length)
      return Buffer.from(url.source.subarray(url.from, url.to)).toString('latin1')
    })
    expect(texts).toEqual(['/a', '/b', '/cd', ''])
  })

  it('is written as laid out by hand', () => {
    const bytes = new Uint8Array(12)
    expect(writeUrlData(bytes, 0, '/announce')).toBe(12)
    expect(hexOf(bytes)).toBe('02092f616e6e6f756e636500')
  })

  it('is read back as it was written, in as many options as it takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 1000 }), (text) => {
        const options = new Uint8Array(1100)
        const length = writeUrlData(options, 0, text)
        expect(urlDataIn(hexOf(options.subarray(0, length)))).toBe(text)
      }),
    )
  })

  it('is read from any bytes without throwing, and never beyond the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (options) => {
        const text = urlDataIn(hexOf(options))
        expect((text ?? '').length).toBeLessThanOrEqual(options.length)
      }),
    )
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readHex, readInfoHashes, readInfoHashText } from '../../../../src/adapters/protocol/rest/info-hash-text.ts'

const V1 = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const V2 = 'caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e'
/** V1 in base32. */
const BASE32 = 'YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK'

describe('a written info hash', () => {
  it.each([
    ['hex', V1],
    ['upper-case hex', V1.toUpperCase()],
    ['base32', BASE32],
    ['lower-case base32', BASE32.toLowerCase()],
    ['a URN in hex', `urn:btih:${V1}`],
    ['a URN in base32', `urn:btih:${BASE32}`],
    ['a URN in upper case', `URN:BTIH:${V1.toUpperCase()}`],
    ['a magnet link', `magnet:?xt=urn:btih:${V1}&dn=a%20name&tr=udp%3A%2F%2Ftracker.example%3A6969`],
    ['a magnet link that begins with something else', `magnet:?dn=a&xt=urn:btih:${BASE32}`],
    ['a magnet link of a hybrid torrent', `magnet:?xt=urn:btmh:1220${V2}&xt=urn:btih:${V1}`],
    ['a magnet link with numbered topics', `magnet:?xt.1=urn:sha1:${BASE32}&xt.2=urn:btih:${V1}`],
    ['a magnet link in escapes', `magnet:?xt=urn%3Abtih%3A${V1}`],
  ])('is read from %s', (_, text) => {
    expect(readInfoHashText(text)).toEqual({ infoHash: V1 })
  })

  it.each([
    ['hex', V2],
    ['upper-case hex', V2.toUpperCase()],
    ['a URN', `urn:btmh:1220${V2}`],
    ['a magnet link', `magnet:?xt=urn:btmh:1220${V2}&dn=a`],
  ])('of a v2 torrent is read from %s and truncated', (_, text) => {
    expect(readInfoHashText(text)).toEqual({ infoHash: V2.slice(0, 40), truncatedFrom: V2 })
  })

  it.each([
    '',
    V1.slice(1),
    `${V1}0`,
    `0x${V1}`,
    V1.replace('c', 'g'),
    BASE32.replace('Y', '1'),
    `urn:btih:${V2}`,
    `urn:btmh:1120${V2}`,
    `urn:btmh:1220${V1}`,
    `urn:sha1:${BASE32}`,
    'magnet:?dn=a',
    `magnet:?xt=${V1}`,
    `http://example.com/?xt=urn:btih:${V1}`,
    ` ${V1}`,
    `magnet:?xt=urn:btih:${V1}&dn=${'a'.repeat(128 * 1024)}`,
  ])('is not read from %j', (text) => {
    expect(readInfoHashText(text)).toBeUndefined()
  })

  it('is read from the magnet link of a torrent with many trackers', () => {
    const trackers = Array.from({ length: 200 }, (_, n) => `&tr=udp%3A%2F%2Ftracker-${n}.example.org%3A6969%2Fannounce`)
    expect(readInfoHashText(`magnet:?xt=urn:btih:${V1}${trackers.join('')}`)).toEqual({ infoHash: V1 })
    expect(readInfoHashText(`magnet:?dn=a${trackers.join('')}&xt=urn:btih:${V1}`)).toEqual({ infoHash: V1 })
  })

  it('is two for the magnet link of a hybrid torrent, and one for every other text', () => {
    const link = `magnet:?xt=urn:btmh:1220${V2}&xt=urn:btih:${V1}&xt=urn:btih:${'0'.repeat(40)}`
    expect(readInfoHashes(link)).toEqual([{ infoHash: V1 }, { infoHash: V2.slice(0, 40), truncatedFrom: V2 }])
    for (const text of [V1, V2, BASE32, `urn:btih:${V1}`]) expect(readInfoHashes(text)).toHaveLength(1)
    expect(readInfoHashes('')).toEqual([])
  })

  it('in a path is hex only', () => {
    expect(readHex(V1.toUpperCase())).toEqual({ infoHash: V1 })
    expect(readHex(V2)).toEqual({ infoHash: V2.slice(0, 40), truncatedFrom: V2 })
    expect(readHex(BASE32)).toBeUndefined()
  })

  it('is 40 lower-case digits or undefined for any text', () => {
    const parts = fc.constantFrom('magnet:?', 'xt=', 'urn:btih:', 'urn:btmh:1220', V1, V2, BASE32, '&', '%', '=', '.')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts).map((some) => some.join('')),
    )
    fc.assert(
      fc.property(text, (given) => {
        const written = readInfoHashText(given)
        if (written !== undefined) expect(written.infoHash).toMatch(/^[0-9a-f]{40}$/)
      }),
    )
  })
})

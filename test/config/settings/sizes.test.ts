import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readSize, writeSize } from '../../../src/config/settings/sizes.ts'

describe('sizes', () => {
  it.each([
    [8192, 8192],
    ['8192', 8192],
    ['8192 B', 8192],
    ['8 KiB', 8192],
    ['512MiB', 536_870_912],
    [' 1.5 gib ', 1_610_612_736],
    ['2 GB', 2_000_000_000],
    ['3mb', 3_000_000],
    ['4 kB', 4000],
  ])('%j is %d bytes', (text, bytes) => {
    expect(readSize(text)).toBe(bytes)
  })

  it.each(['', 'MiB', '1 TiB', '-1 MiB', '1,5 GiB', '1.0001 KiB', '0x10', '1e3', 'constructor', 1.5, -1, Number.NaN])(
    '%j is not a size',
    (text) => {
      expect(readSize(text)).toBeUndefined()
    },
  )

  it('are written so that they read back the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (bytes) => {
        expect(readSize(writeSize(bytes))).toBe(bytes)
      }),
    )
    expect([1024 ** 3, 3 * 1024 ** 2, 8192, 1000].map(writeSize)).toEqual(['1 GiB', '3 MiB', '8 KiB', '1000 B'])
  })
})

import { describe, expect, it } from '@jest/globals'
import { addHostile, NOTHING_HOSTILE, readMix } from '../../../../src/adapters/cli/load/load-mix.ts'

describe('the mixes of a load', () => {
  it('have names', () => {
    expect(readMix('published')).toEqual({ announce: 100, connect: 0, scrape: 1 })
    expect(readMix('aquatic')).toEqual({ announce: 50, connect: 50, scrape: 1 })
    expect(readMix('real')).toEqual({ announce: 74, connect: 23, scrape: 3 })
  })

  it('are weights', () => {
    expect(readMix('1:2:3')).toEqual({ announce: 1, connect: 2, scrape: 3 })
    for (const text of ['', '1:2', '0:0:0', '1:2:3:4', '-1:2:3', 'toString', '1.5:2:3']) {
      expect(readMix(text)).toBeUndefined()
    }
  })

  it('have hostile shares of at most 1 together', () => {
    const some = addHostile('garbage=0.6', NOTHING_HOSTILE)
    expect(some).toMatchObject({ garbage: 0.6, connects: 0 })
    if (some === undefined) return
    expect(addHostile('connects=0.4', some)).toMatchObject({ garbage: 0.6, connects: 0.4 })
    for (const text of ['connects=0.5', 'garbage', 'garbage=', 'garbage=2', 'nonsense=0.1', 'garbage=0.1=0.2']) {
      expect(addHostile(text, some)).toBeUndefined()
    }
  })
})

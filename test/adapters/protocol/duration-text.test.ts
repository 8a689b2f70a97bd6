import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readDurationText, writeDurationText } from '../../../src/adapters/protocol/duration-text.ts'

describe('a duration as text', () => {
  it.each([
    ['0s', 0],
    ['90s', 90],
    ['30m', 1800],
    ['12h', 43_200],
    ['7d', 604_800],
    ['4w', 2_419_200],
  ])('is read: %s', (text, seconds) => {
    expect(readDurationText(text)).toBe(seconds)
  })

  it.each(['', '30', 'm', '30M', '30 m', '1.5h', '-1s', '1h30m', '030m', '30min'])(
    'needs a number and a unit: %j',
    (text) => {
      expect(readDurationText(text)).toBeUndefined()
    },
  )

  it.each([
    [0, '0s'],
    [59, '59s'],
    [90, '90s'],
    [1800, '30m'],
    [7200, '2h'],
    [604_800, '7d'],
  ])('is written in the largest unit that is exact: %d s', (seconds, text) => {
    expect(writeDurationText(seconds)).toBe(text)
  })

  it('reads back the same', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        expect(readDurationText(writeDurationText(seconds))).toBe(seconds)
      }),
    )
  })
})

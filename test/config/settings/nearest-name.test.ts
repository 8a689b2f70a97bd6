import { describe, expect, it } from '@jest/globals'
import { editDistance, nearestName } from '../../../src/config/settings/nearest-name.ts'

describe('the nearest name', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['bind_adress', 'bind_address', 1],
  ])('is found by the number of edits: %j to %j takes %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
    expect(editDistance(to, from)).toBe(distance)
  })

  it('is the one with the fewest edits', () => {
    expect(nearestName('intervall', ['interval_min', 'interval', 'jitter'])).toBe('interval')
    expect(nearestName('Interval', ['interval'])).toBe('interval')
  })

  it('does not exist if every name is a different word', () => {
    expect(nearestName('colour', ['listed', 'private', 'database'])).toBeUndefined()
    expect(nearestName('x', ['ip'])).toBeUndefined()
    expect(nearestName('interval'.repeat(20), ['interval'.repeat(20)])).toBeUndefined()
  })
})

import { describe, expect, it } from '@jest/globals'
import { isShallow } from '../../../../../src/adapters/inbound/rest/v2/json-depth.ts'

describe('the depth of JSON', () => {
  it.each([
    ['1', 0],
    ['[]', 1],
    ['{"a":[{}]}', 3],
    ['[[],[],[]]', 2],
    ['"[[[["', 0],
    ['["\\"[[["]', 1],
    ['["\\\\",[]]', 2],
  ])('of %s is %d', (text, depth) => {
    expect(isShallow(text, depth)).toBe(true)
    expect(isShallow(text, depth - 1)).toBe(depth === 0 && !/^[[{]/.test(text))
  })

  it('is checked for a million levels', () => {
    expect(isShallow('['.repeat(1_000_000), 16)).toBe(false)
  })
})

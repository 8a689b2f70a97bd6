import { describe, expect, it } from '@jest/globals'
import { silenceSeconds } from '../../../src/adapters/load/run-load.ts'

describe('a load without any reply', () => {
  it('ends no sooner than replies are given up', () => {
    expect(silenceSeconds({ timeoutSeconds: 0.5 })).toBe(5)
    expect(silenceSeconds({ timeoutSeconds: 10 })).toBe(20)
  })
})

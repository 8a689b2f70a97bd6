import { describe, expect, it } from '@jest/globals'
import { isGoodLoad } from '../../../../src/adapters/cli/load/command.ts'
import { aLoadPlan } from '../../load/a-plan.ts'

const { hostile, path: _, ...plan } = aLoadPlan()
const FILL = { seconds: 1, peers: 5, confirmed: 5, counted: 5, missing: 0, surplus: 0, repeated: 0, refused: 0 }

describe('a load is good', () => {
  it('if the tracker answered', () => {
    expect(isGoodLoad({ plan: { ...plan, hostile }, fill: null, replies: 1 })).toBe(true)
    expect(isGoodLoad({ plan: { ...plan, hostile }, fill: null, replies: 0 })).toBe(false)
  })

  it('without an answer only if nothing was asked', () => {
    const half = { ...hostile, garbage: 0.5 }
    expect(isGoodLoad({ plan: { ...plan, hostile: half }, fill: null, replies: 0 })).toBe(false)
    const flood = { ...hostile, garbage: 0.5, 'forged-ids': 0.5 }
    expect(isGoodLoad({ plan: { ...plan, hostile: flood }, fill: null, replies: 0 })).toBe(true)
  })

  it('if its fill stored every peer', () => {
    const report = { plan: { ...plan, hostile }, replies: 1 }
    expect(isGoodLoad({ ...report, fill: { ...FILL, isComplete: true } })).toBe(true)
    expect(isGoodLoad({ ...report, fill: { ...FILL, isComplete: false } })).toBe(false)
  })
})

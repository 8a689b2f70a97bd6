// Look-ups whose answers come when the test says so.

import { describe, expect, it } from '@jest/globals'
import { LookUps } from '../../../src/adapters/client/look-ups.ts'

const ADDRESSES = [{ address: '192.0.2.1', family: 4 }]

function aSystem() {
  const started: string[] = []
  const answers = new Map<string, (addresses: typeof ADDRESSES) => void>()
  const lookUps = new LookUps((host) => {
    started.push(host)
    return new Promise((resolve) => answers.set(host, resolve))
  }, 2)
  return { lookUps, started, answer: (host: string) => answers.get(host)?.(ADDRESSES) }
}

describe('look-ups', () => {
  it('do not run out of time while others are in their way', async () => {
    const { lookUps, started, answer } = aSystem()
    const limits = { timeoutMs: 20 }
    const lame = [lookUps.addressesOf('lame', limits), lookUps.addressesOf('lamer', limits)]
    const found = lookUps.addressesOf('well', limits)
    const tooSlow = { kind: 'timed-out', stage: 'resolve' }
    for (const one of lame) await expect(one).rejects.toMatchObject(tooSlow)
    // What was given up still has its thread.
    expect(started).toEqual(['lame', 'lamer'])
    answer('lame')
    await new Promise(setImmediate)
    expect(started).toEqual(['lame', 'lamer', 'well'])
    answer('well')
    expect(await found).toEqual(ADDRESSES)
  })

  it('that wait can be aborted, and leave the line', async () => {
    const { lookUps, started, answer } = aSystem()
    const first = lookUps.addressesOf('a')
    const second = lookUps.addressesOf('b')
    const controller = new AbortController()
    const third = lookUps.addressesOf('c', { signal: controller.signal })
    const fourth = lookUps.addressesOf('d')
    controller.abort()
    await expect(third).rejects.toMatchObject({ kind: 'aborted', stage: 'resolve' })
    answer('a')
    await first
    await new Promise(setImmediate)
    expect(started).toEqual(['a', 'b', 'd'])
    answer('b')
    answer('d')
    await Promise.all([second, fourth])
  })

  it('under way can be aborted', async () => {
    const { lookUps } = aSystem()
    const controller = new AbortController()
    const lookUp = lookUps.addressesOf('a', { signal: controller.signal })
    await new Promise(setImmediate)
    controller.abort()
    await expect(lookUp).rejects.toMatchObject({ kind: 'aborted', stage: 'resolve' })
  })
})

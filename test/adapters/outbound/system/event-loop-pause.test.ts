import { describe, expect, it } from '@jest/globals'
import { EventLoopPause } from '../../../../src/adapters/outbound/system/event-loop-pause.ts'

describe('a rest', () => {
  it('lasts until everything that was waiting for the thread has run', async () => {
    const happened: string[] = []
    setImmediate(() => happened.push('immediate'))
    process.nextTick(() => happened.push('tick'))
    void Promise.resolve().then(() => happened.push('promise'))
    await new EventLoopPause().rest()
    expect(happened.toSorted()).toEqual(['immediate', 'promise', 'tick'])
  })
})

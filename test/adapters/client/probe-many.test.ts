import { describe, expect, it } from '@jest/globals'
import { probeMany } from '../../../src/adapters/client/probe-many.ts'

/** Ends when its signal is aborted. */
function until(signal: AbortSignal): Promise<never> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('many probes', () => {
  it('run at the same time, but no more than allowed, and yield as they end', async () => {
    let running = 0
    let peak = 0
    const gates = Array.from({ length: 10 }, () => Promise.withResolvers<void>())
    const outcomes = probeMany(
      gates.keys(),
      async (index) => {
        peak = Math.max(peak, ++running)
        await gates[index].promise
        running--
        if (index === 7) throw new Error('seven')
        return index * 2
      },
      { concurrency: 3 },
    )
    const seen: unknown[] = []
    for (const expected of [2, 1, 0, 3, 4, 5, 6, 7, 8, 9]) {
      const next = outcomes.next()
      gates[expected].resolve()
      const { value } = await next
      seen.push(value && ('result' in value ? [value.target, value.result] : [value.target, String(value.error)]))
    }
    expect(seen[0]).toEqual([2, 4])
    expect(seen).toContainEqual([7, 'Error: seven'])
    expect((await outcomes.next()).done).toBe(true)
    expect([seen.length, peak]).toEqual([10, 3])
  })

  it('have a time limit each', async () => {
    const outcomes = await all(probeMany([1, 2], (_, signal) => until(signal), { timeoutMs: 10 }))
    expect(outcomes.map((outcome) => 'error' in outcome && (outcome.error as Error).name)).toEqual([
      'TimeoutError',
      'TimeoutError',
    ])
  })

  it('end when the caller aborts, without starting the others', async () => {
    const controller = new AbortController()
    const started: number[] = []
    const probe = (target: number, signal: AbortSignal) => {
      started.push(target)
      if (target === 2) controller.abort()
      return until(signal)
    }
    const options = { concurrency: 2, signal: controller.signal }
    expect(await all(probeMany([1, 2, 3, 4], probe, options))).toHaveLength(2)
    expect(started).toEqual([1, 2])
  })

  it('are aborted when the caller leaves the loop', async () => {
    const signals: AbortSignal[] = []
    const probe = (target: number, signal: AbortSignal) => {
      signals.push(signal)
      return target === 1 ? Promise.resolve() : until(signal)
    }
    for await (const { target } of probeMany([1, 2], probe)) {
      expect(target).toBe(1)
      break
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  })
})

// When keys are checked for expiry, with a clock that the test controls.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { KeyExpiry } from '../../../src/application/access/key-expiry.ts'
import { Store } from '../../../src/config/database/store.ts'
import { Lifecycle } from '../../../src/config/process/lifecycle.ts'
import { Bindings } from '../../../src/config/wiring/bindings.ts'
import { Expiry } from '../../../src/config/wiring/parts.ts'
import { documentWith, load } from '../settings/loading.ts'

describe('the check for expired keys', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('runs one at a time, a minute after the last, also after a failure, until it is stopped', async () => {
    const lines: unknown[] = []
    let looks = 0
    let finish = (): void => {}
    const look = (): Promise<void> => {
      looks++
      if (looks === 1) return Promise.reject('no')
      return new Promise((resolve) => {
        finish = resolve
      })
    }
    const { settings } = await load(documentWith())
    const bindings = new Bindings().bind(Expiry, () => ({ look }) as KeyExpiry)
    const lifecycle = new Lifecycle()
    new Store(settings, bindings, { log: (...line) => lines.push(line) }).watchKeys(lifecycle)
    await jest.advanceTimersByTimeAsync(59_999)
    expect(looks).toBe(0)
    await jest.advanceTimersByTimeAsync(1)
    expect([looks, lines]).toEqual([1, [['error', 'EVENTS', 'internal error: expired keys: no']]])
    await jest.advanceTimersByTimeAsync(600_000)
    expect(looks).toBe(2)
    finish()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(looks).toBe(3)
    await lifecycle.stop(1000)
    finish()
    await jest.advanceTimersByTimeAsync(600_000)
    expect([looks, jest.getTimerCount()]).toEqual([3, 0])
  })
})

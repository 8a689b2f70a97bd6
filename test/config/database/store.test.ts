// When keys are checked for expiry and expired bans are removed, with a clock that the test controls.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { BanKeeper } from '../../../src/application/access/ban-keeper.ts'
import type { KeyExpiry } from '../../../src/application/access/key-expiry.ts'
import { Store } from '../../../src/config/database/store.ts'
import { Lifecycle } from '../../../src/config/process/lifecycle.ts'
import { Bindings } from '../../../src/config/wiring/bindings.ts'
import { BansPart, Expiry } from '../../../src/config/wiring/parts.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { documentWith, load } from '../settings/loading.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

describe('the check for expired keys', () => {
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

describe('the removal of expired bans', () => {
  it('runs a minute after the last round, also after a failure, until it is stopped', async () => {
    const lines: unknown[] = []
    let rounds = 0
    const outcomes = [
      Promise.reject('no'),
      Promise.reject(new Refusal('store-unavailable', 'away')),
      Promise.resolve(1),
    ]
    const removeExpired = (): Promise<number> => outcomes[rounds++] ?? Promise.resolve(0)
    // Observed here, so that none is unhandled before its round.
    await Promise.allSettled(outcomes)
    const { settings } = await load(documentWith())
    const bindings = new Bindings().bind(BansPart, () => ({ removeExpired }) as BanKeeper)
    const lifecycle = new Lifecycle()
    new Store(settings, bindings, { log: (...line) => lines.push(line) }).dropExpiredBans(lifecycle)
    await jest.advanceTimersByTimeAsync(59_999)
    expect(rounds).toBe(0)
    await jest.advanceTimersByTimeAsync(1)
    expect([rounds, lines]).toEqual([1, [['error', 'DATABASE', 'internal error: expired bans: no']]])
    // The store reports itself that it is unavailable.
    await jest.advanceTimersByTimeAsync(120_000)
    expect([rounds, lines.length]).toEqual([3, 1])
    await lifecycle.stop(1000)
    await jest.advanceTimersByTimeAsync(600_000)
    expect([rounds, jest.getTimerCount()]).toEqual([3, 0])
  })
})

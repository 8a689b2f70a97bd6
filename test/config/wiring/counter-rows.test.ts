import { describe, expect, it } from '@jest/globals'
import { CryptoRandomness } from '../../../src/adapters/outbound/system/crypto-randomness.ts'
import { Counter } from '../../../src/adapters/protocol/metrics/counters.ts'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import { countsRequests, listenerCounters, threadCounters } from '../../../src/config/wiring/counter-rows.ts'
import { createSharedMemory } from '../../../src/config/wiring/shared-memory.ts'
import { DEFAULT_ADDRESS_RULES } from '../../../src/domain/swarm/address-rules.ts'

const SIZES = {
  swarmBudgetBytes: 16 * 2 ** 20,
  addressRules: DEFAULT_ADDRESS_RULES,
  access: { torrents: 1, keys: 1, bans: 1 },
  threads: 2,
  listeners: 3,
}

/** The totals of a tracker after one datagram, one announce and one internal error at each of its three listeners. */
async function countedWith(tracker: boolean, ...options: readonly (boolean | undefined)[]) {
  const { settings: built } = await readSettings(undefined, { env: {}, readFile: () => '' })
  const settings = { ...built, trackerUsageStatistics: tracker }
  const listeners = options.map((trackerUsageStatistics) => ({ ...built.udpListeners[0], trackerUsageStatistics }))
  const memory = createSharedMemory(SIZES, new CryptoRandomness(), { wallSeconds: 1.8e9, monotonicSeconds: 5 })
  const rows = listenerCounters(settings, listeners, memory, { thread: 1, first: 0 })
  for (const counters of rows) {
    counters.add(Counter.udp4_datagrams_received, 1)
    counters.add(Counter.udp4_announces, 1)
    counters.add(Counter.internal_errors, 1)
  }
  const totals = threadCounters(settings, memory, 0)
  const { udp4_datagrams_received, udp4_announces, internal_errors } = Counter
  return {
    requests: [totals.total(udp4_datagrams_received), totals.total(udp4_announces)],
    errors: totals.total(internal_errors),
    shown: listeners.map(countsRequests),
  }
}

describe('the counters of listeners', () => {
  it('follow the tracker where the listener does not say', async () => {
    const counted = await countedWith(true, undefined, true, undefined)
    expect(counted).toEqual({ requests: [3, 3], errors: 3, shown: [true, true, true] })
  })

  it('leave out the requests of a listener that does not want them, but not its errors', async () => {
    const counted = await countedWith(true, false, true, undefined)
    expect(counted).toEqual({ requests: [2, 2], errors: 3, shown: [false, true, true] })
  })

  it('count no requests at all if the tracker counts none', async () => {
    const counted = await countedWith(false, true, false, undefined)
    expect(counted).toMatchObject({ requests: [0, 0], errors: 3 })
  })
})

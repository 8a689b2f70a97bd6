import { describe, expect, it } from '@jest/globals'
import { NOTHING_HOSTILE } from '../../../../src/adapters/cli/load/load-mix.ts'
import { type LoadCommandOptions, planOf } from '../../../../src/adapters/cli/load/load-plan-options.ts'
import type { LoadPlan } from '../../../../src/adapters/load/load-plan.ts'

const OPTIONS: LoadCommandOptions = {
  threads: 1,
  duration: 1,
  warmUp: 0,
  timeout: 1,
  mix: { announce: 1, connect: 0, scrape: 0 },
  torrents: 100,
  peers: 1000,
  seed: 1,
  seeders: 0.75,
  numwant: 30,
  hostile: NOTHING_HOSTILE,
}

function plan(
  transport: LoadPlan['transport'],
  urls: string | readonly string[],
  options: Partial<LoadCommandOptions> = {},
): Promise<LoadPlan> {
  const dependencies = { resolve: async () => ['127.0.0.1', '::1'], ownAddresses: () => [] }
  return planOf(transport, [urls].flat(), { ...OPTIONS, ...options }, dependencies)
}

describe('the plan of a load', () => {
  it('uses one address, or one of each family', async () => {
    expect((await plan('udp', 'udp://localhost:6969')).targets).toHaveLength(1)
    const both = await plan('udp', 'udp://localhost:6969', { ipv6Share: 0.25 })
    expect(both.targets.map(({ address }) => address)).toEqual(['127.0.0.1', '::1'])
    const two = await plan('udp', ['udp://[::1]:2', 'udp://127.0.0.1:1'])
    expect(two.targets.map(({ port }) => port)).toEqual([1, 2])
    expect(two.ipv6Share).toBe(0.5)
  })

  it('uses two addresses elsewhere if both are owned', async () => {
    const urls = ['udp://192.0.2.1:1', 'udp://[2001:db8::1]:1']
    const owned = await plan('udp', urls, { iOwnThisTracker: ['192.0.2.1', '2001:db8::1'] })
    expect(owned.targets.map(({ address }) => address)).toEqual(['192.0.2.1', '2001:db8::1'])
    await expect(plan('udp', urls, { iOwnThisTracker: ['192.0.2.1'] })).rejects.toThrow('2001:db8::1 is not on this')
  })

  it('sends the path of the URL over UDP only if it is not the usual one', async () => {
    expect((await plan('udp', 'udp://127.0.0.1:1/announce')).path).toBe('')
    expect((await plan('udp', 'udp://127.0.0.1:1/announce', { urlData: true })).path).toBe('/announce')
    expect((await plan('udp', 'udp://127.0.0.1:1/KEY/announce?x')).path).toBe('/KEY/announce?x')
    expect((await plan('http', 'http://127.0.0.1:1')).path).toBe('/announce')
  })

  it.each([
    ['http', 'udp://127.0.0.1:1', {}, 'http://'],
    ['http', 'https://127.0.0.1:1', {}, 'https:// cannot be loaded'],
    ['udp', 'nonsense', {}, 'is not a URL'],
    ['udp', 'udp://127.0.0.1:1', { peers: 3 }, '--peers'],
    ['udp', 'udp://127.0.0.1:1', { ipv6Share: 0.5 }, '--ipv6-share'],
    ['udp', 'udp://127.0.0.1:1', { duration: 0 }, '--duration'],
    ['udp', 'udp://127.0.0.1:1', { sockets: 10_001, peers: 1e6 }, '--sockets'],
    ['udp', 'udp://127.0.0.1:1', { scrapeHashes: 75 }, '--scrape-hashes 75'],
    ['udp', 'udp://127.0.0.1:1', { numwant: 1001 }, '--numwant 1001'],
    ['udp', 'udp://127.0.0.1:1', { threads: 10_000, peers: 1e6 }, '--threads 10000'],
    ['udp', 'udp://127.0.0.1:1', { fill: true, hostile: { ...NOTHING_HOSTILE, garbage: 1 } }, '--fill'],
    ['http', 'http://127.0.0.1:1', { hostile: { ...NOTHING_HOSTILE, connects: 1 } }, '--hostile'],
    ['http', 'http://127.0.0.1:1', { mix: { announce: 0, connect: 1, scrape: 0 } }, '--mix'],
    ['udp', 'udp://127.0.0.1:1', { inFlight: 4096, sockets: 300 }, '--in-flight times --sockets'],
    ['udp', 'udp://127.0.0.1:1', { rate: 1_000_000, timeout: 2 }, '--rate times --timeout'],
    ['udp', ['udp://127.0.0.1:1/a', 'udp://[::1]:1/b'], {}, 'the same path'],
    ['udp', 'udp://192.0.2.1:1', { iOwnThisTracker: ['192.0.2.2'] }, '--i-own-this-tracker names 192.0.2.2'],
    ['udp', 'udp://192.0.2.1:1', {}, '--i-own-this-tracker'],
  ] as const)('refuses muster load %s %s %j', async (transport, url, options, sentence) => {
    await expect(plan(transport, url, options)).rejects.toThrow(sentence)
  })
})

import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import type { HttpListenerSettings, Settings } from '../../../src/config/settings/settings.ts'
import { THREAD_KINDS } from '../../../src/config/threads/thread-kinds.ts'
import { plannedListeners, planThreads, threadNames } from '../../../src/config/threads/thread-plan.ts'
import { aThirdKind } from './third-kind.ts'

async function builtIn(threads: Partial<Settings['threads']> = {}): Promise<Settings> {
  const { settings } = await readSettings(undefined, { env: {}, readFile: () => '' })
  return { ...settings, threads: { ...settings.threads, ...threads } }
}

async function threadCounts(settings: Settings, cores: number) {
  return Object.fromEntries((await planThreads(settings, cores)).map(({ kind, count }) => [kind.name, count]))
}

describe('the number of threads', () => {
  it.each([
    [1, 1, 1],
    [2, 1, 1],
    [4, 2, 1],
    [8, 4, 2],
    [64, 32, 16],
  ])('follows %i cores when left to the tracker: %i for UDP, %i for HTTP', async (cores, udp, http) => {
    expect(await threadCounts(await builtIn(), cores)).toEqual({ udp, http })
  })

  it('is as configured', async () => {
    expect(await threadCounts(await builtIn({ udp: 3, http: 5 }), 2)).toEqual({ udp: 3, http: 5 })
  })

  it('is 0 for a protocol without listeners', async () => {
    const settings = await builtIn({ udp: 3, http: 'auto' })
    expect(await threadCounts({ ...settings, udpListeners: [] }, 8)).toEqual({ udp: 0, http: 2 })
    expect(await threadCounts({ ...settings, httpListeners: [] }, 8)).toEqual({ udp: 3, http: 0 })
  })
})

describe('threads', () => {
  it('are named by kind, in the order of their numbers', async () => {
    const plans = await planThreads(await builtIn({ udp: 2, http: 1, httpDriver: 'plain' }), 2)
    expect(threadNames(plans)).toEqual(['main', 'udp-1', 'udp-2', 'http-1', 'http-plain-1'])
    expect(plans.map(({ firstNumber }) => firstNumber)).toEqual([1, 3])
    expect(plans[1]?.firstCompanion).toBe(4)
  })

  it.each<[string, Partial<Settings['threads']>, Partial<HttpListenerSettings>]>([
    ['the driver is node', { httpDriver: 'node' }, {}],
    ['all listeners have TLS', { httpDriver: 'plain' }, { tls: { certPath: 'cert.pem', keyPath: 'key.pem' } }],
    ['all listeners expect PROXY headers', { httpDriver: 'plain' }, { proxyProtocol: true }],
    ['all listeners are Unix domain sockets', { httpDriver: 'plain' }, { host: 'unix:/run/muster/http.sock' }],
  ])('of the plain driver do not exist where %s', async (_, threads, given) => {
    const built = await builtIn({ udp: 1, http: 2, ...threads })
    const settings = { ...built, httpListeners: built.httpListeners.map((listener) => ({ ...listener, ...given })) }
    const plans = await planThreads(settings, 2, [...THREAD_KINDS, aThirdKind()])
    expect(threadNames(plans)).toEqual(['main', 'udp-1', 'http-1', 'http-2', 'third-1', 'third-2', 'third-3'])
    expect(plans.map(({ firstCompanion }) => firstCompanion)).toEqual([undefined, undefined, undefined])
  })

  it('of an additional kind are counted and named by its row', async () => {
    const settings = await builtIn({ udp: 1, http: 'auto', httpDriver: 'plain' })
    const plans = await planThreads(settings, 8, [...THREAD_KINDS, aThirdKind()])
    expect(plans.map(({ count, firstNumber }) => [count, firstNumber])).toEqual([
      [1, 1],
      [2, 2],
      [3, 6],
    ])
    expect(threadNames(plans)).toEqual([
      ...['main', 'udp-1', 'http-1', 'http-2', 'http-plain-1', 'http-plain-2'],
      ...['third-1', 'third-2', 'third-3'],
    ])
  })

  it('know the numbers of their listeners, which are counted over all kinds', async () => {
    const built = await builtIn()
    const [udp] = built.udpListeners
    const settings = { ...built, udpListeners: [udp, { ...udp, port: 1 }], httpListeners: [built.httpListeners[0]] }
    const plans = await planThreads(settings, 8, [...THREAD_KINDS, aThirdKind()])
    expect(plans.map(({ firstListener }) => firstListener)).toEqual([0, 2, 3])
    const { udpListeners, httpListeners } = settings
    expect(plannedListeners(plans, settings)).toEqual([...udpListeners, ...httpListeners, ...udpListeners])
  })

  it('of a tracker without listeners are only the main thread', async () => {
    const settings = { ...(await builtIn()), udpListeners: [], httpListeners: [] }
    expect(threadNames(await planThreads(settings, 8))).toEqual(['main'])
  })
})

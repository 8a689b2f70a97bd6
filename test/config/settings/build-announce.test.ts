import { describe, expect, it } from '@jest/globals'
import { documentWith, load } from './loading.ts'

async function policy(announce: string, tracker = '') {
  const text = documentWith(`[core.announce_policy]\n${announce}\n[core.tracker_policy]\n${tracker}`)
  const { settings, warnings } = await load(text)
  const { intervalSeconds, minIntervalSeconds } = settings.announce
  return { intervalSeconds, minIntervalSeconds, timeoutSeconds: settings.peers.maxPeerTimeoutSeconds, warnings }
}

describe('the announce policy', () => {
  it.each([
    ['', 1800, 900, 2760],
    ['interval = 3600', 3600, 1800, 4920],
    ['interval = 400', 400, 300, 1080],
    ['interval = 3600\njitter = 0.0', 3600, 1800, 4200],
    ['interval = 1800\ninterval_min = 1800', 1800, 1800, 2760],
  ])('follows from what is said of it: %j', async (text, intervalSeconds, minIntervalSeconds, timeoutSeconds) => {
    expect(await policy(text)).toEqual({ intervalSeconds, minIntervalSeconds, timeoutSeconds, warnings: [] })
  })

  it('accepts the short interval of a Torrust document, with a warning', async () => {
    expect(await policy('interval = 120\ninterval_min = 120')).toEqual({
      intervalSeconds: 120,
      minIntervalSeconds: 120,
      timeoutSeconds: 744,
      warnings: [
        'core.announce_policy.interval: 120 to 144 s with jitter: some clients and tracker lists accept only 300 to 10800 s',
      ],
    })
  })

  it('warns about an interval that only jitter makes too long', async () => {
    expect((await policy('interval = 9000')).warnings).toEqual([])
    expect((await policy('interval = 9001')).warnings).toHaveLength(1)
  })

  it('shortens the default interval if the peer timeout is short', async () => {
    expect(await policy('', 'max_peer_timeout = 900')).toEqual({
      intervalSeconds: 600,
      minIntervalSeconds: 300,
      timeoutSeconds: 900,
      warnings: [
        'core.tracker_policy.max_peer_timeout: clients are told to announce every 600 s, so that they do so before 900 s have passed',
      ],
    })
  })

  it('keeps a configured interval, and warns that peers will be lost', async () => {
    expect(await policy('interval = 1800', 'max_peer_timeout = 900')).toEqual({
      intervalSeconds: 1800,
      minIntervalSeconds: 900,
      timeoutSeconds: 900,
      warnings: [
        'core.tracker_policy.max_peer_timeout: 900 s is less than the longest interval handed out (2160 s): peers expire before they announce again',
      ],
    })
  })

  it('never lets the minimum exceed the interval', async () => {
    expect(await policy('interval = 600\ninterval_min = 900')).toMatchObject({
      minIntervalSeconds: 600,
      warnings: ['core.announce_policy.interval_min: 900 s is longer than the interval; 600 s are used'],
    })
  })

  it('never hands out more peers by default than the maximum, nor more than a reply may hold', async () => {
    const few = await load(documentWith('[core.announce_policy]\nmax_peers_per_announce = 30'))
    expect(few.settings.announce).toMatchObject({ maxPeersPerAnnounce: 30, defaultPeersPerAnnounce: 30 })
    const many = await load(documentWith('[core.announce_policy]\nmax_peers_per_announce = 5000'))
    expect(many.settings.announce).toMatchObject({ maxPeersPerAnnounce: 1000, defaultPeersPerAnnounce: 50 })
    expect(many.warnings).toEqual(['core.announce_policy.max_peers_per_announce: a reply holds 1000 peers at most'])
  })
})

describe('a target rate', () => {
  const TARGET = 'target_announces_per_second = 500\n'
  const longest = async (announce: string, tracker = '') => {
    const text = documentWith(`[core.announce_policy]\n${announce}\n[core.tracker_policy]\n${tracker}`)
    const { settings, warnings } = await load(text)
    const { targetAnnouncesPerSecond: target, maxIntervalSeconds } = settings.announce
    return { target, maxIntervalSeconds, timeoutSeconds: settings.peers.maxPeerTimeoutSeconds, warnings }
  }

  it('is not set by default, and then the interval has no maximum', async () => {
    const expected = { target: undefined, maxIntervalSeconds: undefined, timeoutSeconds: 2760, warnings: [] }
    expect(await longest('')).toEqual(expected)
  })

  it.each([
    ['', '', 9000, 11_400],
    ['jitter = 0.0', '', 10_800, 11_400],
    ['jitter = 0.5', '', 7200, 11_400],
    ['interval_max = 3600', '', 3600, 4920],
    ['', 'max_peer_timeout = 6000', 4000, 6000],
    ['', 'max_peer_timeout = 50000', 9000, 50_000],
    ['interval = 300', 'max_peer_timeout = 3000', 2000, 3000],
  ])(
    'has the longest interval that lists accept and the peer timeout covers: %j, %j',
    async (more, tracker, ...rest) => {
      const [maxIntervalSeconds, timeoutSeconds] = rest
      expect(await longest(TARGET + more, tracker)).toEqual({
        target: 500,
        maxIntervalSeconds,
        timeoutSeconds,
        warnings: [],
      })
    },
  )

  it('warns when peers expire before the longest interval has passed', async () => {
    expect((await longest(`${TARGET}interval_max = 5000`, 'max_peer_timeout = 5999')).warnings).toEqual([
      'core.tracker_policy.max_peer_timeout: 5999 s is less than the longest interval handed out (6000 s): peers expire before they announce again',
    ])
  })

  it('warns when jitter makes the longest interval too long', async () => {
    expect((await longest(`${TARGET}interval_max = 9000`)).warnings).toEqual([])
    expect((await longest(`${TARGET}interval_max = 9001`)).warnings).toEqual([
      'core.announce_policy.interval: 1800 to 10802 s with jitter: some clients and tracker lists accept only 300 to 10800 s',
    ])
  })

  it('never lets the longest interval be below the shortest', async () => {
    expect(await longest(`${TARGET}interval_max = 1700`)).toMatchObject({
      maxIntervalSeconds: 1800,
      warnings: ['core.announce_policy.interval_max: 1700 s is shorter than the interval; 1800 s are used'],
    })
  })

  it('is what a longest interval needs', async () => {
    expect(await longest('interval_max = 3600')).toMatchObject({
      maxIntervalSeconds: undefined,
      timeoutSeconds: 2760,
      warnings: ['core.announce_policy.interval_max: has no effect without `target_announces_per_second`'],
    })
  })
})

describe('denied ports', () => {
  const deniedBy = (settings: Awaited<ReturnType<typeof load>>['settings']) => (port: number) =>
    settings.peers.deniedPorts.some(({ first, last }) => first <= port && port <= last)

  it('are the privileged ones except those of HTTP, plus well-known services', async () => {
    const isDenied = deniedBy((await load(documentWith())).settings)
    expect([0, 1, 80, 443, 1024, 3388, 6881, 65_535].filter(isDenied)).toEqual([])
    const services = [1433, 1521, 2049, 3306, 3389, 5060, 5432, 5900, 6379, 6667, 9200, 11_211, 27_017]
    expect([2, 79, 81, 442, 444, 1023, ...services].filter((port) => !isDenied(port))).toEqual([])
  })

  it('are sorted, with adjacent ranges merged', async () => {
    const { settings } = await load(documentWith('[core.tracker_policy]\ndenied_ports = [90, "10-20", "15-30", 31, 5]'))
    expect(settings.peers.deniedPorts).toEqual([
      { first: 5, last: 5 },
      { first: 10, last: 31 },
      { first: 90, last: 90 },
    ])
  })

  it('can be empty', async () => {
    const { settings } = await load(documentWith('[core.tracker_policy]\ndenied_ports = []'))
    expect(settings.peers.deniedPorts).toEqual([])
  })
})

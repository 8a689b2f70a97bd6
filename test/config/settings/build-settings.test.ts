import { describe, expect, it } from '@jest/globals'
import { documentWith, load } from './loading.ts'

describe('the lifetime of connection ids', () => {
  const lifetimes = async (text: string) => {
    const { settings, warnings } = await load(documentWith(text))
    return [settings.udpListeners.map(({ cookieLifetimeSeconds }) => cookieLifetimeSeconds), warnings]
  }

  it('is an hour by default', async () => {
    expect(await lifetimes('[[udp_trackers]]')).toEqual([[3600], []])
    expect(await lifetimes('[udp_tracker_server]\nconnection_id_max_age = 7200\n[[udp_trackers]]')).toEqual([
      [7200],
      [],
    ])
  })

  it('is that of each listener, or else the common one', async () => {
    const text = `
[udp_tracker_server]
connection_id_max_age = 1800
[[udp_trackers]]
cookie_lifetime = 600
[[udp_trackers]]
bind_address = "0.0.0.0:1"
cookie_lifetime = { secs = 900, nanos = 5 }
[[udp_trackers]]
bind_address = "0.0.0.0:2"`
    expect(await lifetimes(text)).toEqual([[600, 900, 1800], []])
  })

  it('is also that of the IPv4 listener added to one on ::', async () => {
    const [found] = await lifetimes('[[udp_trackers]]\nbind_address = "[::]:6969"\ncookie_lifetime = 600')
    expect(found).toEqual([600, 600])
  })

  it.each([
    [0, 120],
    [119, 120],
    [7201, 7200],
    [4_294_967_295, 7200],
  ])('is brought into range: %d becomes %d', async (asked, lifetime) => {
    expect(await lifetimes(`[[udp_trackers]]\ncookie_lifetime = ${asked}`)).toEqual([
      [lifetime],
      [
        `udp_trackers.0.cookie_lifetime: ${asked} s was requested; connection ids are valid for ${lifetime} s (allowed: 120 to 7200)`,
      ],
    ])
  })

  it.each([120, 7200])('may be %d s without a warning', async (asked) => {
    expect(await lifetimes(`[[udp_trackers]]\ncookie_lifetime = ${asked}`)).toEqual([[asked], []])
  })
})

describe('the external address of a listener', () => {
  const externalIps = async (address: string) => {
    const network = `network = { external_ip = "${address}" }`
    const { settings, warnings } = await load(
      documentWith(`[[udp_trackers]]\n${network}\n[[http_trackers]]\n${network}`),
    )
    return [settings.udpListeners[0]?.externalIp, settings.httpListeners[0]?.externalIp, ...warnings]
  }

  it.each(['99.1.2.3', '2600::1', '::ffff:99.1.2.3', '10.0.0.1', '100.64.0.1', 'fd00::1', '200::1'])(
    'may be %s',
    async (address) => {
      expect(await externalIps(address)).toEqual([address, address])
    },
  )

  it.each(['127.0.0.1', '::1', '::ffff:127.1.1.1', '0.1.2.3', '224.0.0.1', '255.255.255.255', 'ff02::1'])(
    'is ignored with a warning if it is %s',
    async (address) => {
      const warning = (listener: string) =>
        `${listener}.0.network.external_ip: "${address}" is ignored: other machines cannot reach a peer at this address`
      expect(await externalIps(address)).toEqual([
        undefined,
        undefined,
        warning('udp_trackers'),
        warning('http_trackers'),
      ])
    },
  )

  it.each(['192.0.2.1', '198.18.0.1', '2001:db8::1'])('causes a warning if it is %s', async (address) => {
    const [udp, http, ...warnings] = await externalIps(address)
    expect([udp, http]).toEqual([address, address])
    expect(warnings).toEqual(
      ['udp_trackers', 'http_trackers'].map(
        (listener) =>
          `${listener}.0.network.external_ip: "${address}" is not a public address: clients on this machine are handed out only if network.ranges contains it`,
      ),
    )
  })

  it('is refused with a zone', async () => {
    await expect(externalIps('fe80::1%eth0')).rejects.toThrow('must be an IP address')
  })
})

describe('the public URL of a listener', () => {
  const warningsFor = async (udp: string, http: string) => {
    const text = `[[udp_trackers]]\npublic_url = "${udp}"\n[[http_trackers]]\npublic_url = "${http}"`
    return (await load(documentWith(text))).warnings
  }

  it.each([
    ['udp://tracker.example.org:6969', 'https://tracker.example.org/announce'],
    ['udp://tracker.example.org:6969/announce', 'http://tracker.example.org'],
    ['udp://[2600::1]:80', 'http://99.1.2.3:7070/announce'],
    ['udp://tracker:6969', 'http://10.0.0.1/'],
  ])('may be %s and %s', async (udp, http) => {
    expect(await warningsFor(udp, http)).toEqual([])
  })

  it('causes a warning without a port over UDP only', async () => {
    expect(await warningsFor('udp://a.example/announce', 'https://a.example')).toEqual([
      'udp_trackers.0.public_url: "udp://a.example/announce" has no port, which UDP clients need',
    ])
  })

  it.each(['localhost', 'tracker.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '0.0.0.0', '[::]'])(
    'causes a warning for the host %s',
    async (host) => {
      expect(await warningsFor(`udp://${host}:6969`, `http://${host}:7070/announce`)).toEqual([
        `udp_trackers.0.public_url: "udp://${host}:6969" cannot be used by clients on other machines`,
        `http_trackers.0.public_url: "http://${host}:7070/announce" cannot be used by clients on other machines`,
      ])
    },
  )

  it.each([
    ['udp://', 'must name a host'],
    ['udp:///announce', 'must name a host'],
    ['udp://me@a.example:6969', 'must not contain a user name or a password'],
    ['udp://:secret@a.example:6969', 'must not contain a user name or a password'],
    ['udp://a.example:99999', 'must be a URL that begins with udp://'],
    ['udp:a.example:6969', 'must be a URL that begins with udp://'],
    ['a.example:6969', 'must be a URL that begins with udp://'],
    ['', 'must be a URL that begins with udp://'],
  ])('is refused if it is %p', async (url, reason) => {
    await expect(load(documentWith(`[[udp_trackers]]\npublic_url = "${url}"`))).rejects.toThrow(reason)
  })
})

describe('connection ids that are not validated', () => {
  it('cause a warning', async () => {
    const { warnings } = await load(documentWith('[udp_tracker_server]\nconnection_id_validation = "disabled"'))
    expect(warnings).toEqual([
      'udp_tracker_server.connection_id_validation: source addresses are not verified: clients can list others as peers, and have replies sent to them',
    ])
  })
})

describe('a private tracker', () => {
  const privateWith = async (rest: string) =>
    (await load(documentWith(`[core.database]\n${rest}`).replace('private = false', 'private = true'))).warnings

  it('warns which clients are rejected if it serves UDP', async () => {
    expect(await privateWith('[[udp_trackers]]')).toEqual([
      'core.private: clients that send no key over UDP (BEP 41), such as Transmission, rTorrent and aria2, are rejected there; they need HTTP',
    ])
    expect(await privateWith('[[http_trackers]]')).toEqual([])
  })
})

describe('a listener behind a proxy', () => {
  const proxies = async (text: string) => {
    const { settings, warnings } = await load(documentWith(`[[http_trackers]]\n[http_trackers.network]\n${text}`))
    return [settings.httpListeners[0]?.trustedProxies, warnings]
  }

  it('trusts the listed networks', async () => {
    expect(await proxies('on_reverse_proxy = true\ntrusted_proxies = ["203.0.113.9", "2001:db8::/32"]')).toEqual([
      ['203.0.113.9/32', '2001:db8::/32'],
      [],
    ])
  })

  it('trusts no proxy if it is not behind one, with or without a list', async () => {
    expect(await proxies('')).toEqual([[], []])
    expect(await proxies('trusted_proxies = ["::1"]')).toEqual([
      [],
      ['http_trackers.0.network.trusted_proxies: has no effect unless on_reverse_proxy is true'],
    ])
  })
})

describe('listeners', () => {
  const onIPv6 = (kind: string, port: number, ipv6Only?: boolean) =>
    `[[${kind}]]\nbind_address = "[::]:${port}"\n${ipv6Only === undefined ? '' : `network.ipv6_v6only = ${ipv6Only}\n`}`
  const udpAddresses = async (text: string) => {
    const { settings, warnings } = await load(documentWith(text))
    return [settings.udpListeners.map(({ host, port }) => `${host} ${port}`), warnings]
  }

  it('of HTTP for both families on one port cause a warning unless IPv6 has a socket of its own', async () => {
    const both = (ipv6Only: boolean) => documentWith(`[[http_trackers]]\n${onIPv6('http_trackers', 7070, ipv6Only)}`)
    expect((await load(both(true))).warnings).toEqual([])
    expect((await load(both(false))).warnings).toEqual([
      'http_trackers.1.network.ipv6_v6only: "[::]:7070" also accepts IPv4 and may clash with 0.0.0.0:7070; set it to true for IPv6 only',
    ])
  })

  it('of UDP on :: get an IPv4 listener with the same options unless they are IPv6-only', async () => {
    const text = '[[udp_trackers]]\nbind_address = "[::]:6969"\npublic_url = "udp://a:6969"'
    const { settings, warnings } = await load(documentWith(text))
    const [first, second, ...others] = settings.udpListeners
    expect(first).toMatchObject({ host: '::', port: 6969, publicUrl: 'udp://a:6969' })
    expect(second).toEqual({ ...first, host: '0.0.0.0' })
    expect(others).toEqual([])
    expect(warnings).toEqual([
      'udp_trackers.0.network.ipv6_v6only: "[::]:6969" also covers IPv4: a listener on 0.0.0.0:6969 is added; set it to true for IPv6 only',
    ])
    expect(await udpAddresses(onIPv6('udp_trackers', 6969, true))).toEqual([[':: 6969'], []])
  })

  it.each(['0.0.0.0', '127.0.0.1'])('of UDP on :: get none if %s has the port, and no warning', async (host) => {
    const text = `[[udp_trackers]]\nbind_address = "${host}:6969"\n${onIPv6('udp_trackers', 6969)}`
    expect(await udpAddresses(text)).toEqual([[`${host} 6969`, ':: 6969'], []])
  })

  it('of UDP on :: get one if IPv4 is served on another port only', async () => {
    const [addresses] = await udpAddresses(`[[udp_trackers]]\n${onIPv6('udp_trackers', 7000)}`)
    expect(addresses).toEqual(['0.0.0.0 6969', ':: 7000', '0.0.0.0 7000'])
  })

  it('of UDP on :: and port 0 get none, because its port would differ, and a warning', async () => {
    expect(await udpAddresses(onIPv6('udp_trackers', 0))).toEqual([
      [':: 0'],
      [
        'udp_trackers.0.network.ipv6_v6only: "[::]:0" accepts IPv6 only, because no other socket can be given its port; for IPv4 add a listener on 0.0.0.0',
      ],
    ])
  })

  it('may share port 0, which is a different port each time', async () => {
    const one = '[[http_trackers]]\nbind_address = "127.0.0.1:0"\n'
    expect((await load(documentWith(one + one))).settings.httpListeners).toHaveLength(2)
  })
})

describe('the health API', () => {
  it('is always present, and required if the document configures it', async () => {
    const { settings } = await load(documentWith())
    expect(settings.healthCheckApi).toEqual({ host: '127.0.0.1', port: 1313, allowedHosts: [], isConfigured: false })
    const named = await load(documentWith('[health_check_api]'))
    expect(named.settings.healthCheckApi).toEqual({
      host: '127.0.0.1',
      port: 1313,
      allowedHosts: [],
      isConfigured: true,
    })
  })
})

describe('our own tables', () => {
  it('are read completely', async () => {
    const { settings } = await load(
      documentWith(`
[udp_tracker_server]
answer_bad_connection_ids = false
driver = "dgram"
receive_buffer = "1 MiB"
connection_id_key_file = "/run/key"
[http_tracker_server]
max_header_size = "16 KiB"
headers_timeout = 1
request_timeout = 2
keep_alive_timeout = 3
write_timeout = 4
connection_check_interval = 5
max_requests_per_connection = 6
max_connections = 7
max_connections_per_address = 8
[memory]
swarm_budget = 16777217
[threads]
udp = 4
http = "auto"
[limits]
max_peers_per_torrent = 9
max_listed_torrents = 10
max_keys = 11
max_peers_per_address = 8
max_torrents_per_address = 23
max_torrents_per_network = 24
max_total_peers_per_address = 25
max_total_peers_per_network = 26
new_torrent_rate = 27
new_torrent_burst = 28
rate_limits = false
apply_to_private = true
connect_rate = 12
connect_burst = 13
announce_rate = 14
announce_burst = 15
scrape_rate = 16
scrape_burst = 17
error_rate = 18
error_burst = 19
http_rate = 20
http_burst = 21
prefix_multiple = 22
[process]
shutdown_deadline = 11
data_directory = "/var/lib/muster"
[core.tracker_policy]
allow_private_peers = "all"
completed_write_interval = 12
`),
    )
    expect(settings.udp).toMatchObject({
      answerBadConnectionIds: false,
      driver: 'dgram',
      receiveBufferBytes: 1024 ** 2,
      connectionIdKeyFile: '/run/key',
    })
    expect(settings.http).toEqual({
      maxHeaderSizeBytes: 16_384,
      headersTimeoutSeconds: 1,
      requestTimeoutSeconds: 2,
      keepAliveTimeoutSeconds: 3,
      writeTimeoutSeconds: 4,
      connectionCheckIntervalSeconds: 5,
      maxRequestsPerConnection: 6,
      maxConnections: 7,
      maxConnectionsPerAddress: 8,
    })
    expect(settings.memory.swarmBudgetBytes).toBe(16 * 1024 ** 2)
    expect(settings.threads).toEqual({ udp: 4, http: 'auto', httpDriver: 'auto' })
    expect(settings.limits).toEqual({
      maxBans: 100_000,
      maxPeersPerTorrent: 9,
      maxPeersPerAddress: 8,
      maxListedTorrents: 10,
      maxKeys: 11,
      areRatesLimited: false,
      appliesToPrivate: true,
      connectRate: 12,
      connectBurst: 13,
      announceRate: 14,
      announceBurst: 15,
      scrapeRate: 16,
      scrapeBurst: 17,
      errorRate: 18,
      errorBurst: 19,
      httpRate: 20,
      httpBurst: 21,
      prefixMultiple: 22,
      maxTorrentsPerAddress: 23,
      maxTorrentsPerNetwork: 24,
      maxTotalPeersPerAddress: 25,
      maxTotalPeersPerNetwork: 26,
      newTorrentRate: 27,
      newTorrentBurst: 28,
    })
    expect(settings.process).toEqual({ shutdownDeadlineSeconds: 11, dataDirectory: '/var/lib/muster' })
    expect(settings.peers).toMatchObject({ allowPrivatePeers: 'all', completedWriteIntervalSeconds: 12 })
  })

  it('put the connection id key, the database and the API token into the data directory', async () => {
    const text = '[process]\ndata_directory = "/var/lib/muster/"\n[core.database]\n[http_api]'
    const { settings } = await load(documentWith(text))
    expect(settings.udp.connectionIdKeyFile).toBe('/var/lib/muster/connection-id.key')
    expect(settings.database).toEqual({ driver: 'sqlite3', path: '/var/lib/muster/database/sqlite3.db' })
    expect(settings.httpApi?.tokenFile).toBe('/var/lib/muster/api-token')
  })
})

describe('snapshots', () => {
  const snapshotOf = async (text: string) => (await load(documentWith(text))).settings.snapshot

  it('are stored in the data directory every five minutes by default', async () => {
    expect(await snapshotOf('[process]\ndata_directory = "/srv/muster"')).toEqual({
      isEnabled: true,
      file: '/srv/muster/swarms.snapshot',
      intervalSeconds: 300,
    })
    expect(await snapshotOf('[snapshot]\nenabled = false\nfile = "here"\ninterval = 0')).toEqual({
      isEnabled: false,
      file: 'here',
      intervalSeconds: 0,
    })
  })
})

// Documents like those of Torrust Tracker operators, written here from the description of their options.

import { describe, expect, it } from '@jest/globals'
import { complaints, load } from './loading.ts'

function V2(rest: string, core = ''): string {
  return `
[metadata]
app = "torrust-tracker"
purpose = "configuration"
schema_version = "2.0.0"

[logging]
threshold = "info"

[core]
listed = false
private = false
${core}
${rest}`
}

function V3(rest: string, core = ''): string {
  return V2(rest, core).replace('2.0.0', '3.0.0').replace('threshold', 'trace_filter')
}

function addresses(listeners: readonly { host: string; port: number }[]): string[] {
  return listeners.map(({ host, port }) => `${host}:${port}`)
}

describe('documents of schema 2.0.0', () => {
  it('load: development with SQLite, all services', async () => {
    const { settings, unserved, warnings } = await load(
      V2(`
[[udp_trackers]]
bind_address = "0.0.0.0:6969"

[[http_trackers]]
bind_address = "0.0.0.0:7070"

[http_api]
bind_address = "0.0.0.0:1212"

[http_api.access_tokens]
admin = "MyAccessToken"
`),
    )
    expect(settings.schemaVersion).toBe('2.0.0')
    expect(settings.logging.filter.level).toBe('info')
    expect(addresses(settings.udpListeners)).toEqual(['0.0.0.0:6969'])
    expect(addresses(settings.httpListeners)).toEqual(['0.0.0.0:7070'])
    expect(settings.httpApi?.tokens).toEqual([{ label: 'admin', token: 'MyAccessToken', scope: 'manage' }])
    expect(settings.announce.intervalSeconds).toBe(1800)
    expect(unserved).toEqual([])
    expect(settings.httpApi).toMatchObject({ host: '127.0.0.1', port: 1212 })
    expect(warnings).toEqual([
      expect.stringMatching(/^http_api\.bind_address: the API listens on 127\.0\.0\.1:1212 only/),
    ])
  })

  it('load: container with SQLite, services commented out', async () => {
    const { settings } = await load(
      V2('#[[udp_trackers]]', '[core.database]\npath = "/var/lib/torrust/tracker/database/sqlite3.db"'),
    )
    expect(settings.database).toEqual({ driver: 'sqlite3', path: '/var/lib/torrust/tracker/database/sqlite3.db' })
    expect(settings.udpListeners).toEqual([])
  })

  it('load: container with MySQL, the database as one URL', async () => {
    const path = 'mysql://db_user:db_user_secret_password@mysql:3306/torrust_tracker'
    const { settings } = await load(V2('', `[core.database]\ndriver = "mysql"\npath = "${path}"`))
    expect(settings.database).toEqual({
      driver: 'mysql',
      host: 'mysql',
      port: 3306,
      user: 'db_user',
      password: 'db_user_secret_password',
      database: 'torrust_tracker',
      tls: { mode: 'off', caFile: undefined },
      poolSize: 10,
    })
  })

  it('load: container with PostgreSQL, escapes in the URL and no port', async () => {
    const path = 'postgresql://db_user:p%40ss@db.example.org/torrust'
    const { settings } = await load(V2('', `[core.database]\ndriver = "postgresql"\npath = "${path}"`))
    expect(settings.database).toMatchObject({ host: 'db.example.org', port: 5432, password: 'p@ss' })
  })

  it('load: a database URL with the TLS parameters of our own URLs', async () => {
    const path = 'postgresql://u:p@db/torrust?sslmode=verify-full&sslrootcert=/ca.pem'
    const { settings } = await load(V2('', `[core.database]\ndriver = "postgresql"\npath = "${path}"`))
    expect(settings.database).toMatchObject({ tls: { mode: 'verify', caFile: '/ca.pem' } })
  })

  it('load: MySQL by our own options, with the URL or instead of it', async () => {
    const file = '[core.database]\ndriver = "mysql"\npath = "mysql://u@h/d"\npassword = "p"\npool_size = 3'
    expect((await load(V2('', file))).settings.database).toMatchObject({ host: 'h', password: 'p', poolSize: 3 })
    const url = '[core.database]\ndriver = "mysql"\nurl = "mysql://u@h/d"'
    expect((await load(V2('', url))).settings.database).toMatchObject({ host: 'h', password: '' })
  })

  it('load: private and listed, with a whitelist and keys in SQLite', async () => {
    const text = V2('[core.private_mode]\ncheck_keys_expiration = false\n[[http_trackers]]').replaceAll(
      /(listed|private) = false/g,
      '$1 = true',
    )
    const { settings, warnings, unserved } = await load(text)
    expect(settings.access).toEqual({ isListed: true, isPrivate: true, checkKeysExpiration: false })
    expect(settings.database).toEqual({ driver: 'sqlite3', path: 'storage/tracker/lib/database/sqlite3.db' })
    expect([warnings, unserved]).toEqual([[], []])
  })

  it('load: MySQL without a password', async () => {
    const { settings } = await load(V2('', '[core.database]\ndriver = "mysql"\npath = "mysql://root@localhost/x"'))
    expect(settings.database).toMatchObject({ user: 'root', password: '' })
  })

  it('load: UDP benchmarking, quiet and without statistics', async () => {
    const { settings } = await load(
      V2(
        '[core.tracker_policy]\nremove_peerless_torrents = false\n[[udp_trackers]]\nbind_address = "0.0.0.0:6969"',
        'tracker_usage_statistics = false',
      ).replace('"info"', '"error"'),
    )
    expect(settings.logging.filter.level).toBe('error')
    expect(settings.peers.removePeerlessTorrents).toBe(false)
    expect(settings.trackerUsageStatistics).toBe(false)
  })

  it('apply [core.net] to each listener', async () => {
    const { settings, warnings } = await load(
      V2(`
[core.net]
external_ip = "198.51.100.7"
on_reverse_proxy = true
[[udp_trackers]]
[[http_trackers]]
[[http_trackers]]
bind_address = "0.0.0.0:7071"
`),
    )
    expect(settings.udpListeners[0]?.externalIp).toBe('198.51.100.7')
    expect(settings.httpListeners.map(({ externalIp, onReverseProxy }) => [externalIp, onReverseProxy])).toEqual([
      ['198.51.100.7', true],
      ['198.51.100.7', true],
    ])
    expect(settings.httpListeners[0]?.trustedProxies).toContain('127.0.0.0/8')
    expect(warnings).toEqual([
      'core.net.external_ip: "198.51.100.7" is not a public address: ' +
        'clients on this machine are handed out only if network.ranges contains it',
      'core.net.on_reverse_proxy: X-Forwarded-For is trusted from this machine and private networks only ' +
        '(127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, ::1/128, fc00::/7); ' +
        'list your proxies in network.trusted_proxies',
    ])
  })

  it('treat the external address 0.0.0.0 as none', async () => {
    const { settings } = await load(V2('[core.net]\nexternal_ip = "0.0.0.0"\n[[udp_trackers]]'))
    expect(settings.udpListeners[0]?.externalIp).toBeUndefined()
  })

  it('move the options of listeners to where schema 3.0.0 has them', async () => {
    const { settings } = await load(
      V2(`
[[udp_trackers]]
bind_address = "[::]:6969"
ipv6_v6only = true
max_connection_id_errors_per_ip = 3
cookie_lifetime = { secs = 300, nanos = 0 }
[[udp_trackers]]
max_connection_id_errors_per_ip = 30
[[http_trackers]]
bind_address = "[::]:7070"
ipv6_v6only = true
[http_trackers.tsl_config]
ssl_cert_path = "cert.pem"
ssl_key_path = "key.pem"
`),
    )
    expect(settings.udpListeners[0]?.ipv6Only).toBe(true)
    expect(settings.httpListeners[0]).toMatchObject({
      ipv6Only: true,
      tls: { certPath: 'cert.pem', keyPath: 'key.pem' },
    })
    expect(settings.udp.bans).toEqual({ ipBansResetIntervalInSecs: 86_400, maxConnectionIdErrorsPerIp: 30 })
    // The second table's listener has the default.
    expect(settings.udpListeners.map(({ cookieLifetimeSeconds }) => cookieLifetimeSeconds)).toEqual([300, 3600])
  })

  it('treat two empty paths in tsl_config as no TLS', async () => {
    const { settings } = await load(
      V2('[[http_trackers]]\n[http_trackers.tsl_config]\nssl_cert_path = ""\nssl_key_path = ""'),
    )
    expect(settings.httpListeners[0]?.tls).toBeUndefined()
  })

  it.each([
    '',
    '[[udp_trackers]]',
    '[core.tracker_policy]\npersistent_torrent_completed_stat = true',
    '[core.tracker_policy]\npersistent_torrent_completed_stat = false',
  ])("have Torrust's database by default: %j", async (rest) => {
    const { settings } = await load(V2(rest))
    expect(settings.database).toEqual({ driver: 'sqlite3', path: 'storage/tracker/lib/database/sqlite3.db' })
  })

  it('have the database that variables name instead', async () => {
    const env = { TORRUST_TRACKER_CONFIG_OVERRIDE_CORE__DATABASE__PATH: './x.db' }
    expect((await load(V2(''), env)).settings.database).toEqual({ driver: 'sqlite3', path: './x.db' })
  })

  it("have Torrust's defaults but for the intervals and the age of connection ids", async () => {
    const { settings } = await load(V2('[[udp_trackers]]\n[[http_trackers]]\n[http_api]'))
    expect(settings).toMatchObject({
      logging: { filter: { level: 'info', targets: [] } },
      access: { checkKeysExpiration: true },
      peers: { keepCompletedCounts: false, removePeerlessTorrents: true },
      trackerUsageStatistics: true,
      udpListeners: [
        { host: '0.0.0.0', port: 6969, ipv6Only: false, externalIp: undefined, trackerUsageStatistics: undefined },
      ],
      httpListeners: [
        {
          host: '0.0.0.0',
          port: 7070,
          ipv6Only: false,
          externalIp: undefined,
          trackerUsageStatistics: undefined,
          onReverseProxy: false,
          tls: undefined,
        },
      ],
      httpApi: { host: '127.0.0.1', port: 1212, tls: undefined, tokens: [] },
      healthCheckApi: { host: '127.0.0.1', port: 1313 },
    })
    expect((await load(V2(''))).settings).toMatchObject({ udpListeners: [], httpListeners: [], httpApi: undefined })
  })

  it('are refused with their own names and positions', async () => {
    const text = V2(`
[core.net]
on_reverse_proxy = "yes"
[core.database]
driver = "mysql"
path = "mysql:/secret@nowhere"
[[http_trackers]]
[http_trackers.tsl_config]
ssl_cert_path = 7
ssl_key_path = "key.pem"
[[http_trackers]]
bind_address = "0.0.0.0:7071"
`).replace('"info"', '"loud"')
    expect(await complaints(text)).toEqual([
      'tracker.toml:8:13: logging.threshold: must be "off", "error", "warn", "info", "debug" or "trace"; got "loud"',
      'tracker.toml:16:20: core.net.on_reverse_proxy: must be true or false; got "yes"',
      'tracker.toml:19:8: core.database.path: must be a URL such as "mysql://user:password@host:3306/database"',
      'tracker.toml:22:17: http_trackers.0.tsl_config.ssl_cert_path: must be the path of a PEM file; got 7',
    ])
  })

  it('load with unknown keys and tables, and suggest the nearest names', async () => {
    const { settings, warnings } = await load(
      V2(`
[core.net]
extern_ip = "192.0.2.1"
[core.announce_policy]
intervall = 600
interval_min = 300
[[udp_trackers]]
bind_adress = "127.0.0.1:1"
ipv6_v6onl = true
[[http_trackers]]
[http_trackers.tsl_confg]
ssl_cert_path = "a"
[memmory]
swarm_budget = 1
[frobnication]
x = { y = 1 }
`),
    )
    expect(warnings.toSorted()).toEqual([
      'core.announce_policy.intervall: ignored: unknown key, did you mean "interval"?',
      'core.net.extern_ip: ignored: unknown key, did you mean "external_ip"?',
      expect.stringMatching(/^frobnication: ignored: unknown key; known here: metadata, logging, core, /),
      'http_trackers.0.tsl_confg: ignored: unknown key, did you mean "tsl_config"?',
      'memmory: ignored: unknown key, did you mean "memory"?',
      'udp_trackers.0.bind_adress: ignored: unknown key, did you mean "bind_address"?',
      'udp_trackers.0.ipv6_v6onl: ignored: unknown key, did you mean "ipv6_v6only"?',
    ])
    expect(settings.udpListeners).toMatchObject([{ host: '0.0.0.0', port: 6969, ipv6Only: false }])
    expect(settings.announce).toMatchObject({ intervalSeconds: 1800, minIntervalSeconds: 300 })
  })

  it('are still refused for a bad value beside an unknown key', async () => {
    expect(await complaints(V2('[memory]\nx = 1\nswarm_budget = 1'))).toEqual([
      expect.stringMatching(/^tracker\.toml:16:16: memory\.swarm_budget: must be a size/),
    ])
  })

  it.each([
    { option: 'announce_policy.interval', value: '0', announce: { intervalSeconds: 1800 } },
    { option: 'announce_policy.interval', value: '1', announce: { intervalSeconds: 1 } },
    { option: 'announce_policy.interval', value: '86400', announce: { intervalSeconds: 86_400 } },
    { option: 'announce_policy.interval', value: '86401', announce: { intervalSeconds: 86_400 } },
    { option: 'announce_policy.interval', value: '4294967295', announce: { intervalSeconds: 86_400 } },
    { option: 'announce_policy.interval_min', value: '0', announce: { minIntervalSeconds: 900 } },
    { option: 'announce_policy.interval_min', value: '86401', announce: { minIntervalSeconds: 1800 } },
    { option: 'announce_policy.interval_min', value: '4294967295', announce: { minIntervalSeconds: 1800 } },
    { option: 'tracker_policy.max_peer_timeout', value: '0', peers: { maxPeerTimeoutSeconds: 2760 } },
    { option: 'tracker_policy.max_peer_timeout', value: '4294967295', peers: { maxPeerTimeoutSeconds: 2147483647 } },
    { option: 'inactive_peer_cleanup_interval', value: '0', peers: { inactivePeerCleanupIntervalSeconds: 0 } },
    {
      option: 'inactive_peer_cleanup_interval',
      value: '9223372036854775807',
      peers: { inactivePeerCleanupIntervalSeconds: 2147483647 },
    },
  ])('load with $option = $value', async ({ option, value, announce = {}, peers = {} }) => {
    const { settings, warnings } = await load(V2('', `${option} = ${value}`))
    expect(settings).toMatchObject({ announce, peers })
    const tolerated = warnings.filter((warning) => / is ignored, | is more than is possible; /.test(warning))
    const strict = await complaints(V3('', `${option} = ${value}`))
    // Exactly what schema 3.0.0 refuses causes a warning.
    expect(tolerated.map((warning) => warning.split(': ')[0])).toEqual(strict.map((line) => line.split(': ')[1]))
  })

  it.each(['interval = -1', 'interval = 4294967296', 'interval = 0.5', 'interval_min = "0"'])(
    'are refused, as by Torrust, with %s',
    async (policy) => {
      expect(await complaints(V2(`[core.announce_policy]\n${policy}`))).toHaveLength(1)
    },
  )

  it('load with an empty token, and ignore it', async () => {
    const both = await load(V2('[http_api.access_tokens]\nadmin = ""\nother = "sixteen bytes ok"'))
    expect(both.settings.httpApi?.tokens).toMatchObject([{ label: 'other' }])
    expect(both.warnings).toEqual(['http_api.access_tokens.admin: is empty and ignored'])
    const one = await load(V2('[http_api.access_tokens]\nadmin = ""'))
    expect(one.settings.httpApi).toMatchObject({ tokens: [], tokenFile: 'storage/tracker/lib/api-token' })
  })

  it('must set logging.threshold', async () => {
    expect(await complaints(V2('').replace('threshold = "info"', ''))).toEqual([
      'tracker.toml: Missing mandatory configuration option. Option path: logging.threshold',
    ])
  })

  it('are refused if an option is given under both its names', async () => {
    expect(await complaints(V2('').replace('[core]', 'trace_filter = "warn"\n[core]'))).toEqual([
      'tracker.toml:8:13: logging.threshold: is given twice: also under its name in schema 3.0.0',
    ])
  })

  it('may contain our own tables', async () => {
    expect((await load(V2('[memory]\nswarm_budget = "32 MiB"'))).settings.memory.swarmBudgetBytes).toBe(32 * 1024 ** 2)
  })
})

describe('documents of schema 3.0.0', () => {
  it('load: development, several listeners', async () => {
    const { settings, warnings } = await load(
      V3(
        `
[core.tracker_policy]
max_peer_timeout = 60
persistent_torrent_completed_stat = true
[core.database]
driver = "sqlite3"
path = "./storage/tracker/lib/database/sqlite3.db"
[[udp_trackers]]
bind_address = "0.0.0.0:6868"
tracker_usage_statistics = true
[[udp_trackers]]
bind_address = "0.0.0.0:6969"
[[http_trackers]]
bind_address = "0.0.0.0:7070"
[[http_trackers]]
bind_address = "0.0.0.0:7171"
[http_api]
bind_address = "0.0.0.0:1212"
[http_api.access_tokens]
admin = "MyAccessToken"
`,
        'inactive_peer_cleanup_interval = 120',
      ),
    )
    expect(addresses(settings.udpListeners)).toEqual(['0.0.0.0:6868', '0.0.0.0:6969'])
    expect(addresses(settings.httpListeners)).toEqual(['0.0.0.0:7070', '0.0.0.0:7171'])
    expect(settings.peers).toMatchObject({
      maxPeerTimeoutSeconds: 60,
      inactivePeerCleanupIntervalSeconds: 120,
      keepCompletedCounts: true,
    })
    expect(warnings).toHaveLength(3)
  })

  it.each(['mysql', 'postgresql'] as const)('load: container with %s, option by option', async (driver) => {
    const { settings } = await load(
      V3('', `[core.database]\ndriver = "${driver}"\nhost = "db"\nuser = "u"\npassword = "p"\ndatabase = "d"`),
    )
    const port = { mysql: 3306, postgresql: 5432 }[driver]
    expect(settings.database).toMatchObject({ driver, host: 'db', port, user: 'u', password: 'p', database: 'd' })
  })

  it('load: no persistence, and refuse options that need it', async () => {
    expect((await load(V3('[[udp_trackers]]'))).settings.database).toBeUndefined()
    const needy = V3('[core.tracker_policy]\npersistent_torrent_completed_stat = true').replaceAll(
      /(listed|private) = false/g,
      '$1 = true',
    )
    expect((await complaints(needy)).map((line) => line.split(': ')[1])).toEqual([
      'core.listed',
      'core.private',
      'core.tracker_policy.persistent_torrent_completed_stat',
    ])
  })

  it('load: private, over HTTP', async () => {
    const text = V3('[core.database]\npath = "x.db"\n[[http_trackers]]').replace('private = false', 'private = true')
    const { settings, warnings, unserved } = await load(text)
    expect(settings.access).toEqual({ isListed: false, isPrivate: true, checkKeysExpiration: true })
    expect([warnings, unserved]).toEqual([[], []])
  })

  it('load: end to end, with a health check on every address', async () => {
    const { settings } = await load(V3('[health_check_api]\nbind_address = "0.0.0.0:1313"'))
    expect(settings.healthCheckApi).toEqual({ host: '0.0.0.0', port: 1313, allowedHosts: [], isConfigured: true })
  })

  it('load: every option of the schema', async () => {
    const { settings } = await load(
      V3(
        `
[core.announce_policy]
interval = 600
interval_min = 400
max_peers_per_announce = 74
[udp_tracker_server]
ip_bans_reset_interval_in_secs = 3600
max_connection_id_errors_per_ip = 5
connection_id_validation = "disabled"
[[udp_trackers]]
bind_address = "127.0.0.1:0"
public_url = "udp://tracker.example.org:6969"
cookie_lifetime = { secs = 120, nanos = 0 }
tracker_usage_statistics = true
[udp_trackers.network]
external_ip = "2001:db8::1"
ipv6_v6only = false
[[http_trackers]]
bind_address = "127.0.0.1:0"
public_url = "https://tracker.example.org"
use_ip_from_query_string = true
tls_config = { ssl_cert_path = "a", ssl_key_path = "b" }
[http_trackers.network]
on_reverse_proxy = true
[http_api]
public_url = "https://api.example.org"
tls_config = { ssl_cert_path = "c", ssl_key_path = "d" }
`,
        'tracker_usage_statistics = true',
      ).replace('"info"', '"udp=trace,WARN"\ntrace_style = "compact"'),
    )
    expect(settings.logging).toEqual({
      filter: { level: 'warn', targets: [{ target: 'udp', level: 'trace' }] },
      style: 'compact',
    })
    expect(settings.announce).toMatchObject({
      intervalSeconds: 600,
      minIntervalSeconds: 400,
      maxPeersPerAnnounce: 74,
      defaultPeersPerAnnounce: 50,
    })
    expect(settings.udp).toMatchObject({ connectionIdValidation: 'disabled', connectionIdMaxAgeSeconds: 3600 })
    expect(settings.udp.bans).toEqual({ ipBansResetIntervalInSecs: 3600, maxConnectionIdErrorsPerIp: 5 })
    expect(settings.udpListeners[0]).toEqual({
      host: '127.0.0.1',
      port: 0,
      ipv6Only: false,
      publicUrl: 'udp://tracker.example.org:6969',
      externalIp: '2001:db8::1',
      trackerUsageStatistics: true,
      cookieLifetimeSeconds: 120,
    })
    expect(settings.httpListeners[0]).toMatchObject({
      useIpFromQueryString: true,
      tls: { certPath: 'a', keyPath: 'b' },
    })
    expect(settings.httpApi).toMatchObject({ host: '127.0.0.1', port: 1212, publicUrl: 'https://api.example.org' })
  })

  it('have the new name of a renamed option reported', async () => {
    expect(await complaints(V3('[core.net]').replace('[core]', 'threshold = "info"\n[core]'))).toEqual([
      'tracker.toml:10:1: logging.threshold: unknown key; schema 3.0.0 calls it trace_filter',
      'tracker.toml:15:2: core.net: unknown key; schema 3.0.0 calls it network, a table of each listener',
    ])
  })
})

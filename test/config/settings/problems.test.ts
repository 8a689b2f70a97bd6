// Every kind of mistake, with the exact line that an operator reads.

import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import { complaints, documentWith } from './loading.ts'

/** Lines of the document above what a test adds. */
const HEAD_LINES = 8

async function complaintsAbout(rest: string): Promise<string[]> {
  return (await complaints(documentWith(rest))).map((line) =>
    line.replace(/^tracker\.toml:(\d+)/, (_, number) => `+${Number(number) - HEAD_LINES}`),
  )
}

describe('a document with a mistake', () => {
  it.each([
    [
      'a mistyped key',
      '[[udp_trackers]]\n  bind_adress = "x"',
      '+2:3: udp_trackers.0.bind_adress: unknown key, did you mean "bind_address"?',
    ],
    [
      'a key that resembles no other',
      '[threads]\nfrobnicate = 1',
      '+2:1: threads.frobnicate: unknown key; known here: udp, http, http_driver',
    ],
    ['a key in quotes', '[threads]\n"u dp!" = 1', '+2:1: threads."u dp!": unknown key, did you mean "udp"?'],
    ['a mistyped table', '[memmory]\nswarm_budget = 1', '+1:2: memmory: unknown key, did you mean "memory"?'],
    [
      'a table where a value belongs',
      '[memory.swarm_budget]',
      '+1:2: memory.swarm_budget: must be a size from "16 MiB" to "4 GiB", or that many bytes; got a table',
    ],
    [
      'a boolean as text',
      '[[http_trackers]]\nnetwork.on_reverse_proxy = "true"',
      '+2:28: http_trackers.0.network.on_reverse_proxy: must be true or false; got "true"',
    ],
    [
      'a number out of range',
      '[threads]\nudp = 0',
      '+2:7: threads.udp: must be "auto" or a whole number from 1 to 64; got 0',
    ],
    [
      'a broken number',
      '[limits]\nmax_peers_per_torrent = 7.5',
      '+2:25: limits.max_peers_per_torrent: must be a whole number from 1 to 65534; got 7.5',
    ],
    [
      'a number too large for a double',
      '[limits]\nmax_peers_per_torrent = 9223372036854775807',
      '+2:25: limits.max_peers_per_torrent: must be a whole number from 1 to 65534; got 9223372036854775807',
    ],
    [
      'an interval of more than a day',
      '[core.announce_policy]\ninterval = 86401',
      '+2:12: core.announce_policy.interval: must be a whole number of seconds from 1 to 86400, or a duration such as "30m"; got 86401',
    ],
    [
      'a minimum interval of more than a day',
      '[core.announce_policy]\ninterval_min = 86401',
      '+2:16: core.announce_policy.interval_min: must be a whole number of seconds from 1 to 86400, or a duration such as "30m"; got 86401',
    ],
    [
      'more peers than a list holds',
      '[limits]\nmax_peers_per_torrent = 65535',
      '+2:25: limits.max_peers_per_torrent: must be a whole number from 1 to 65534; got 65535',
    ],
    [
      'a date',
      '[limits]\nmax_peers_per_torrent = 2026-01-01',
      '+2:25: limits.max_peers_per_torrent: must be a whole number from 1 to 65534; got "2026-01-01"',
    ],
    [
      'a word that is not allowed',
      '[udp_tracker_server]\ndriver = "dgramm"',
      '+2:10: udp_tracker_server.driver: must be "auto" or "batched" or "dgram"; got "dgramm"',
    ],
    [
      'a size out of range',
      '[memory]\nswarm_budget = "1 MiB"',
      '+2:16: memory.swarm_budget: must be a size from "16 MiB" to "4 GiB", or that many bytes; got "1 MiB"',
    ],
    [
      'a size in an unknown unit',
      '[memory]\nswarm_budget = "1 byte"',
      '+2:16: memory.swarm_budget: must be a size from "16 MiB" to "4 GiB", or that many bytes; got "1 byte"',
    ],
    [
      'an address without a port',
      '[[udp_trackers]]\nbind_address = "0.0.0.0"',
      '+2:16: udp_trackers.0.bind_address: needs a port, such as "0.0.0.0:6969"; got "0.0.0.0"',
    ],
    [
      'a host name to bind',
      '[[udp_trackers]]\nbind_address = "localhost:6969"',
      '+2:16: udp_trackers.0.bind_address: must be an IP address and not a name: write "127.0.0.1:6969" for this machine only; got "localhost:6969"',
    ],
    [
      'IPv6 without brackets',
      '[[udp_trackers]]\nbind_address = "::1:6969"',
      '+2:16: udp_trackers.0.bind_address: needs brackets around an IPv6 address: write "[::1]:6969"; got "::1:6969"',
    ],
    [
      'a port above 65535',
      '[[udp_trackers]]\nbind_address = "[::1]:65536"',
      '+2:16: udp_trackers.0.bind_address: has a port above 65535: write one from 0 to 65535; got "[::1]:65536"',
    ],
    [
      'two listeners on one address',
      '[[udp_trackers]]\n[[udp_trackers]]\nbind_address = "0.0.0.0:6969"',
      '+3:16: udp_trackers.1.bind_address: "0.0.0.0:6969" is already used by another of the udp_trackers',
    ],
    [
      'a wildcard as external address',
      '[[udp_trackers]]\nnetwork = { external_ip = "::" }',
      '+2:27: udp_trackers.0.network.external_ip: wildcard/unspecified IP address is not a valid external IP; got "::"',
    ],
    [
      'a name as external address',
      '[[udp_trackers]]\nnetwork = { external_ip = "me" }',
      '+2:27: udp_trackers.0.network.external_ip: must be an IP address; got "me"',
    ],
    [
      'a bad network in a list',
      '[[http_trackers]]\nnetwork.trusted_proxies = ["10.0.0.0/8", "10.0.0.0/33"]',
      '+2:42: http_trackers.0.network.trusted_proxies.1: must be an address or a network such as "10.0.0.0/8" or "fc00::/7"; got "10.0.0.0/33"',
    ],
    [
      'an empty list of trusted proxies',
      '[[http_trackers]]\nnetwork.on_reverse_proxy = true\nnetwork.trusted_proxies = []',
      '+3:27: http_trackers.0.network.trusted_proxies: is empty: on_reverse_proxy needs a trusted proxy',
    ],
    [
      'a public URL of another protocol',
      '[[udp_trackers]]\npublic_url = "http://a"',
      '+2:14: udp_trackers.0.public_url: must be a URL that begins with udp://; got "http://a"',
    ],
    [
      'half of TLS',
      '[[http_trackers]]\n[http_trackers.tls_config]\nssl_cert_path = "a"',
      '+2:2: http_trackers.0.tls_config.ssl_key_path: is missing',
    ],
    [
      'an empty TLS path',
      '[[http_trackers]]\n[http_trackers.tls_config]\nssl_cert_path = "a"\nssl_key_path = ""',
      '+4:16: http_trackers.0.tls_config.ssl_key_path: must be the path of a PEM file; got ""',
    ],
    [
      'ports that are not valid',
      '[core.tracker_policy]\ndenied_ports = [80, "9-7"]',
      '+2:21: core.tracker_policy.denied_ports.1: must be a port or a range of ports such as "2-79"; got "9-7"',
    ],
    [
      'a fraction above one',
      '[core.announce_policy]\njitter = 20',
      '+2:10: core.announce_policy.jitter: must be a fraction from 0 to 1; got 20',
    ],
    [
      'too much jitter',
      '[core.announce_policy]\ninterval = 86400\njitter = 0.8',
      '+3:10: core.announce_policy.jitter: adds up to 69120 s to the interval; at most 65536 s are allowed',
    ],
    [
      'bans that are forgotten at once',
      '[udp_tracker_server]\nip_bans_reset_interval_in_secs = 60',
      '+2:34: udp_tracker_server.ip_bans_reset_interval_in_secs: The IP bans reset interval must be at least 3600 seconds.; got 60',
    ],
    [
      'a duration in words',
      '[[udp_trackers]]\ncookie_lifetime = "2 min"',
      '+2:19: udp_trackers.0.cookie_lifetime: must be a whole number of seconds, a duration such as "2m", or { secs = 120, nanos = 0 }; got "2 min"',
    ],
    [
      'a file database with a host',
      '[core.database]\nhost = "db"',
      '+2:1: core.database.host: SQLite database configuration only accepts the `path` field',
    ],
    [
      'a network database without a password',
      '[core.database]\ndriver = "mysql"\nhost = "h"\nuser = "u"\ndatabase = "d"',
      '+1:2: core.database.password: network database configuration requires a `password` field: write password = "..." or password_file = "..." in [core.database]',
    ],
    [
      'private mode options in public mode',
      '[core.private_mode]\ncheck_keys_expiration = true',
      '+1:2: core.private_mode: Configuration error: Private mode section in configuration can only be included when the tracker is running in private mode.',
    ],
    [
      'persistent counts without a database',
      '[core.tracker_policy]\npersistent_torrent_completed_stat = true',
      '+2:37: core.tracker_policy.persistent_torrent_completed_stat: needs a database: add a [core.database] table, or set it to false',
    ],
  ])('is refused: %s', async (_, text, line) => {
    expect(await complaintsAbout(text)).toEqual([line])
  })

  it('is refused for an array where a table belongs', async () => {
    expect(await complaints(`threads = []\n${documentWith()}`)).toEqual([
      'tracker.toml:1:11: threads: must be a table; got an array',
    ])
  })

  it('is refused for a network database with only a path', async () => {
    expect(await complaintsAbout('[core.database]\ndriver = "postgresql"\npath = "x"\npassword = ""')).toEqual([
      '+1:2: core.database.host: network database configuration requires a `host` field',
      '+1:2: core.database.user: network database configuration requires a `user` field',
      '+1:2: core.database.database: network database configuration requires a `database` field',
      '+3:1: core.database.path: network database configuration does not accept the `path` field',
      '+4:12: core.database.password: network database configuration requires a non-empty `password` field',
    ])
  })

  it('has all its mistakes reported at once, in reading order', async () => {
    const text = '[threads]\nudp = -1\nudpp = 1\nhttpp = 2\n[memory]\nswarm_budget = true\n[[udp_trackers]]\nx = 1'
    expect((await complaintsAbout(text)).map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      '+2:7: threads.udp',
      '+3:1: threads.udpp',
      '+4:1: threads.httpp',
      '+6:16: memory.swarm_budget',
      '+8:1: udp_trackers.0.x',
    ])
  })

  it('is refused if it is not TOML, with the position and without the text', async () => {
    expect(await complaints('[core]\nlisted = "secret')).toEqual([
      'tracker.toml:2:10: Failed processing the configuration: Invalid TOML document: unfinished string',
    ])
  })

  it('is refused for unsafe keys', async () => {
    expect(await complaintsAbout('[threads.__proto__]\nudp = 1')).toEqual([
      '+1:2: Failed processing the configuration: Invalid TOML document: document contains an unsafe property',
    ])
  })

  it('has long and unprintable values truncated and escaped', async () => {
    const [line = ''] = await complaintsAbout(`[threads]\nudp = "\\u001b[31m${'x'.repeat(200)}"`)
    expect(line).toMatch(/got "\\u001b\[31mx+…$/)
    expect(line.length).toBeLessThan(180)
  })

  it('is identified by its variable if it came from one', async () => {
    const env = { MUSTER_CONFIG_TOML: documentWith('[threads]\nudp = 0') }
    await expect(readSettings(undefined, { env, readFile: () => '' })).rejects.toThrow(
      'MUSTER_CONFIG_TOML:10:7: threads.udp: must be "auto" or a whole number from 1 to 64; got 0',
    )
  })
})

// The mistakes that operators make in a document: each message says what to write instead.

import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

const NOT_TOML = 'Failed processing the configuration: Invalid TOML document:'

describe('the message about a mistake says what to write', () => {
  it.each([
    [
      'an empty document',
      '# nothing here\n',
      'tracker.toml: the document is empty, and nothing would be served: write at least [[http_trackers]] or [[udp_trackers]] on a line of its own, or start without a document for the built-in defaults',
    ],
    [
      'an address without quotes',
      '[[udp_trackers]]\nbind_address = 0.0.0.0:6969 # everywhere',
      `tracker.toml:2:19: ${NOT_TOML} illegal character in numeric literal; text needs quotes: write bind_address = "0.0.0.0:6969"`,
    ],
    [
      'an IPv6 address without quotes',
      '[[udp_trackers]]\nbind_address = [::]:6969',
      `tracker.toml:2:17: ${NOT_TOML} invalid value; text needs quotes: write bind_address = "[::]:6969"`,
    ],
    [
      'a level without quotes',
      '[logging]\ntrace_filter = info',
      `tracker.toml:2:19: ${NOT_TOML} each key-value declaration must be followed by an end-of-line; text needs quotes: write trace_filter = "info"`,
    ],
    [
      'another level without quotes',
      '[logging]\ntrace_filter = debug',
      `tracker.toml:2:16: ${NOT_TOML} invalid value; text needs quotes: write trace_filter = "debug"`,
    ],
    [
      'a duration without quotes',
      '[snapshot]\ninterval = 30m',
      `tracker.toml:2:14: ${NOT_TOML} illegal character in numeric literal; text needs quotes: write interval = "30m"`,
    ],
    [
      'a size without quotes',
      '[memory]\nswarm_budget = 2 GiB',
      `tracker.toml:2:18: ${NOT_TOML} each key-value declaration must be followed by an end-of-line; text needs quotes: write swarm_budget = "2 GiB"`,
    ],
    [
      'a path without quotes',
      '[process]\ndata_directory = /var/lib/muster',
      `tracker.toml:2:18: ${NOT_TOML} invalid value; text needs quotes: write data_directory = "..."`,
    ],
    [
      'a word for a boolean',
      '[core]\nprivate = yes',
      `tracker.toml:2:11: ${NOT_TOML} invalid value; write private = true`,
    ],
    [
      'a boolean with a capital',
      '[core]\nprivate = False',
      `tracker.toml:2:11: ${NOT_TOML} invalid value; write private = false`,
    ],
    [
      'no value',
      '[core]\nprivate =\nlisted = true',
      `tracker.toml:2:10: ${NOT_TOML} invalid value; private has no value: write one after the equals sign, or remove the line`,
    ],
    [
      'a table that is not closed',
      '[core\nprivate = true',
      `tracker.toml:1:6: ${NOT_TOML} illegal character in key; the table is not closed: write [core]`,
    ],
    [
      'a table in two brackets that is closed by one',
      '[[udp_trackers]\nbind_address = "0.0.0.0:6969"',
      `tracker.toml:1:16: ${NOT_TOML} expected end of table array declaration; the table is not closed: write [[udp_trackers]]`,
    ],
    [
      'a key given twice',
      '[core]\nprivate = true\nlisted = true\nprivate = false',
      `tracker.toml:4:1: ${NOT_TOML} trying to redefine an already defined table or value; private is given twice, first on line 2: remove one of them`,
    ],
    [
      'a key given twice below one of several listeners',
      '[[udp_trackers]]\nbind_address = "0.0.0.0:1"\n[[udp_trackers]]\nbind_address = "0.0.0.0:2"\nbind_address = "0.0.0.0:3"',
      `tracker.toml:5:1: ${NOT_TOML} trying to redefine an already defined table or value; bind_address is given twice, first on line 4: remove one of them`,
    ],
    [
      'a key given twice on one line',
      '[[http_trackers]]\nnetwork = { ipv6_v6only = true, ipv6_v6only = false }',
      `tracker.toml:2:33: ${NOT_TOML} trying to redefine an already defined value; ipv6_v6only is given twice: remove one of them`,
    ],
    [
      'a password that ends at its own quote',
      '[core.database]\npassword = "{one"two=three"',
      `tracker.toml:2:18: ${NOT_TOML} each key-value declaration must be followed by an end-of-line`,
    ],
    [
      'a table given twice',
      '[core]\nprivate = true\n[core]\nlisted = true',
      `tracker.toml:3:2: ${NOT_TOML} trying to redefine an already defined table or value; the table [core] is given twice, first on line 1: write its options below one of them`,
    ],
    [
      'one listener in single brackets, another in double ones',
      '[udp_trackers]\n[[udp_trackers]]',
      `tracker.toml:2:3: ${NOT_TOML} trying to redefine an already defined table or value; [udp_trackers] and [[udp_trackers]] cannot be mixed, see line 1: write [[udp_trackers]] once for each entry`,
    ],
    [
      'listeners in single brackets',
      '[udp_trackers]\nbind_address = "0.0.0.0:6969"',
      'tracker.toml:1:2: udp_trackers: there can be several: write [[udp_trackers]] above each of them, not [udp_trackers]',
    ],
    [
      'a table in double brackets',
      '[[http_api]]\nbind_address = "127.0.0.1:1212"',
      'tracker.toml:1:3: http_api: there is only one: write [http_api], not [[http_api]]',
    ],
    [
      'a table of a table in double brackets',
      '[[udp_trackers]]\n[[udp_trackers.network]]\nipv6_v6only = true',
      'tracker.toml:2:3: udp_trackers.0.network: there is only one: write [udp_trackers.network], not [[udp_trackers.network]]',
    ],
    [
      'a port above 65535',
      '[[udp_trackers]]\nbind_address = "0.0.0.0:69690"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: has a port above 65535: write one from 0 to 65535; got "0.0.0.0:69690"',
    ],
    [
      'localhost as an address',
      '[http_api]\nbind_address = "localhost:1212"',
      'tracker.toml:2:16: http_api.bind_address: must be an IP address and not a name: write "127.0.0.1:1212" for this machine only; got "localhost:1212"',
    ],
    [
      'another name as an address',
      '[[http_trackers]]\nbind_address = "tracker.example.org:80"',
      'tracker.toml:2:16: http_trackers.0.bind_address: must be an IP address and not a name: write "0.0.0.0:80" for every IPv4 address or "[::]:80" for IPv6; got "tracker.example.org:80"',
    ],
    [
      'a port alone',
      '[[udp_trackers]]\nbind_address = ":6969"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: needs an IP address before the port: write "0.0.0.0:6969" for every IPv4 address or "[::]:6969" for IPv6; got ":6969"',
    ],
    [
      'a port alone without a colon',
      '[[udp_trackers]]\nbind_address = "6969"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: needs an IP address before the port: write "0.0.0.0:6969" for every IPv4 address or "[::]:6969" for IPv6; got "6969"',
    ],
    [
      'an asterisk for every address',
      '[[udp_trackers]]\nbind_address = "*:6969"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: needs an IP address before the port: write "0.0.0.0:6969" for every IPv4 address or "[::]:6969" for IPv6; got "*:6969"',
    ],
    [
      'an address without a port',
      '[[udp_trackers]]\nbind_address = "0.0.0.0"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: needs a port, such as "0.0.0.0:6969"; got "0.0.0.0"',
    ],
    [
      'IPv6 without brackets',
      '[[udp_trackers]]\nbind_address = ":::6969"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: needs brackets around an IPv6 address: write "[::]:6969"; got ":::6969"',
    ],
    [
      'a URL as an address',
      '[[udp_trackers]]\nbind_address = "udp://0.0.0.0:6969"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: must have no scheme: write "0.0.0.0:6969"; got "udp://0.0.0.0:6969"',
    ],
    [
      'something else as an address',
      '[[udp_trackers]]\nbind_address = "[0.0.0.0]:6969"',
      'tracker.toml:2:16: udp_trackers.0.bind_address: must be an IP address and a port, such as "0.0.0.0:6969" or "[::]:6969"; got "[0.0.0.0]:6969"',
    ],
    [
      'no threads',
      '[threads]\nudp = 0',
      'tracker.toml:2:7: threads.udp: must be "auto" or a whole number from 1 to 64; got 0',
    ],
    [
      'PostgreSQL without a password',
      '[core.database]\ndriver = "postgresql"\nhost = "db"\nuser = "u"\ndatabase = "d"',
      'tracker.toml:1:2: core.database.password: network database configuration requires a `password` field: write password = "..." or password_file = "..." in [core.database]',
    ],
  ])('%s', async (_, text, line) => {
    expect(await complaints(text)).toEqual([line])
  })

  it('a line that is far too long, without a hint and at once', async () => {
    expect(await complaints(`[core]\nprivate = ${' '.repeat(500_000)}x`)).toEqual([
      expect.stringMatching(/Invalid TOML document: invalid value$/),
    ])
  })

  it('a value without quotes that could be a secret, without showing it', async () => {
    for (const line of ['password = hunter2', 'admin = 0123456789abcdef!', 'url = postgres://u:p@h/d']) {
      const [complaint = ''] = await complaints(`[http_api.access_tokens]\n${line}`)
      expect(complaint).toContain(`text needs quotes: write ${line.split(' ')[0]} = "..."`)
    }
  })
})

describe('a network with bits beyond its prefix', () => {
  const TAKEN = '"10.1.2.3/8" has bits beyond its prefix and is taken as "10.0.0.0/8": write that'

  it('is taken as the network, with a warning, as a proxy of a tracker', async () => {
    const proxies = 'network = { on_reverse_proxy = true, trusted_proxies = ["192.0.2.1", "10.1.2.3/8", "fd00::1/8"] }'
    const { settings, warnings } = await load(documentWith(`[[http_trackers]]\n${proxies}`))
    expect(settings.httpListeners[0].trustedProxies).toEqual(['192.0.2.1/32', '10.0.0.0/8', 'fd00::/8'])
    expect(warnings).toEqual([
      `http_trackers.0.network.trusted_proxies.1: ${TAKEN}`,
      'http_trackers.0.network.trusted_proxies.2: "fd00::1/8" has bits beyond its prefix and is taken as "fd00::/8": write that',
    ])
  })

  it('is taken as the network, with a warning, as a proxy of the API', async () => {
    const { settings, warnings } = await load(documentWith('[http_api]\ntrusted_proxies = ["10.1.2.3/8"]'))
    expect(settings.httpApi?.trustedProxies).toEqual(['10.0.0.0/8'])
    expect(warnings).toEqual([`http_api.trusted_proxies.0: ${TAKEN}`])
  })
})

describe('the driver mariadb', () => {
  const SERVER = 'host = "h"\nuser = "u"\npassword = "p"\ndatabase = "d"'

  it('is the driver mysql', async () => {
    const [one, other] = await Promise.all(
      ['mariadb', 'mysql'].map((driver) => load(documentWith(`[core.database]\ndriver = "${driver}"\n${SERVER}`))),
    )
    expect(one.settings).toEqual(other.settings)
    expect(one.settings.database).toMatchObject({ driver: 'mysql', port: 3306 })
  })

  it('may come with a URL', async () => {
    const { settings } = await load(documentWith('[core.database]\ndriver = "mariadb"\nurl = "mariadb://u:p@h/d"'))
    expect(settings.database).toMatchObject({ driver: 'mysql', host: 'h' })
  })

  it('has a URL as its path in schema 2.0.0', async () => {
    const old = documentWith('[core.database]\ndriver = "mariadb"\npath = "mysql://u:p@h/d"')
    const { settings } = await load(old.replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold'))
    expect(settings.database).toMatchObject({ driver: 'mysql', host: 'h', database: 'd' })
  })
})

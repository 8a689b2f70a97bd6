import { describe, expect, it } from '@jest/globals'
import { stringify } from 'smol-toml'
import { defaultDocument } from '../../../src/config/settings/default-document.ts'
import { settingsDocument } from '../../../src/config/settings/settings-document.ts'
import { documentWith, load } from './loading.ts'

const EVERYTHING = documentWith(
  `
[core.tracker_policy]
denied_ports = ["2-79", 6667]
max_peer_timeout = 5000
completed_write_interval = 30
[core.announce_policy]
interval = 2000
[core.database]
path = "x.db"
[udp_tracker_server]
driver = "dgram"
max_connection_id_errors_per_ip = 7
[[udp_trackers]]
bind_address = "[::1]:6969"
cookie_lifetime = 300
public_url = "udp://tracker.example.org:6969"
network = { external_ip = "192.0.2.1", ipv6_v6only = true }
[[http_trackers]]
network = { on_reverse_proxy = true }
[[http_trackers]]
bind_address = "127.0.0.1:7071"
tls_config = { ssl_cert_path = "a", ssl_key_path = "b" }
[http_api]
public_url = "https://api.example.org"
token_file = "token"
allow_weak_tokens = true
allowed_origins = ["https://admin.example.org"]
allowed_hosts = ["api.example.org", "192.0.2.1"]
trusted_proxies = ["10.0.0.0/8"]
[health_check_api]
allowed_hosts = ["health.example.org"]
[memory]
swarm_budget = "100 MiB"
[threads]
udp = 3
[limits]
max_listed_torrents = 5
max_keys = 6
rate_limits = false
apply_to_private = true
scrape_burst = 51
prefix_multiple = 9
[attack]
detection = false
min_rate = 5000
ratio = 3
[network.ranges]
office = ["10.8.0.0/16", "fd00:8::1"]
"a lab" = ["192.0.2.0/24"]`,
  'inactive_peer_cleanup_interval = 0',
)

describe('settings written as a document', () => {
  it.each([
    ['the defaults', stringify(defaultDocument())],
    ['a document without listeners', documentWith()],
    ['a document with a bit of everything', EVERYTHING],
    [
      'a private tracker',
      documentWith('[core.database]\n[core.private_mode]\ncheck_keys_expiration = false').replace(
        'private = false',
        'private = true',
      ),
    ],
  ])('read back the same: %s', async (_, text) => {
    const { settings } = await load(text)
    expect((await load(stringify(settingsDocument(settings)))).settings).toEqual(settings)
  })

  it('read back the same except for secrets: a database server and tokens', async () => {
    const server = 'url = "mysql://u:p@h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem"\npool_size = 4'
    const tokens = '[http_api]\naccess_tokens.admin = "a"\nread_tokens.monitor = "b"'
    const { settings } = await load(documentWith(`[core.database]\n${server}\n${tokens}`))
    const text = stringify(settingsDocument(settings)).replace('"***"', '"p"')
    const withTokens = text.replace('admin = "***"', 'admin = "a"').replace('monitor = "***"', 'monitor = "b"')
    expect((await load(withTokens)).settings).toEqual(settings)
  })

  it('convert a document of schema 2.0.0', async () => {
    const old = EVERYTHING.replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold')
    const { settings } = await load(old)
    const renewed = await load(stringify(settingsDocument(settings)))
    expect(renewed.settings).toEqual({ ...settings, schemaVersion: '3.0.0' })
  })
})

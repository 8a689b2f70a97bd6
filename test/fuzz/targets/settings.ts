// Configuration documents, also those written for Torrust, and overrides: each is loaded, or refused with problems that
// name no secret (SEC-41). After a NUL follow the name and the value of an override.

import { parse } from 'smol-toml'
import { defaultDocument } from '../../../src/config/settings/default-document.ts'
import { SettingsError } from '../../../src/config/settings/problems.ts'
import { load } from '../../config/settings/loading.ts'
import { type FuzzTarget, hold, utf8 } from '../target.ts'

/** In the seeds wherever a secret may be. */
const SECRET = 's3cretCANARY'

const V2 = `[metadata]
schema_version = "2.0.0"
[logging]
threshold = "info"
[core]
listed = false
private = true
[core.database]
driver = "mysql"
path = "mysql://user:${SECRET}@localhost:3306/tracker"
[core.announce_policy]
interval = 120
[[udp_trackers]]
bind_address = "0.0.0.0:6969"
cookie_lifetime = { secs = 120, nanos = 0 }
[[http_trackers]]
bind_address = "[::]:7070"
tsl_config = { ssl_cert_path = "a.crt", ssl_key_path = "a.key" }
[http_api]
bind_address = "127.0.0.1:1212"
access_tokens = { admin = "${SECRET}" }
`

const V3 = `[metadata]
schema_version = "3.0.0"
[logging]
trace_filter = "info,udp=debug"
[core]
listed = true
private = false
[core.database]
driver = "postgresql"
host = "db"
user = "u"
password = "${SECRET}"
database = "d"
[memory]
swarm_budget = "64 MiB"
[[udp_trackers]]
bind_address = "0.0.0.0:6969"
[http_api]
bind_address = "127.0.0.1:1212"
access_tokens = { admin = "${SECRET}${SECRET}" }
\0CORE__DATABASE__PASSWORD\0${SECRET}`

const encoder = new TextEncoder()

/** Whether a change has moved the secret to an option that is not secret, whose value may be shown. */
function isSecretElsewhere(document: string, name: string, value: string): boolean {
  if (value.includes(SECRET) && !/PASSWORD/i.test(name)) return true
  try {
    return isElsewhere(parse(document))
  } catch {
    // What cannot be parsed must not be shown, whatever it is.
    return false
  }
}

function isElsewhere(table: object): boolean {
  return Object.entries(table).some(([option, value]) => {
    if (option.includes(SECRET)) return true
    if (/^(password|access_tokens|read_tokens|path|url)$/.test(option)) return false
    return typeof value === 'object' ? isElsewhere(value) : String(value).includes(SECRET)
  })
}

async function check(input: Uint8Array): Promise<void> {
  const [document = '', name = '', value = ''] = utf8(input).split('\0')
  const override = /^[A-Z0-9_]{1,100}$/.test(name) ? { [`MUSTER_CONFIG_OVERRIDE_${name}`]: value } : {}
  try {
    const { settings } = await load(document, override)
    hold(settings.schemaVersion.endsWith('.0.0'), 'what is loaded has a version')
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    hold(error.problems.length > 0, 'a document is refused with problems')
    if (!isSecretElsewhere(document, name, value)) hold(!error.message.includes(SECRET), 'problems name no secret')
  }
}

export function openSettings(): FuzzTarget {
  return {
    seeds: [V2, V3, '', JSON.stringify(defaultDocument())].map((text) => encoder.encode(text)),
    dictionary: [
      ...['[core]\n', '[[udp_trackers]]\n', 'listed = ', '"', "'", '"""', '{', '}', '[', ']', '.', ' = ', '\n', '#'],
      ...[
        'true',
        '0',
        '-1',
        '9223372036854775808',
        'nan',
        '2026-01-01',
        '"2.0.0"',
        '"3.0.0"',
        '__proto__',
        'constructor',
      ],
      ...['\0CORE__LISTED\0', '__0__', '\\u0000', '\\UFFFFFFFF', '1.5 GiB', 'sqlite3', '::'],
    ],
    maxBytes: 6000,
    check,
  }
}

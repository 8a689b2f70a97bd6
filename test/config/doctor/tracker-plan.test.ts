import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { fileLimit } from '../../../src/adapters/cli/doctor/checks/file-limit.ts'
import type { TrackerPlan } from '../../../src/adapters/cli/doctor/examined-tracker.ts'
import { trackerPlan } from '../../../src/config/doctor/tracker-plan.ts'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import { verdicts } from '../../fixtures/examined-trackers.ts'

async function planOf(document: string): Promise<TrackerPlan> {
  const { settings } = await readSettings(undefined, {
    env: { MUSTER_CONFIG_TOML: `[metadata]\nschema_version = "3.0.0"\n${document}` },
    readFile: () => '',
  })
  return trackerPlan(settings, false)
}

const LISTENERS = `
[http_tracker_server]
max_connections = 100
[[http_trackers]]
bind_address = "127.0.0.1:7070"
[[http_trackers]]
bind_address = "127.0.0.1:7071"
[http_trackers.tls_config]
ssl_cert_path = "cert.pem"
ssl_key_path = "key.pem"
`

describe('the maximum of HTTP connections', () => {
  it.each([
    ['node', 3 * 2 * 100],
    ['plain', 3 * 3 * 100],
    ['auto', 3 * (process.platform === 'linux' ? 3 : 2) * 100],
  ])('counts the tables of each thread, with the %s driver', async (driver, connections) => {
    const document = `[threads]\nhttp = 3\nhttp_driver = "${driver}"\n${LISTENERS}`
    expect((await planOf(document)).maxConnections).toBe(connections)
  })

  it.each([
    ['a listener with PROXY headers has no plain driver', 'bind_address = "127.0.0.1:0"', 3],
    ['nor has a Unix domain socket, which one thread serves', 'bind_address = "unix:/run/muster/http.sock"', 1],
  ])('%s', async (_, address, tables) => {
    const network = '[http_trackers.network]\nproxy_protocol = true\ntrusted_proxies = ["127.0.0.1"]'
    const document = `[threads]\nhttp = 3\nhttp_driver = "plain"\n[[http_trackers]]\n${address}\n${network}`
    expect((await planOf(document)).maxConnections).toBe(tables * 10_000)
  })

  it.each([2, 16, 64, 104])('of the defaults fits the systemd unit on %i cores', async (cores) => {
    const unit = readFileSync('contrib/systemd/muster.service', 'utf8')
    const [, limit] = /^LimitNOFILE=(\d+)$/m.exec(unit) ?? []
    const { settings } = await readSettings(undefined, { env: {}, readFile: () => '' })
    const { maxConnections } = await trackerPlan(settings, true, cores)
    const files = { '/proc/self/limits': `Max open files  1024  ${limit}  files` }
    expect(await verdicts(fileLimit, { plan: { maxConnections }, machine: { files } })).toEqual(['ok'])
  })
})

describe('the host for alerts', () => {
  it.each([
    ['', undefined],
    ['alert_webhook = "https://somebody:not-a-secret@alerts.example.org:8443/hook/not-a-secret"', 'alerts.example.org'],
    ['alert_webhook = "http://[::1]:9000/"', '::1'],
    ['alert_webhook = "http://[::1]:9000/"\ndetection = false', undefined],
  ])('is all that is taken from the URL: %s', async (options, host) => {
    expect((await planOf(`[attack]\n${options}\n${LISTENERS}`)).alertHost).toBe(host)
  })
})

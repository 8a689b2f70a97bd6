import { describe, expect, it } from '@jest/globals'
import type { TrackerPlan } from '../../../src/adapters/cli/doctor/examined-tracker.ts'
import { trackerPlan } from '../../../src/config/doctor/tracker-plan.ts'
import { readSettings } from '../../../src/config/settings/read-settings.ts'

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

import { describe, expect, it } from '@jest/globals'
import { trackerPlan } from '../../../src/config/doctor/tracker-plan.ts'
import { readSettings } from '../../../src/config/settings/read-settings.ts'

async function connectionsOf(document: string): Promise<number> {
  const { settings } = await readSettings(undefined, {
    env: { MUSTER_CONFIG_TOML: `[metadata]\nschema_version = "3.0.0"\n${document}` },
    readFile: () => '',
  })
  return trackerPlan(settings, false).maxConnections
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
    expect(await connectionsOf(`[threads]\nhttp = 3\nhttp_driver = "${driver}"\n${LISTENERS}`)).toBe(connections)
  })
})

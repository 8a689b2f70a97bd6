// The documents that the image installs, and the one in the Kubernetes manifest: each must load, and the only warning
// is that a published management API needs TLS.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../src/config/settings/read-settings.ts'
import type { Settings } from '../../src/config/settings/settings.ts'
import { at, readYaml } from './yaml-files.ts'

const FOLDER = 'share/container'
const DRIVERS = ['mysql', 'no-persistence', 'postgresql', 'sqlite3']
const SERVERS = ['mysql', 'postgresql']
const DATA = '/var/lib/torrust/tracker'
const NO_TLS = [expect.stringMatching(/^http_api\.bind_address: .* without TLS/)]

/** What must be in the volume to survive the container. */
function keptFiles({ udp, httpApi, snapshot }: Settings) {
  return [udp.connectionIdKeyFile, httpApi?.tokenFile, snapshot.file]
}

const IN_VOLUME = [`${DATA}/connection-id.key`, `${DATA}/api-token`, `${DATA}/swarms.snapshot`]

function load(text: string, password?: string) {
  return readSettings('tracker.toml', {
    env: password === undefined ? {} : { MUSTER_CONFIG_OVERRIDE_CORE__DATABASE__PASSWORD: password },
    readFile: () => text,
  })
}

function loadFor(driver: string, password?: string) {
  return load(readFileSync(`${FOLDER}/tracker.container.${driver}.toml`, 'utf8'), password)
}

describe('the documents of the image', () => {
  it('are these', () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.toml'))
    expect(names.sort()).toEqual(DRIVERS.map((driver) => `tracker.container.${driver}.toml`))
  })

  it.each(DRIVERS)('for %s: load, serve on every address, and keep files in the volume', async (driver) => {
    const { settings, warnings, refusals } = await loadFor(driver, SERVERS.includes(driver) ? 'secret' : undefined)
    const { udpListeners, httpListeners, httpApi, healthCheckApi } = settings
    const listeners = [...udpListeners, ...httpListeners, httpApi, healthCheckApi]
    expect([warnings, refusals]).toEqual([NO_TLS, []])
    expect(listeners.map((listener) => `${listener?.host}:${listener?.port}`)).toEqual([
      '0.0.0.0:6969',
      '0.0.0.0:7070',
      '0.0.0.0:1212',
      '0.0.0.0:1313',
    ])
    expect(keptFiles(settings)).toEqual(IN_VOLUME)
    expect(settings.database?.driver ?? 'no-persistence').toBe(driver)
  })

  it('for sqlite3: store the file where the image of Torrust Tracker has it', async () => {
    const { settings } = await loadFor('sqlite3')
    expect(settings.database).toEqual({ driver: 'sqlite3', path: '/var/lib/torrust/tracker/database/sqlite3.db' })
  })

  it.each(SERVERS)('for %s: require the password from outside', async (driver) => {
    await expect(loadFor(driver)).rejects.toThrow(/core\.database\.password/)
  })
})

it('the document of the Kubernetes manifest loads, and keeps files in the volume', async () => {
  const configMap = readYaml('contrib/kubernetes/muster.yaml').find((each) => at(each, 'kind') === 'ConfigMap')
  const { settings, warnings, refusals } = await load(String(at(configMap, 'data', 'tracker.toml')))
  expect([warnings, refusals]).toEqual([NO_TLS, []])
  expect(keptFiles(settings)).toEqual(IN_VOLUME)
})

import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import { complaints, documentWith, environment, load } from './loading.ts'

function named(level: string) {
  return documentWith().replace('"info"', `"${level}"`)
}

async function levelFrom(
  configFile: string | undefined,
  env: Record<string, string>,
  files: Record<string, string> = {},
) {
  return (await readSettings(configFile, environment(files, env))).settings.logging.filter.level
}

describe('settings without any configuration', () => {
  it('listen on every address of both families, with separate sockets', async () => {
    const { settings, source } = await readSettings(undefined, environment({}))
    const addresses = (listeners: readonly { host: string; port: number; ipv6Only: boolean }[]) =>
      listeners.map(({ host, port, ipv6Only }) => [host, port, ipv6Only])
    expect(source).toEqual({ kind: 'built-in', name: 'built-in defaults' })
    expect(addresses(settings.udpListeners)).toEqual([
      ['0.0.0.0', 6969, false],
      ['::', 6969, true],
    ])
    expect(addresses(settings.httpListeners)).toEqual([
      ['0.0.0.0', 7070, false],
      ['::', 7070, true],
    ])
  })

  it('store counts in a file, and allow administration from this machine with a token that the tracker creates', async () => {
    const { settings } = await readSettings(undefined, environment({}))
    expect(settings.peers.keepCompletedCounts).toBe(true)
    expect(settings.database).toEqual({ driver: 'sqlite3', path: 'storage/tracker/lib/database/sqlite3.db' })
    expect(settings.httpApi).toMatchObject({
      host: '127.0.0.1',
      port: 1212,
      tokens: [],
      tokenFile: 'storage/tracker/lib/api-token',
    })
  })

  it('can use another database by variables', async () => {
    const variable = 'MUSTER_CONFIG_OVERRIDE_CORE__DATABASE__'
    const byUrl = await readSettings(undefined, environment({}, { [`${variable}URL`]: 'mysql://u:p@h/d' }))
    expect(byUrl.settings.database).toMatchObject({ driver: 'mysql', host: 'h' })
    const names = { DRIVER: 'postgresql', HOST: 'h', USER: 'u', PASSWORD: '1234', DATABASE: 'd' }
    const env = Object.fromEntries(Object.entries(names).map(([name, text]) => [variable + name, text]))
    const byName = await readSettings(undefined, environment({}, env))
    expect(byName.settings.database).toMatchObject({ driver: 'postgresql', password: '1234' })
  })

  it('have the intervals, limits and budget of the documentation, and no warnings', async () => {
    const { settings, warnings, unserved } = await readSettings(undefined, environment({}))
    expect(settings.announce).toEqual({
      intervalSeconds: 1800,
      minIntervalSeconds: 900,
      jitter: 0.2,
      maxPeersPerAnnounce: 200,
      defaultPeersPerAnnounce: 50,
      externalIpInReply: true,
      downloadersInScrape: false,
    })
    expect(settings.peers.maxPeerTimeoutSeconds).toBe(2760)
    expect(settings.memory.swarmBudgetBytes).toBe(1024 ** 3)
    expect(settings.udp.connectionIdKeyFile).toBe('storage/tracker/lib/connection-id.key')
    expect([warnings, unserved]).toEqual([[], []])
  })

  it('can be changed by single variables', async () => {
    const { settings, overriddenBy } = await readSettings(
      undefined,
      environment({}, { MUSTER_CONFIG_OVERRIDE_THREADS__UDP: '2' }),
    )
    expect(settings.threads).toEqual({ udp: 2, http: 'auto', httpDriver: 'auto' })
    expect(settings.udpListeners).toHaveLength(2)
    expect(overriddenBy).toEqual(['MUSTER_CONFIG_OVERRIDE_THREADS__UDP'])
  })
})

describe('the document', () => {
  const all = {
    MUSTER_CONFIG_TOML: named('error'),
    MUSTER_CONFIG_TOML_PATH: 'muster.toml',
    TORRUST_TRACKER_CONFIG_TOML: named('debug'),
    TORRUST_TRACKER_CONFIG_TOML_PATH: 'torrust.toml',
  }
  const files = { 'option.toml': named('off'), 'muster.toml': named('warn'), 'torrust.toml': named('trace') }
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))

  it('is the one that the command line names, if any', async () => {
    expect(await levelFrom('option.toml', all, files)).toBe('off')
  })

  it('is otherwise MUSTER_CONFIG_TOML, then the file named by MUSTER_CONFIG_TOML_PATH', async () => {
    expect(await levelFrom(undefined, all, files)).toBe('error')
    expect(await levelFrom(undefined, without('MUSTER_CONFIG_TOML'), files)).toBe('warn')
  })

  it('is otherwise given by the variables of Torrust, in the same order', async () => {
    expect(await levelFrom(undefined, without('MUSTER_CONFIG_TOML', 'MUSTER_CONFIG_TOML_PATH'), files)).toBe('debug')
    const last = { TORRUST_TRACKER_CONFIG_TOML_PATH: 'torrust.toml' }
    expect(await levelFrom(undefined, last, files)).toBe('trace')
  })

  it('is not taken from an empty variable', async () => {
    expect(await levelFrom(undefined, { MUSTER_CONFIG_TOML: '', MUSTER_CONFIG_TOML_PATH: '' })).toBe('info')
  })

  it('yields to overrides, and Torrust overrides yield to ours', async () => {
    const torrust = { TORRUST_TRACKER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER: 'debug' }
    const muster = { MUSTER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER: 'trace' }
    expect(await levelFrom('option.toml', torrust, files)).toBe('debug')
    expect(await levelFrom('option.toml', { ...muster, ...torrust }, files)).toBe('trace')
  })

  it('may begin with a byte order mark', async () => {
    expect((await load(`\uFEFF${documentWith()}`)).source).toEqual({ kind: 'file', name: 'tracker.toml' })
  })

  it('is reported by name when it cannot be read', async () => {
    await expect(readSettings('gone.toml', environment({}))).rejects.toThrow(
      'gone.toml: Unable to load from Config File: no such file (named by --config)',
    )
    await expect(readSettings(undefined, environment({}, { MUSTER_CONFIG_TOML_PATH: 'gone.toml' }))).rejects.toThrow(
      'gone.toml: Unable to load from Config File: no such file (named by MUSTER_CONFIG_TOML_PATH)',
    )
  })

  it('starts only the listeners that it lists', async () => {
    const { settings } = await load(documentWith('[[udp_trackers]]'))
    expect(settings.udpListeners.map(({ host, port }) => [host, port])).toEqual([['0.0.0.0', 6969]])
    expect(settings.httpListeners).toEqual([])
    expect(settings.httpApi).toBeUndefined()
  })

  it('needs nothing but a listener', async () => {
    const bare = await load('[[http_trackers]]\nbind_address = "127.0.0.1:7070"')
    const spelled = await load(documentWith('[[http_trackers]]\nbind_address = "127.0.0.1:7070"'))
    expect(bare.settings).toEqual(spelled.settings)
    expect(bare.settings).toMatchObject({
      schemaVersion: '3.0.0',
      logging: { filter: { level: 'info', targets: [] } },
      access: { isListed: false, isPrivate: false },
      database: undefined,
      httpListeners: [{ host: '127.0.0.1', port: 7070 }],
    })
    expect(bare.warnings).toEqual([])
  })

  it.each([
    ['schema_version = "3.0.0"', {}],
    ['trace_filter = "info"', {}],
    ['private = false', { access: { isListed: true, isPrivate: false } }],
    ['listed = true', { access: { isListed: false, isPrivate: false } }],
  ])('may leave out %s', async (line, expected) => {
    const text = documentWith('[core.database]').replace('listed = false', 'listed = true')
    expect((await load(text.replace(line, ''))).settings).toMatchObject({
      schemaVersion: '3.0.0',
      logging: { filter: { level: 'info', targets: [] } },
      ...expected,
    })
  })

  it.each([
    ['metadata.schema_version', 'schema_version = "2.0.0"'],
    ['logging.threshold', 'threshold = "info"'],
    ['core.private', 'private = false'],
    ['core.listed', 'listed = false'],
  ])('of schema 2.0.0, where a mistyped key is only a warning, must spell out %s', async (path, line) => {
    const old = documentWith().replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold')
    expect(await complaints(old)).toEqual([])
    expect(await complaints(old.replace(line, ''))).toEqual([
      `tracker.toml: Missing mandatory configuration option. Option path: ${path}`,
    ])
  })

  it('of schema 2.0.0 may leave a mandatory option to an override', async () => {
    const old = documentWith().replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold')
    const text = old.replace('listed = false', '')
    expect(await complaints(text, { TORRUST_TRACKER_CONFIG_OVERRIDE_CORE__LISTED: 'false' })).toEqual([])
  })

  it('may be empty if variables say what to serve', async () => {
    const env = { MUSTER_CONFIG_OVERRIDE_HTTP_TRACKERS__0__BIND_ADDRESS: '127.0.0.1:7070' }
    expect((await load('# nothing here', env)).settings.httpListeners).toHaveLength(1)
  })

  it('is refused if its schema has another version', async () => {
    expect(await complaints(documentWith().replace('3.0.0', '1.0.0'))).toEqual([
      'tracker.toml:2:18: metadata.schema_version: Unsupported configuration version: 1.0.0; use "3.0.0" or "2.0.0"',
    ])
  })
})

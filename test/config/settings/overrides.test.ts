import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

async function withOverride(name: string, text: string, rest = '') {
  return (await load(documentWith(rest), { [`MUSTER_CONFIG_OVERRIDE_${name}`]: text })).settings
}

describe('an override', () => {
  it('is read as a TOML value', async () => {
    expect((await withOverride('THREADS__UDP', '3')).threads.udp).toBe(3)
    expect((await withOverride('CORE__ANNOUNCE_POLICY__JITTER', '0.1')).announce.jitter).toBe(0.1)
    expect((await withOverride('CORE__TRACKER_POLICY__DENIED_PORTS', '["1-5", 9]')).peers.deniedPorts).toEqual([
      { first: 1, last: 5 },
      { first: 9, last: 9 },
    ])
    expect((await withOverride('LOGGING__TRACE_FILTER', '"warn"')).logging.filter.level).toBe('warn')
  })

  it('is text if it is not a TOML value', async () => {
    expect((await withOverride('LOGGING__TRACE_FILTER', 'warn')).logging.filter.level).toBe('warn')
    expect((await withOverride('HEALTH_CHECK_API__BIND_ADDRESS', '[::1]:1313')).healthCheckApi).toEqual({
      host: '::1',
      port: 1313,
      allowedHosts: [],
      isConfigured: true,
    })
    expect((await withOverride('PROCESS__DATA_DIRECTORY', '1\nx = 2')).process.dataDirectory).toBe('1\nx = 2')
  })

  it.each(['1234', 'true', '2026-01-01', '1e3'])('is text if the option requires text: %s', async (token) => {
    const settings = await withOverride('HTTP_API__ACCESS_TOKENS__ADMIN', token)
    expect(settings.httpApi?.tokens).toEqual([{ label: 'admin', token, scope: 'manage' }])
  })

  it('changes one option and leaves the others of its table', async () => {
    const settings = await withOverride('THREADS__UDP', '3', '[threads]\nudp = 1\nhttp = 2')
    expect(settings.threads).toEqual({ udp: 3, http: 2, httpDriver: 'auto' })
  })

  it('reaches array elements by index, and creates the next one', async () => {
    const env = {
      MUSTER_CONFIG_OVERRIDE_UDP_TRACKERS__0__BIND_ADDRESS: '127.0.0.1:1',
      MUSTER_CONFIG_OVERRIDE_UDP_TRACKERS__1__BIND_ADDRESS: '127.0.0.1:2',
      MUSTER_CONFIG_OVERRIDE_HTTP_TRACKERS__0__NETWORK__IPV6_V6ONLY: 'true',
    }
    const { settings } = await load(documentWith('[[udp_trackers]]'), env)
    expect(settings.udpListeners.map(({ port }) => port)).toEqual([1, 2])
    expect(settings.httpListeners.map(({ ipv6Only }) => ipv6Only)).toEqual([true])
  })

  it('treats a number as a label in a table of labels', async () => {
    const env = {
      MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS__ADMIN: 'a',
      MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS__7: 'b',
    }
    const { settings } = await load(documentWith('[http_api.access_tokens]\nother = "c"'), env)
    expect(settings.httpApi?.tokens.map(({ label, token }) => [label, token])).toEqual([
      ['7', 'b'],
      ['other', 'c'],
      ['admin', 'a'],
    ])
  })

  it('of a whole table applies before one of an option in it', async () => {
    const env = {
      MUSTER_CONFIG_OVERRIDE_THREADS__UDP: '3',
      MUSTER_CONFIG_OVERRIDE_THREADS: '{ udp = 1, http = 2 }',
    }
    expect((await load(documentWith(), env)).settings.threads).toEqual({ udp: 3, http: 2, httpDriver: 'auto' })
  })

  it('uses the names of the schema that the document has', async () => {
    const text = documentWith().replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold')
    const env = { TORRUST_TRACKER_CONFIG_OVERRIDE_LOGGING__THRESHOLD: 'debug' }
    expect((await load(text, env)).settings.logging.filter.level).toBe('debug')
  })

  it.each([
    ['THREADS__UDP', '0', 'threads.udp: must be "auto" or a whole number from 1 to 64; got 0'],
    ['THREADS__UPD', '1', 'threads.upd: unknown key, did you mean "udp"?'],
    ['THREDS__UDP', '1', 'threds: unknown key, did you mean "threads"?'],
    ['THREADS', '1', 'threads: must be a table; got 1'],
    ['UDP_TRACKERS__5__BIND_ADDRESS', '1', 'udp_trackers.5.bind_address: no such place in the document'],
    ['CORE__LISTED__X', '1', 'core.listed.x: no such place in the document'],
    ['THREADS____UDP', '1', 'threads."".udp: is not an option: separate levels with exactly two underscores'],
    ['HTTP_API__READ_TOKENS__MONITOR', '', 'http_api.read_tokens.monitor: must be text, and not empty; got ***'],
    ['HTTP_API__ACCESS_TOKENS', 'geheim', 'http_api.access_tokens: must be a table of labels and tokens; got ***'],
  ])('that is wrong is reported by its variable: %s=%s', async (name, text, message) => {
    const variable = `MUSTER_CONFIG_OVERRIDE_${name}`
    expect(await complaints(documentWith('[[udp_trackers]]'), { [variable]: text })).toEqual([
      `${variable}: ${message}`,
    ])
  })
})

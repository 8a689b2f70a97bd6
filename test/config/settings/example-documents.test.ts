// The documents in share/ are copied by operators: each must load without warnings.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/config/settings/read-settings.ts'

const FOLDER = 'share/default/config'
const documents = readdirSync(FOLDER).filter((name) => name.endsWith('.toml'))

function read(name: string) {
  return readSettings(`${FOLDER}/${name}`, { env: {}, readFile: (path) => readFileSync(path, 'utf8') })
}

/** The private tracker with a database server, as its comments suggest, instead of the file. */
function privateOn(driver: string): string {
  return readFileSync(`${FOLDER}/tracker.private.toml`, 'utf8')
    .replace(/^driver = .*\npath = .*$/m, '')
    .replace(new RegExp(`^# (url = "${driver}:.*)$`, 'm'), '$1')
    .replace(/^# (password_file = .*)$/m, '$1')
}

describe('the example documents', () => {
  it('are these', () => {
    expect(documents.sort()).toEqual([
      'tracker.behind-proxy.toml',
      'tracker.development.toml',
      'tracker.postgresql.toml',
      'tracker.private.toml',
      'tracker.public.toml',
    ])
  })

  it.each(documents)('%s loads without warnings, with an interval that clients accept', async (name) => {
    const { settings, warnings, unserved } = await read(name)
    const { intervalSeconds, minIntervalSeconds, jitter } = settings.announce
    expect([warnings, unserved]).toEqual([[], []])
    expect(minIntervalSeconds).toBeGreaterThanOrEqual(300)
    expect(intervalSeconds * (1 + jitter)).toBeLessThanOrEqual(10_800)
    expect(settings.udpListeners).toHaveLength(settings.access.isPrivate ? 0 : 2)
    expect(settings.httpListeners).not.toEqual([])
  })

  it('differ as described', async () => {
    const [proxy, development, postgresql, members, open] = await Promise.all(documents.sort().map(read))
    expect(proxy?.settings.httpListeners[0]).toMatchObject({
      onReverseProxy: true,
      trustedProxies: ['127.0.0.1/32', '::1/128'],
    })
    expect(development?.settings).toMatchObject({
      logging: { filter: { level: 'debug' } },
      announce: { intervalSeconds: 300 },
    })
    expect(postgresql?.settings).toMatchObject({
      database: { driver: 'postgresql', host: '127.0.0.1', port: 5432, tls: { mode: 'off' } },
      peers: { keepCompletedCounts: true },
      httpApi: { host: '127.0.0.1', tokens: [], tokenFile: 'storage/tracker/lib/api-token' },
    })
    expect(members?.settings).toMatchObject({
      access: { isListed: true, isPrivate: true, checkKeysExpiration: true },
      database: { driver: 'sqlite3' },
      httpApi: { host: '127.0.0.1' },
    })
    expect(open?.settings.httpListeners.map(({ ipv6Only }) => ipv6Only)).toEqual([false, true])
    expect(open?.settings).toMatchObject({
      access: { isListed: false, isPrivate: false },
      database: { driver: 'sqlite3' },
      httpApi: { host: '127.0.0.1', tokens: [] },
    })
  })

  it.each(['postgresql', 'mysql'])('suggest %s in a way that loads', async (driver) => {
    const readFile = (path: string) => (path === 'tracker.toml' ? privateOn(driver) : 'secret\n')
    const { settings, warnings } = await readSettings('tracker.toml', { env: {}, readFile })
    expect(settings.database).toMatchObject({ driver, password: 'secret', tls: { mode: 'verify' } })
    expect(warnings).toEqual([])
  })
})

// The documents in share/ are what people copy: each must load without a word of complaint.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/config/settings/read-settings.ts'

const FOLDER = 'share/default/config'
const documents = readdirSync(FOLDER).filter((name) => name.endsWith('.toml'))

const read = (name: string) =>
  readSettings(`${FOLDER}/${name}`, { env: {}, readFile: (path) => readFileSync(path, 'utf8') })

describe('the example documents', () => {
  it('are these', () => {
    expect(documents.sort()).toEqual(['tracker.behind-proxy.toml', 'tracker.development.toml', 'tracker.public.toml'])
  })

  it.each(documents)('%s loads, with nothing to warn of and an interval that clients accept', async (name) => {
    const { settings, warnings, unserved, refusals } = await read(name)
    const { intervalSeconds, minIntervalSeconds, jitter } = settings.announce
    expect([warnings, unserved, refusals]).toEqual([[], [], []])
    expect(minIntervalSeconds).toBeGreaterThanOrEqual(300)
    expect(intervalSeconds * (1 + jitter)).toBeLessThanOrEqual(10_800)
    expect(settings.udpListeners).toHaveLength(2)
  })

  it('say what differs from one to the other', async () => {
    const [proxy, development, everybody] = await Promise.all(documents.sort().map(read))
    expect(proxy?.settings.httpListeners[0]).toMatchObject({
      onReverseProxy: true,
      trustedProxies: ['127.0.0.1/32', '::1/128'],
    })
    expect(development?.settings).toMatchObject({ logging: { level: 'debug' }, announce: { intervalSeconds: 300 } })
    expect(everybody?.settings.httpListeners.map(({ ipv6Only }) => ipv6Only)).toEqual([false, true])
  })
})

// Every option that is a duration takes seconds or a text with a unit.

import { describe, expect, it } from '@jest/globals'
import { stringify } from 'smol-toml'
import { settingsDocument } from '../../../src/config/settings/settings-document.ts'
import { putAt, type Table } from '../../../src/config/settings/tree.ts'
import { documentWith, load } from './loading.ts'
import { allOptions } from './reference/options.ts'

const DURATIONS = allOptions().filter(({ type }) => type.startsWith('duration'))
/** Of those that do not accept an hour or ten minutes alone. */
const SECONDS: Readonly<Record<string, readonly [number, string]>> = {
  'http_tracker_server.connection_check_interval': [60, '1m'],
  'http_tracker_server.headers_timeout': [12, '12s'],
}

/** The settings of a document in which only this option has a value. */
async function settingsWith(path: string, value: unknown) {
  const [table, ...rest] = path.split('.')
  const document: Table = {}
  putAt(document, table === 'udp_trackers' ? [table, 0, ...rest] : [table, ...rest], value)
  return (await load(stringify(document))).settings
}

describe('an option that is a duration', () => {
  it('is one of many', () => {
    expect(DURATIONS.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'core.announce_policy.interval',
        'core.announce_policy.interval_min',
        'core.inactive_peer_cleanup_interval',
        'core.tracker_policy.max_peer_timeout',
        'http_tracker_server.headers_timeout',
        'process.shutdown_deadline',
        'snapshot.interval',
        'udp_tracker_server.connection_id_max_age',
        'udp_tracker_server.ip_bans_reset_interval_in_secs',
        'udp_trackers.cookie_lifetime',
      ]),
    )
  })

  it.each(DURATIONS)('takes seconds, and the same as a text: $path', async ({ path, type }) => {
    const [seconds, text] = SECONDS[path] ?? (type.includes('10m') ? [600, '10m'] : [3600, '1h'])
    expect(await settingsWith(path, text)).toEqual(await settingsWith(path, seconds))
  })

  it('takes a text from a variable', async () => {
    const { settings } = await load(documentWith(), { MUSTER_CONFIG_OVERRIDE_CORE__ANNOUNCE_POLICY__INTERVAL: '40m' })
    expect(settings.announce.intervalSeconds).toBe(2400)
  })

  it('is printed as a text', async () => {
    const { settings } = await load(documentWith('[snapshot]\ninterval = 0\n[process]\nshutdown_deadline = 90'))
    expect(settingsDocument(settings)).toMatchObject({
      core: { announce_policy: { interval: '30m' }, tracker_policy: { max_peer_timeout: '46m' } },
      snapshot: { interval: '0s' },
      process: { shutdown_deadline: '90s' },
    })
  })
})

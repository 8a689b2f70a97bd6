import { describe, expect, it } from '@jest/globals'
import { documentWith, load } from './loading.ts'

const about = async (text: string, core = '') => {
  const { unserved, refusals } = await load(documentWith(text, core))
  return { unserved: unserved.map((sentence) => sentence.split(':')[0]), refusals }
}

describe('options that are not served yet', () => {
  it('go unmentioned when nobody asks for them', async () => {
    expect(await about('[[udp_trackers]]\n[[http_trackers]]', 'tracker_usage_statistics = true')).toEqual({
      unserved: [],
      refusals: [],
    })
  })

  it('are named one by one', async () => {
    const text = `
[core.database]
[core.tracker_policy]
persistent_torrent_completed_stat = true
[udp_tracker_server]
max_connection_id_errors_per_ip = 10
[[udp_trackers]]
tracker_usage_statistics = true
public_url = "udp://tracker.example.org:6969"
network.external_ip = "192.0.2.1"
[[http_trackers]]
use_ip_from_query_string = true
[http_api]
[health_check_api]`
    expect(await about(text)).toEqual({
      unserved: [
        'core.database',
        'core.tracker_policy.persistent_torrent_completed_stat',
        'http_api',
        'health_check_api',
        'udp_tracker_server',
        'tracker_usage_statistics',
        'network.external_ip',
        'public_url',
        'http_trackers.use_ip_from_query_string',
      ],
      refusals: [],
    })
  })

  it.each([
    ['private', 'private mode (keys) is not served yet, and to start without it would open the tracker to everybody'],
    ['listed', 'whitelist mode is not served yet, and to start without it would accept every torrent'],
  ])('forbid the start where they would open what should be closed: %s', async (option, sentence) => {
    const text = documentWith('[core.database]').replace(`${option} = false`, `${option} = true`)
    expect((await load(text)).refusals).toEqual([
      `core.${option}: ${sentence}; set it to false or do not start this version.`,
    ])
  })
})

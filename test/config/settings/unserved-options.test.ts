import { describe, expect, it } from '@jest/globals'
import { documentWith, load } from './loading.ts'

async function unservedIn(text: string, core = '') {
  return (await load(documentWith(text, core))).unserved.map((sentence) => sentence.split(':')[0])
}

describe('options without effect', () => {
  it('are not mentioned if they are not set', async () => {
    const text = '[[udp_trackers]]\n[[http_trackers]]\n[http_api]\n[core.database]'
    expect(await unservedIn(text, 'tracker_usage_statistics = true')).toEqual([])
  })

  it('are reported one by one', async () => {
    const text = `
[udp_tracker_server]
max_connection_id_errors_per_ip = 10
connection_id_validation = "disabled"
[[udp_trackers]]
tracker_usage_statistics = true
public_url = "udp://tracker.example.org:6969"
network.external_ip = "192.0.2.1"
[[http_trackers]]
use_ip_from_query_string = true`
    expect(await unservedIn(text)).toEqual(['udp_tracker_server'])
    expect(await unservedIn(text.replace('disabled', 'strict'))).toEqual([])
  })
})

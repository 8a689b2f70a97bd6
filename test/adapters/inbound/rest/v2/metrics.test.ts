import { describe, expect, it } from '@jest/globals'
import { EXPOSITION_TYPE } from '../../../../../src/adapters/protocol/exposition.ts'
import { Counter } from '../../../../../src/adapters/protocol/metrics/counters.ts'
import { anApp, READER } from '../rest-fixture.ts'

describe('metrics', () => {
  it('are Prometheus text of version 0.0.4, for read tokens', async () => {
    const { ask, ports } = anApp()
    ports.counters.add(Counter.udp6_announces, 5)
    const response = await ask('/api/v2/metrics', { token: READER })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, EXPOSITION_TYPE])
    const text = await response.text()
    expect(text).toContain('\nmuster_info{version="1.2.3"} 1\n')
    expect(text).toContain('\nmuster_udp_requests_total{kind="announce",family="ipv6"} 5\n')
    expect(text).toContain('\nmuster_peers_by_client{client="qBittorrent"} 7\n')
    expect((await ask('/api/v2/metrics', { token: undefined, authorizations: [] })).status).toBe(401)
  })
})

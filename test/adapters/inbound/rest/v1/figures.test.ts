import { describe, expect, it } from '@jest/globals'
import { writeMetricsJson, writeMetricsText } from '../../../../../src/adapters/inbound/rest/v1/metrics-writer.ts'
import { writeStatsJson, writeStatsLines } from '../../../../../src/adapters/inbound/rest/v1/stats-writer.ts'
import type { StatisticsSnapshot } from '../../../../../src/domain/ports/inbound/statistics.ts'
import { FixedStatistics } from '../../../../fakes/fixed-statistics.ts'

const anySnapshot = new FixedStatistics().snapshot()

const snapshot: StatisticsSnapshot = {
  ...anySnapshot,
  counters: {
    ...anySnapshot.counters,
    http_announces: 13,
    http_scrapes: 4,
    udp_datagrams_received: 100,
    udp_datagrams_too_short: 1,
    udp_datagrams_from_port_zero: 2,
    udp_datagrams_with_wrong_magic: 3,
    udp_connects: 30,
    udp_announces: 40,
    udp_scrapes: 20,
    udp_connection_id_mismatches: 6,
    udp_replies_sent: 94,
    udp_errors_sent: 4,
  },
}
const unpersisted: StatisticsSnapshot = { ...snapshot, completedPersisted: undefined }

const LINES = `torrents 3
seeders 5
completed 11
completed_in_session 2
completed_persisted 11
completed_persisted_enabled 1
leechers 7
tcp4_connections_handled 17
tcp4_announces_handled 13
tcp4_scrapes_handled 4
tcp6_connections_handled 0
tcp6_announces_handled 0
tcp6_scrapes_handled 0
udp_requests_discarded 6
udp_requests_aborted 0
udp_requests_banned 0
udp_banned_ips_total 0
udp_avg_connect_processing_time_ns 0
udp_avg_announce_processing_time_ns 0
udp_avg_scrape_processing_time_ns 0
udp4_requests 100
udp4_connections_handled 30
udp4_announces_handled 40
udp4_scrapes_handled 20
udp4_responses 94
udp4_errors_handled 4
udp6_requests 0
udp6_connections_handled 0
udp6_announces_handled 0
udp6_scrapes_handled 0
udp6_responses 0
udp6_errors_handled 0`

describe('stats', () => {
  it('are a line for each figure', () => {
    expect(writeStatsLines(snapshot)).toBe(LINES)
  })

  it('have the same names in the same order as JSON, and one of them is true or false', () => {
    const fields = LINES.split('\n').map((line) => `"${line.replace(' ', '":')}`)
    expect(writeStatsJson(snapshot)).toBe(`{${fields.join(',').replace('enabled":1', 'enabled":true')}}`)
  })

  it('say so when completed downloads are not persisted', () => {
    const stats = JSON.parse(writeStatsJson(unpersisted))
    expect(stats).toMatchObject({ completed: 11, completed_persisted: 0, completed_persisted_enabled: false })
  })
})

describe('metrics', () => {
  it('are Prometheus text: counters, then gauges, a blank line between two, no end of line at the end', () => {
    const blocks = writeMetricsText(snapshot).split('\n\n')
    expect(blocks.map((block) => block.split('\n').slice(1).join('\n'))).toEqual([
      '# TYPE swarm_coordination_registry_torrents_downloads_total counter\nswarm_coordination_registry_torrents_downloads_total 2',
      '# TYPE tracker_core_persistent_torrents_downloads_total counter\ntracker_core_persistent_torrents_downloads_total 11',
      '# TYPE tracker_core_in_session_torrents_downloads_total counter\ntracker_core_in_session_torrents_downloads_total 2',
      '# TYPE tracker_core_persisted_torrents_downloads_total counter\ntracker_core_persisted_torrents_downloads_total 11',
      '# TYPE http_tracker_core_requests_received_total counter\nhttp_tracker_core_requests_received_total{request_kind="announce"} 13\nhttp_tracker_core_requests_received_total{request_kind="scrape"} 4',
      '# TYPE udp_tracker_core_requests_received_total counter\nudp_tracker_core_requests_received_total{request_kind="announce"} 40\nudp_tracker_core_requests_received_total{request_kind="connect"} 30\nudp_tracker_core_requests_received_total{request_kind="scrape"} 20',
      '# TYPE udp_tracker_server_requests_discarded_total counter\nudp_tracker_server_requests_discarded_total 6',
      '# TYPE udp_tracker_server_connection_id_errors_total counter\nudp_tracker_server_connection_id_errors_total 6',
      '# TYPE udp_tracker_server_requests_received_total counter\nudp_tracker_server_requests_received_total 100',
      '# TYPE udp_tracker_server_requests_accepted_total counter\nudp_tracker_server_requests_accepted_total{request_kind="announce"} 40\nudp_tracker_server_requests_accepted_total{request_kind="connect"} 30\nudp_tracker_server_requests_accepted_total{request_kind="scrape"} 20',
      '# TYPE udp_tracker_server_responses_sent_total counter\nudp_tracker_server_responses_sent_total{result="error"} 4\nudp_tracker_server_responses_sent_total{result="ok"} 90',
      '# TYPE udp_tracker_server_errors_total counter\nudp_tracker_server_errors_total 4',
      '# TYPE swarm_coordination_registry_torrents_total gauge\nswarm_coordination_registry_torrents_total 3',
      '# TYPE swarm_coordination_registry_peer_connections_total gauge\nswarm_coordination_registry_peer_connections_total{peer_role="leecher"} 7\nswarm_coordination_registry_peer_connections_total{peer_role="seeder"} 5',
    ])
    for (const block of blocks) expect(block).toMatch(/^# HELP [a-z_]+ [^\n]+\n/)
  })

  it('are JSON with a time for each sample', () => {
    const text = writeMetricsJson(snapshot, 1_743_552_000)
    expect(text).toContain(
      '{"type":"counter","name":"http_tracker_core_requests_received_total","unit":"count","description":"Requests over HTTP.","samples":[' +
        '{"value":13,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[{"name":"request_kind","value":"announce"}]},' +
        '{"value":4,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[{"name":"request_kind","value":"scrape"}]}]}',
    )
    expect(text).toContain('"samples":[{"value":3.0,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[]}]')
    expect(JSON.parse(text).metrics).toHaveLength(14)
  })

  it('leave out what has no figures', () => {
    expect(writeMetricsText(unpersisted)).not.toContain('tracker_core_persisted')
    expect(writeMetricsJson(unpersisted, 0)).not.toContain('tracker_core_persisted')
  })
})

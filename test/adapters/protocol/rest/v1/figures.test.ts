import { describe, expect, it } from '@jest/globals'
import type { ShownFigures } from '../../../../../src/adapters/protocol/rest/v1/figures.ts'
import { writeMetricsJson, writeMetricsText } from '../../../../../src/adapters/protocol/rest/v1/metrics-writer.ts'
import { writeStatsJson, writeStatsLines } from '../../../../../src/adapters/protocol/rest/v1/stats-writer.ts'
import { FixedStatistics } from '../../../../fakes/fixed-statistics.ts'

const census = new FixedStatistics().counted

const figures: ShownFigures = {
  ...new FixedStatistics().snapshot(),
  counters: {
    http4_announces: 13,
    http6_announces: 3,
    http4_scrapes: 4,
    http6_scrapes: 2,
    udp_datagrams_too_short: 1,
    udp_datagrams_from_port_zero: 2,
    udp_datagrams_with_wrong_magic: 3,
    udp_datagrams_from_nowhere: 4,
    udp_connection_id_mismatches: 6,
    udp4_datagrams_received: 100,
    udp4_connects: 30,
    udp4_announces: 40,
    udp4_announces_answered: 39,
    udp4_scrapes: 20,
    udp4_replies_sent: 94,
    udp4_announce_errors: 2,
    udp4_scrape_errors: 1,
    udp4_other_errors: 1,
    udp6_datagrams_received: 50,
    udp6_connects: 15,
    udp6_announces: 21,
    udp6_announces_answered: 20,
    udp6_scrapes: 10,
    udp6_replies_sent: 47,
    udp6_announce_errors: 3,
    udp6_scrape_errors: 0,
    udp6_other_errors: 0,
    udp_connects_timed: 10,
    udp_connect_nanoseconds: 5004,
    udp_announces_timed: 12,
    udp_announce_nanoseconds: 14_400,
    udp_scrapes_timed: 0,
    udp_scrape_nanoseconds: 0,
  },
}
const unpersisted: ShownFigures = { ...figures, completedPersisted: undefined }

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
tcp6_connections_handled 5
tcp6_announces_handled 3
tcp6_scrapes_handled 2
udp_requests_discarded 10
udp_requests_aborted 0
udp_requests_banned 0
udp_banned_ips_total 0
udp_avg_connect_processing_time_ns 500
udp_avg_announce_processing_time_ns 1200
udp_avg_scrape_processing_time_ns 0
udp4_requests 100
udp4_connections_handled 30
udp4_announces_handled 40
udp4_scrapes_handled 20
udp4_responses 94
udp4_errors_handled 4
udp6_requests 50
udp6_connections_handled 15
udp6_announces_handled 21
udp6_scrapes_handled 10
udp6_responses 47
udp6_errors_handled 3`

describe('stats', () => {
  it('have a line for each figure', () => {
    expect(writeStatsLines(figures)).toBe(LINES)
  })

  it('have the same names in the same order as JSON, with one boolean', () => {
    const fields = LINES.split('\n').map((line) => `"${line.replace(' ', '":')}`)
    expect(writeStatsJson(figures)).toBe(`{${fields.join(',').replace('enabled":1', 'enabled":true')}}`)
  })

  it('report that completed downloads are not persisted', () => {
    const stats = JSON.parse(writeStatsJson(unpersisted))
    expect(stats).toMatchObject({ completed: 11, completed_persisted: 0, completed_persisted_enabled: false })
  })
})

/** By name, in the order in which they are written. */
const COUNTERS = [
  'swarm_coordination_registry_torrents_added_total',
  'swarm_coordination_registry_torrents_removed_total',
  'swarm_coordination_registry_torrents_downloads_total',
  'swarm_coordination_registry_peers_added_total',
  'swarm_coordination_registry_peers_removed_total',
  'swarm_coordination_registry_peers_updated_total',
  'swarm_coordination_registry_peers_completed_state_reverted_total',
  'tracker_core_persistent_torrents_downloads_total',
  'tracker_core_in_session_torrents_downloads_total',
  'tracker_core_persisted_torrents_downloads_total',
  'http_tracker_core_requests_received_total',
  'udp_tracker_core_requests_received_total',
  'udp_tracker_server_requests_aborted_total',
  'udp_tracker_server_requests_banned_total',
  'udp_tracker_server_requests_discarded_total',
  'udp_tracker_server_connection_id_errors_total',
  'udp_tracker_server_requests_received_total',
  'udp_tracker_server_requests_accepted_total',
  'udp_tracker_server_responses_sent_total',
  'udp_tracker_server_errors_total',
  'udp_tracker_server_performance_avg_processed_requests_total',
]
const GAUGES = [
  'swarm_coordination_registry_torrents_total',
  'swarm_coordination_registry_torrents_inactive_total',
  'swarm_coordination_registry_peer_connections_total',
  'swarm_coordination_registry_peers_inactive_total',
  'udp_tracker_server_ips_banned_total',
  'udp_tracker_server_performance_avg_processing_time_ns',
]
function UDP(family: string, kind: string, result: string): string {
  return `udp_tracker_server_responses_sent_total{client_address_ip_family="${family}",request_kind="${kind}",result="${result}",server_binding_address_ip_family="${family}",server_binding_protocol="udp"}`
}

/** One for each way of writing a sample. */
const SAMPLES = [
  'swarm_coordination_registry_torrents_removed_total 6',
  'swarm_coordination_registry_peers_added_total{peer_role="leecher"} 22',
  'swarm_coordination_registry_peers_removed_total{peer_role="seeder"} 16',
  'swarm_coordination_registry_peers_updated_total{peer_role="seeder"} 31',
  'swarm_coordination_registry_peers_inactive_total 2',
  'http_tracker_core_requests_received_total{client_address_ip_family="inet",request_kind="announce"} 13',
  'http_tracker_core_requests_received_total{client_address_ip_family="inet6",request_kind="scrape"} 2',
  `${UDP('inet', 'announce', 'ok')} 39`,
  `${UDP('inet6', 'announce', 'error')} 3`,
  `${UDP('inet6', 'connect', 'ok')} 15`,
  'udp_tracker_server_performance_avg_processing_time_ns{request_kind="connect"} 500',
]

describe('metrics', () => {
  it('are Prometheus text: counters, then gauges, separated by blank lines, with a line end at the end', () => {
    const text = writeMetricsText(figures, census)
    expect(text).toMatch(/[^\n]\n$/)
    const blocks = text.split('\n\n')
    expect(blocks.map((block) => block.split('\n')[1])).toEqual([
      ...COUNTERS.map((name) => `# TYPE ${name} counter`),
      ...GAUGES.map((name) => `# TYPE ${name} gauge`),
    ])
    const lines = text.split('\n')
    expect(SAMPLES.filter((sample) => !lines.includes(sample))).toEqual([])
    for (const block of blocks) expect(block).toMatch(/^# HELP [a-z_]+ [^\n]+\n/)
  })

  it('are JSON with a time for each sample', () => {
    const text = writeMetricsJson(figures, census, 1_743_552_000)
    expect(text).toContain(
      '{"type":"counter","name":"http_tracker_core_requests_received_total","unit":"count","description":"Requests over HTTP.","samples":[' +
        '{"value":13,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[{"name":"client_address_ip_family","value":"inet"},{"name":"request_kind","value":"announce"}]},',
    )
    expect(text).toContain('"samples":[{"value":3.0,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[]}]')
    expect(JSON.parse(text).metrics).toHaveLength(COUNTERS.length + GAUGES.length)
  })

  it('omit metrics without samples', () => {
    expect(writeMetricsText(unpersisted, census)).not.toContain('tracker_core_persisted')
    expect(writeMetricsJson(unpersisted, census, 0)).not.toContain('tracker_core_persisted')
  })
})

import { describe, expect, it } from '@jest/globals'
import type { ShownFigures } from '../../../../../src/adapters/protocol/rest/v1/figures.ts'
import { writeMetricsJson, writeMetricsText } from '../../../../../src/adapters/protocol/rest/v1/metrics-writer.ts'
import { writeStatsJson, writeStatsLines } from '../../../../../src/adapters/protocol/rest/v1/stats-writer.ts'
import { FixedStatistics } from '../../../../fakes/fixed-statistics.ts'
import { aShownListener } from '../../../../fixtures/shown-listeners.ts'

const census = new FixedStatistics().counted

const UDP4_COUNTS = {
  udp4_datagrams_received: 100,
  udp4_connects: 30,
  udp4_announces: 40,
  udp4_announces_answered: 39,
  udp4_scrapes: 20,
  udp4_replies_sent: 94,
  udp4_announce_errors: 2,
  udp4_scrape_errors: 1,
  udp4_other_errors: 1,
  udp_connects_timed: 8,
  udp_connect_nanoseconds: 4004,
}
const UDP6_COUNTS = {
  udp6_datagrams_received: 50,
  udp6_connects: 15,
  udp6_announces: 21,
  udp6_announces_answered: 20,
  udp6_scrapes: 10,
  udp6_replies_sent: 47,
  udp6_announce_errors: 3,
  udp6_scrape_errors: 0,
  udp6_other_errors: 0,
  udp_announces_timed: 12,
  udp_announce_nanoseconds: 14_400,
}
const HTTP_COUNTS = { http4_announces: 13, http6_announces: 3, http4_scrapes: 4 }
const HTTPS_COUNTS = { http6_scrapes: 2 }

const figures: ShownFigures = {
  ...new FixedStatistics().snapshot(),
  counters: {
    ...UDP4_COUNTS,
    ...UDP6_COUNTS,
    ...HTTP_COUNTS,
    ...HTTPS_COUNTS,
    udp_requests_banned: 5,
    udp_datagrams_too_short: 1,
    udp_datagrams_from_port_zero: 2,
    udp_datagrams_with_wrong_magic: 3,
    udp_datagrams_from_nowhere: 4,
    udp_connection_id_mismatches: 6,
    // One more listener, whose requests are not shown.
    udp_connects_timed: 10,
    udp_connect_nanoseconds: 5004,
    udp_scrapes_timed: 0,
    udp_scrape_nanoseconds: 0,
  },
  addressesWithIdErrors: 2,
  listeners: [
    aShownListener('udp://0.0.0.0:6969', UDP4_COUNTS),
    aShownListener('udp://[2001:db8::1]:6970', UDP6_COUNTS),
    aShownListener('http://[::]:7070', HTTP_COUNTS),
    aShownListener('https://192.0.2.1:443', HTTPS_COUNTS),
  ],
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
udp_requests_banned 5
udp_banned_ips_total 2
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
const UDP4 =
  'server_binding_address_ip_family="inet",server_binding_address_ip_type="plain",server_binding_ip="0.0.0.0",server_binding_port="6969",server_binding_protocol="udp"'
const UDP6 =
  'server_binding_address_ip_family="inet6",server_binding_address_ip_type="plain",server_binding_ip="2001:db8::1",server_binding_port="6970",server_binding_protocol="udp"'
const HTTP =
  'server_binding_address_ip_family="inet6",server_binding_address_ip_type="plain",server_binding_ip="::",server_binding_port="7070",server_binding_protocol="http"'
const HTTPS =
  'server_binding_address_ip_family="inet",server_binding_address_ip_type="plain",server_binding_ip="192.0.2.1",server_binding_port="443",server_binding_protocol="https"'
const INET = 'client_address_ip_family="inet",client_address_ip_type="plain"'
const INET6 = 'client_address_ip_family="inet6",client_address_ip_type="plain"'

/** One for each way of writing a sample that belongs to no listener. */
const SAMPLES = [
  'swarm_coordination_registry_torrents_removed_total 6',
  'swarm_coordination_registry_peers_added_total{peer_role="leecher"} 22',
  'swarm_coordination_registry_peers_removed_total{peer_role="seeder"} 16',
  'swarm_coordination_registry_peers_updated_total{peer_role="seeder"} 31',
  'swarm_coordination_registry_peers_inactive_total 2',
  'udp_tracker_server_requests_discarded_total 10',
  'udp_tracker_server_connection_id_errors_total 6',
  'udp_tracker_server_ips_banned_total 2',
]

const REQUESTS_OVER_UDP = [
  `{${INET},request_kind="announce",${UDP4}} 40`,
  `{${INET},request_kind="connect",${UDP4}} 30`,
  `{${INET},request_kind="scrape",${UDP4}} 20`,
  `{${INET6},request_kind="announce",${UDP6}} 21`,
  `{${INET6},request_kind="connect",${UDP6}} 15`,
  `{${INET6},request_kind="scrape",${UDP6}} 10`,
]
const ERRORS = [
  { labels: `${INET},`, end: `${UDP4}} 1` },
  { labels: `${INET},request_kind="announce",`, end: `${UDP4}} 2` },
  { labels: `${INET},request_kind="scrape",`, end: `${UDP4}} 1` },
  { labels: `${INET6},`, end: `${UDP6}} 0` },
  { labels: `${INET6},request_kind="announce",`, end: `${UDP6}} 3` },
  { labels: `${INET6},request_kind="scrape",`, end: `${UDP6}} 0` },
]
/** All samples of the metrics that belong to listeners. */
const OF_LISTENERS: Readonly<Record<string, readonly string[]>> = {
  http_tracker_core_requests_received_total: [
    `{${INET},request_kind="announce",${HTTP}} 13`,
    `{${INET6},request_kind="announce",${HTTP}} 3`,
    `{${INET},request_kind="scrape",${HTTP}} 4`,
    `{${INET6},request_kind="scrape",${HTTP}} 0`,
    `{${INET},request_kind="announce",${HTTPS}} 0`,
    `{${INET6},request_kind="announce",${HTTPS}} 0`,
    `{${INET},request_kind="scrape",${HTTPS}} 0`,
    `{${INET6},request_kind="scrape",${HTTPS}} 2`,
  ],
  udp_tracker_core_requests_received_total: REQUESTS_OVER_UDP,
  udp_tracker_server_requests_aborted_total: [`{${INET},${UDP4}} 0`, `{${INET6},${UDP6}} 0`],
  udp_tracker_server_requests_banned_total: [`{${INET},${UDP4}} 0`, `{${INET6},${UDP6}} 0`],
  udp_tracker_server_requests_received_total: [`{${INET},${UDP4}} 100`, `{${INET6},${UDP6}} 50`],
  udp_tracker_server_requests_accepted_total: REQUESTS_OVER_UDP,
  udp_tracker_server_responses_sent_total: [
    ...ERRORS.map(({ labels, end }) => `{${labels}result="error",${end}`),
    `{${INET},request_kind="announce",result="ok",${UDP4}} 39`,
    `{${INET},request_kind="connect",result="ok",${UDP4}} 30`,
    `{${INET},request_kind="scrape",result="ok",${UDP4}} 20`,
    `{${INET6},request_kind="announce",result="ok",${UDP6}} 20`,
    `{${INET6},request_kind="connect",result="ok",${UDP6}} 15`,
    `{${INET6},request_kind="scrape",result="ok",${UDP6}} 10`,
  ],
  udp_tracker_server_errors_total: ERRORS.map(({ labels, end }) => `{${labels}${end}`),
  udp_tracker_server_performance_avg_processed_requests_total: [
    `{${INET},request_kind="announce",${UDP4}} 0`,
    `{${INET},request_kind="connect",${UDP4}} 8`,
    `{${INET},request_kind="scrape",${UDP4}} 0`,
    `{${INET6},request_kind="announce",${UDP6}} 12`,
    `{${INET6},request_kind="connect",${UDP6}} 0`,
    `{${INET6},request_kind="scrape",${UDP6}} 0`,
  ],
  // Only of what has been timed.
  udp_tracker_server_performance_avg_processing_time_ns: [
    `{${INET},request_kind="connect",${UDP4}} 501`,
    `{${INET6},request_kind="announce",${UDP6}} 1200`,
  ],
}

function samplesIn(shown: ShownFigures, name: string): string[] {
  const lines = writeMetricsText(shown, census).split('\n')
  return lines.filter((line) => line.startsWith(`${name}{`)).map((line) => line.slice(name.length))
}

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

  it.each(Object.entries(OF_LISTENERS))('show %s by listener', (name, samples) => {
    expect(samplesIn(figures, name)).toEqual(samples)
  })

  it('name the family that a client is counted under, also on a UDP listener of the other one', () => {
    const listeners = [aShownListener('udp://[::]:6969', { udp4_datagrams_received: 7, udp6_datagrams_received: 5 })]
    const samples = samplesIn({ ...figures, listeners }, 'udp_tracker_server_requests_received_total')
    expect(samples.map((sample) => sample.replace(/,.* /, ' '))).toEqual([
      '{client_address_ip_family="inet" 7',
      '{client_address_ip_family="inet6" 5',
    ])
  })

  it('tell a listener on a mapped address from one on a plain one', () => {
    const typesOf = (url: string): string[] => {
      const shown = { ...figures, listeners: [aShownListener(url)] }
      const [sample] = samplesIn(shown, 'udp_tracker_server_requests_aborted_total')
      return [...sample.matchAll(/server_binding_address_ip_(?:family|type)="(\w+)"/g)].map(([, value]) => value)
    }
    expect(typesOf('udp://[::ffff:192.0.2.1]:6969')).toEqual(['inet6', 'v4_mapped_v6'])
    expect(typesOf('udp://[::fffe:192.0.2.1]:6969')).toEqual(['inet6', 'plain'])
    expect(typesOf('udp://192.0.2.1:6969')).toEqual(['inet', 'plain'])
  })

  it('name the URL that clients know a listener by, if there is one', () => {
    const [plain, known] = ['udp://192.0.2.1:6969', 'udp://192.0.2.1:6970'].map((url) => aShownListener(url))
    const listeners = [plain, { ...known, publicUrl: 'udp://a.example:6969' }]
    const shown = { ...figures, listeners }
    const [without, labelled] = samplesIn(shown, 'udp_tracker_server_requests_accepted_total')
      .filter((sample) => sample.includes('request_kind="connect"'))
      .map((sample) => sample.replace(/,server_binding.* /, ' '))
    expect(without).toBe(`{${INET},request_kind="connect" 0`)
    expect(labelled).toBe(`{${INET},public_url="udp://a.example:6969",request_kind="connect" 0`)
    expect(writeMetricsJson(shown, census, 1_743_552_000)).toContain(
      '{"name":"public_url","value":"udp://a.example:6969"}',
    )
  })

  it('are JSON with a time for each sample', () => {
    const text = writeMetricsJson(figures, census, 1_743_552_000)
    expect(text).toContain(
      '{"type":"counter","name":"http_tracker_core_requests_received_total","unit":"count","description":"Requests over HTTP.","samples":[' +
        '{"value":13,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[{"name":"client_address_ip_family","value":"inet"},{"name":"client_address_ip_type","value":"plain"},{"name":"request_kind","value":"announce"},',
    )
    expect(text).toContain('"samples":[{"value":3.0,"recorded_at":"2025-04-02T00:00:00+00:00","labels":[]}]')
    expect(JSON.parse(text).metrics).toHaveLength(COUNTERS.length + GAUGES.length)
  })

  it('omit metrics without samples', () => {
    expect(writeMetricsText(unpersisted, census)).not.toContain('tracker_core_persisted')
    expect(writeMetricsJson(unpersisted, census, 0)).not.toContain('tracker_core_persisted')
    expect(writeMetricsText({ ...figures, listeners: [] }, census)).not.toMatch(/core_requests|server_binding/)
  })
})

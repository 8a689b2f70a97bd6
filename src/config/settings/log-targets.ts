// The parts of the tracker that log lines are from, and what Torrust's documents call them in `trace_filter`: its own
// targets, and the paths of its modules and crates over the years.

export const TORRUST_TARGETS = {
  CORE: [
    'torrust_tracker::app',
    'torrust_tracker::bootstrap',
    'torrust_tracker::console',
    'torrust_tracker::core',
    'torrust_tracker_lib',
    'torrust_tracker_core',
    'torrust_tracker_swarm_coordination_registry',
    'torrust_tracker_torrent_repository',
    'bittorrent_tracker_core',
  ],
  CONFIG: ['torrust_tracker_configuration'],
  DATABASE: ['torrust_tracker::core::databases', 'bittorrent_tracker_core::databases', 'sqlx', 'r2d2'],
  'UDP TRACKER': [
    'torrust_tracker::servers::udp',
    'torrust_udp_tracker_server',
    'torrust_tracker_udp_server',
    'torrust_tracker_udp_core',
    'bittorrent_udp_tracker_core',
  ],
  'HTTP TRACKER': [
    'torrust_tracker::servers::http',
    'torrust_axum_http_tracker_server',
    'torrust_tracker_axum_http_server',
    'torrust_tracker_http_core',
    'bittorrent_http_tracker_core',
  ],
  API: [
    'torrust_tracker::servers::apis',
    'torrust_axum_rest_tracker_api_server',
    'torrust_tracker_axum_rest_api_server',
    'torrust_rest_tracker_api_core',
  ],
  'HEALTH CHECK API': [
    'torrust_tracker::servers::health_check_api',
    'torrust_axum_health_check_api_server',
    'torrust_tracker_axum_health_check_api_server',
  ],
  TIMETABLE: [],
  SNAPSHOT: [],
  EVENTS: ['torrust_tracker_events'],
  'CLIENT TRACE': [],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The part of the tracker that a line is from. */
export type LogTarget = keyof typeof TORRUST_TARGETS

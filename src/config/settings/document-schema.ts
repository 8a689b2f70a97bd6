// The document, table by table: Torrust's schema 3.0.0, with what is ours marked "ours". Nothing has a default here:
// whether an option was given matters to what comes after.

import * as v from 'valibot'
import { MAX_BUDGET_BYTES, MAX_PEERS_IN_LIST, MIN_BUDGET_BYTES } from '../../domain/swarm/layout.ts'
import {
  bindAddress,
  duration,
  externalIp,
  fraction,
  listOf,
  network,
  oneOf,
  origin,
  ports,
  publicUrl,
  size,
  table,
  text,
  threads,
  traceFilter,
  truth,
  whole,
} from './schema-words.ts'
import { isTable } from './tree.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** The longest interval: whoever comes back more rarely has an empty or outdated list of peers in between. */
const DAY_SECONDS = 86_400
const INT32_MAX = 2_147_483_647
const UINT32_MAX = 4_294_967_295
/** Of the lists in memory. */
const MOST_ENTRIES = 50_000_000

const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(schema)

const tls = table({
  ssl_cert_path: v.string('must be the path of a PEM file'),
  ssl_key_path: v.string('must be the path of a PEM file'),
})

const udpTracker = table({
  bind_address: maybe(bindAddress),
  cookie_lifetime: maybe(duration),
  public_url: maybe(publicUrl('udp')),
  tracker_usage_statistics: maybe(truth),
  network: maybe(table({ external_ip: maybe(externalIp), ipv6_v6only: maybe(truth) })),
})

const httpTracker = table({
  bind_address: maybe(bindAddress),
  tls_config: maybe(tls),
  public_url: maybe(publicUrl('http', 'https')),
  tracker_usage_statistics: maybe(truth),
  use_ip_from_query_string: maybe(truth),
  network: maybe(
    table({
      external_ip: maybe(externalIp),
      ipv6_v6only: maybe(truth),
      on_reverse_proxy: maybe(truth),
      /** Ours. */
      trusted_proxies: maybe(listOf(network)),
    }),
  ),
})

const core = table({
  listed: maybe(truth),
  private: maybe(truth),
  private_mode: maybe(table({ check_keys_expiration: maybe(truth) })),
  inactive_peer_cleanup_interval: maybe(whole(0, INT32_MAX, 'seconds')),
  tracker_usage_statistics: maybe(truth),
  announce_policy: maybe(
    table({
      interval: maybe(whole(1, DAY_SECONDS, 'seconds')),
      interval_min: maybe(whole(1, DAY_SECONDS, 'seconds')),
      max_peers_per_announce: maybe(whole(0, UINT32_MAX)),
      /** The rest is ours. */
      default_peers_per_announce: maybe(whole(0, 1000)),
      jitter: maybe(fraction),
      external_ip_in_reply: maybe(truth),
    }),
  ),
  tracker_policy: maybe(
    table({
      max_peer_timeout: maybe(whole(1, INT32_MAX, 'seconds')),
      persistent_torrent_completed_stat: maybe(truth),
      remove_peerless_torrents: maybe(truth),
      /** The rest is ours. */
      allow_private_peers: maybe(oneOf('scope', 'all', 'none')),
      denied_ports: maybe(listOf(ports)),
      completed_write_interval: maybe(whole(1, 3600, 'seconds')),
    }),
  ),
  database: maybe(
    table({
      driver: maybe(oneOf('sqlite3', 'mysql', 'postgresql')),
      path: maybe(text('must be the path of a file')),
      host: maybe(text('must be the name or address of a host')),
      port: maybe(whole(1, 65_535)),
      user: maybe(text('must be the name of a user')),
      password: maybe(v.string('must be text')),
      database: maybe(text('must be the name of a database')),
      /** The rest is ours. */
      url: maybe(text('must be a URL')),
      password_file: maybe(text('must be the path of a file')),
      tls: maybe(oneOf('off', 'require', 'verify')),
      tls_ca_file: maybe(text('must be the path of a PEM file')),
      pool_size: maybe(whole(1, 100)),
    }),
  ),
})

const ranges = v.pipe(
  v.custom<Record<string, string[]>>(isTable, 'must be a table of names and lists of networks'),
  v.record(v.string(), listOf(network)),
)

const tokens = v.record(v.string(), text('must be text, and not empty'), 'must be a table of labels and tokens')

export const documentSchema = table({
  metadata: table({
    app: maybe(oneOf('torrust-tracker', 'muster')),
    purpose: maybe(oneOf('configuration')),
    schema_version: oneOf('2.0.0', '3.0.0'),
  }),
  logging: table({
    trace_filter: traceFilter,
    trace_style: maybe(oneOf('full', 'pretty', 'compact', 'json')),
  }),
  core,
  udp_tracker_server: maybe(
    table({
      connection_id_validation: maybe(oneOf('strict', 'disabled')),
      ip_bans_reset_interval_in_secs: maybe(
        v.pipe(
          whole(0, UINT32_MAX, 'seconds'),
          v.minValue(3600, 'The IP bans reset interval must be at least 3600 seconds.'),
        ),
      ),
      max_connection_id_errors_per_ip: maybe(whole(0, UINT32_MAX)),
      /** The rest is ours. */
      connection_id_max_age: maybe(whole(120, 7200, 'seconds')),
      connection_id_key_file: maybe(text('must be the path of a file')),
      answer_bad_connection_ids: maybe(truth),
      driver: maybe(oneOf('auto', 'batched', 'dgram')),
      receive_buffer: maybe(size(64 * KIB, 1024 * MIB)),
    }),
  ),
  udp_trackers: maybe(listOf(udpTracker)),
  /** Ours: what one HTTP connection may cost. */
  http_tracker_server: maybe(
    table({
      max_header_size: maybe(size(6 * KIB, 16 * KIB)),
      headers_timeout: maybe(whole(1, 600, 'seconds')),
      request_timeout: maybe(whole(1, 600, 'seconds')),
      keep_alive_timeout: maybe(whole(1, 3600, 'seconds')),
      write_timeout: maybe(whole(1, 600, 'seconds')),
      connection_check_interval: maybe(whole(1, 60, 'seconds')),
      max_requests_per_connection: maybe(whole(1, INT32_MAX)),
      max_connections: maybe(whole(1, 1_000_000)),
      max_connections_per_address: maybe(whole(1, 1_000_000)),
    }),
  ),
  http_trackers: maybe(listOf(httpTracker)),
  http_api: maybe(
    table({
      bind_address: maybe(bindAddress),
      tls_config: maybe(tls),
      public_url: maybe(publicUrl('http', 'https')),
      access_tokens: maybe(tokens),
      /** The rest is ours. */
      read_tokens: maybe(tokens),
      token_file: maybe(text('must be the path of a file')),
      allow_weak_tokens: maybe(truth),
      allowed_origins: maybe(listOf(origin)),
    }),
  ),
  health_check_api: maybe(table({ bind_address: maybe(bindAddress) })),
  /** Ours, to the end. */
  memory: maybe(table({ swarm_budget: maybe(size(MIN_BUDGET_BYTES, MAX_BUDGET_BYTES)) })),
  threads: maybe(table({ udp: maybe(threads), http: maybe(threads) })),
  limits: maybe(
    table({
      max_peers_per_torrent: maybe(whole(1, MAX_PEERS_IN_LIST)),
      max_listed_torrents: maybe(whole(1, MOST_ENTRIES)),
      max_keys: maybe(whole(1, MOST_ENTRIES)),
    }),
  ),
  network: maybe(table({ ranges: maybe(ranges) })),
  snapshot: maybe(
    table({
      enabled: maybe(truth),
      file: maybe(text('must be the path of a file')),
      interval: maybe(whole(0, DAY_SECONDS, 'seconds')),
    }),
  ),
  process: maybe(
    table({ shutdown_deadline: maybe(whole(0, 600, 'seconds')), data_directory: maybe(text('must be a directory')) }),
  ),
})

export type SettingsDocument = v.InferOutput<typeof documentSchema>

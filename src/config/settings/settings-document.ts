// The settings as a document of schema 3.0.0: what `muster config print` shows. Loading it again gives the same settings,
// so it is also how a document of schema 2.0.0 is brought up to date.

import { writeAddress } from './build-listeners.ts'
import { MASK } from './mask.ts'
import type {
  ApiTokenSettings,
  DatabaseSettings,
  HttpApiSettings,
  HttpListenerSettings,
  Settings,
  TlsSettings,
  UdpListenerSettings,
  UdpSettings,
} from './settings.ts'
import { writeSize } from './sizes.ts'
import { isTable, type Table } from './tree.ts'

/** Leaves out what was not given, and tables in which nothing is left. */
const given = (options: Table): Table =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([, value]) => value !== undefined && !(isTable(value) && Object.keys(value).length === 0),
    ),
  )

const tlsTable = (tls: TlsSettings | undefined): Table | undefined =>
  tls && { ssl_cert_path: tls.certPath, ssl_key_path: tls.keyPath }

const databaseTable = (database: DatabaseSettings | undefined): Table | undefined => {
  if (database === undefined || database.driver === 'sqlite3') return database && { ...database }
  const { tls, poolSize, ...server } = database
  return given({ ...server, password: MASK, tls: tls.mode, tls_ca_file: tls.caFile, pool_size: poolSize })
}

const udpTracker = (listener: UdpListenerSettings): Table =>
  given({
    bind_address: writeAddress(listener),
    public_url: listener.publicUrl,
    tracker_usage_statistics: listener.usageStatistics,
    network: given({ external_ip: listener.externalIp, ipv6_v6only: listener.ipv6Only }),
  })

const httpTracker = (listener: HttpListenerSettings): Table =>
  given({
    ...udpTracker(listener),
    use_ip_from_query_string: listener.useIpFromQueryString,
    network: given({
      external_ip: listener.externalIp,
      ipv6_v6only: listener.ipv6Only,
      on_reverse_proxy: listener.onReverseProxy,
      trusted_proxies: listener.onReverseProxy ? listener.trustedProxies : undefined,
    }),
    tls_config: tlsTable(listener.tls),
  })

const udpServer = (udp: UdpSettings): Table =>
  given({
    connection_id_validation: udp.connectionIdValidation,
    connection_id_max_age: udp.connectionIdMaxAgeSeconds,
    connection_id_key_file: udp.connectionIdKeyFile,
    answer_bad_connection_ids: udp.answersBadIds,
    driver: udp.driver,
    receive_buffer: writeSize(udp.receiveBufferBytes),
    ip_bans_reset_interval_in_secs: udp.bans?.resetIntervalSeconds,
    max_connection_id_errors_per_ip: udp.bans?.maxConnectionIdErrorsPerIp,
  })

const tokenTable = (tokens: readonly ApiTokenSettings[], scope: ApiTokenSettings['scope']): Table =>
  Object.fromEntries(tokens.filter((token) => token.scope === scope).map(({ label }) => [label, MASK]))

const httpApi = (api: HttpApiSettings | undefined): Table | undefined =>
  api &&
  given({
    bind_address: writeAddress(api),
    public_url: api.publicUrl,
    tls_config: tlsTable(api.tls),
    token_file: api.tokenFile,
    allow_weak_tokens: api.allowWeakTokens,
    allowed_origins: api.allowedOrigins,
    access_tokens: tokenTable(api.tokens, 'manage'),
    read_tokens: tokenTable(api.tokens, 'read'),
  })

const core = ({ access, announce, peers, database, usageStatistics }: Settings): Table =>
  given({
    listed: access.isListed,
    private: access.isPrivate,
    inactive_peer_cleanup_interval: peers.cleanupIntervalSeconds,
    tracker_usage_statistics: usageStatistics,
    private_mode: access.isPrivate ? { check_keys_expiration: access.checkKeysExpiration } : undefined,
    announce_policy: {
      interval: announce.intervalSeconds,
      interval_min: announce.minIntervalSeconds,
      jitter: announce.jitter,
      max_peers_per_announce: announce.maxPeersPerAnnounce,
      default_peers_per_announce: announce.defaultPeersPerAnnounce,
      external_ip_in_reply: announce.externalIpInReply,
    },
    tracker_policy: {
      max_peer_timeout: peers.timeoutSeconds,
      remove_peerless_torrents: peers.removePeerlessTorrents,
      persistent_torrent_completed_stat: peers.keepCompletedCounts,
      completed_write_interval: peers.completedWriteIntervalSeconds,
      allow_private_peers: peers.allowPrivatePeers,
      denied_ports: peers.deniedPorts.map(({ first, last }) => (first === last ? first : `${first}-${last}`)),
    },
    database: databaseTable(database),
  })

/** Secrets are masked. */
export const settingsDocument = (settings: Settings): Table =>
  given({
    metadata: { app: 'muster', purpose: 'configuration', schema_version: '3.0.0' },
    logging: given({ trace_filter: settings.logging.level, trace_style: settings.logging.style }),
    core: core(settings),
    udp_tracker_server: udpServer(settings.udp),
    udp_trackers: settings.udpListeners.map(udpTracker),
    http_tracker_server: {
      max_header_size: writeSize(settings.http.maxHeaderBytes),
      headers_timeout: settings.http.headersTimeoutSeconds,
      request_timeout: settings.http.requestTimeoutSeconds,
      keep_alive_timeout: settings.http.keepAliveTimeoutSeconds,
      write_timeout: settings.http.writeTimeoutSeconds,
      connection_check_interval: settings.http.connectionCheckSeconds,
      max_requests_per_connection: settings.http.maxRequestsPerConnection,
      max_connections: settings.http.maxConnections,
      max_connections_per_address: settings.http.maxConnectionsPerAddress,
    },
    http_trackers: settings.httpListeners.map(httpTracker),
    http_api: httpApi(settings.httpApi),
    // Whoever is named is insisted on.
    health_check_api: settings.healthCheckApi.isNamed
      ? { bind_address: writeAddress(settings.healthCheckApi) }
      : undefined,
    memory: { swarm_budget: writeSize(settings.memory.swarmBudgetBytes) },
    threads: { ...settings.threads },
    limits: {
      max_peers_per_torrent: settings.limits.maxPeersPerTorrent,
      max_listed_torrents: settings.limits.maxListedTorrents,
      max_keys: settings.limits.maxKeys,
    },
    network: given({ ranges: settings.network.ranges }),
    snapshot: {
      enabled: settings.snapshot.isEnabled,
      file: settings.snapshot.file,
      interval: settings.snapshot.intervalSeconds,
    },
    process: {
      shutdown_deadline: settings.process.shutdownDeadlineSeconds,
      data_directory: settings.process.dataDirectory,
    },
  })

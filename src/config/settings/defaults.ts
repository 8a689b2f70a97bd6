// The values that hold when nobody says anything, in one place. Listeners are not among them: a document without
// `[[udp_trackers]]` asks for no UDP, and only a start without any document gets the four of default-document.ts.

import type { PortRange } from './settings.ts'

const MIB = 1024 * 1024

/**
 * Ports of services that must never be named to a crowd as a peer (protocol rule SEC-15): the privileged ones except
 * HTTP's, and databases, remote desktops, chats and caches above.
 */
const DENIED_PORTS: readonly PortRange[] = [
  { first: 2, last: 79 },
  { first: 81, last: 442 },
  { first: 444, last: 1023 },
  ...[1433, 1521, 2049, 3306, 3389, 5060, 5432, 5900, 6379, 6667, 9200, 11211, 27017].map((port) => ({
    first: port,
    last: port,
  })),
]

/** Who may set X-Forwarded-For when a document says "behind a proxy" and not behind which: this machine and private networks. */
const NEARBY_PROXIES: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]

export const DEFAULTS = {
  announce: {
    intervalSeconds: 1800,
    jitter: 0.2,
    maxPeersPerAnnounce: 200,
    defaultPeersPerAnnounce: 50,
    externalIpInReply: true,
  },
  peers: {
    /** Added to the longest interval: a peer is not lost because one announce of it was. */
    graceSeconds: 600,
    cleanupIntervalSeconds: 120,
    removePeerlessTorrents: true,
    keepCompletedCounts: false,
    completedWriteIntervalSeconds: 5,
    allowPrivatePeers: 'scope',
    deniedPorts: DENIED_PORTS,
  },
  checkKeysExpiration: true,
  usageStatistics: true,
  listenerUsageStatistics: false,
  udpPort: 6969,
  httpPort: 7070,
  trustedProxies: NEARBY_PROXIES,
  udp: {
    connectionIdMaxAgeSeconds: 3600,
    connectionIdValidation: 'strict',
    answersBadIds: true,
    driver: 'auto',
    receiveBufferBytes: 8 * MIB,
    connectionIdKeyFile: 'connection-id.key',
    bans: { resetIntervalSeconds: 86_400, maxConnectionIdErrorsPerIp: 10 },
  },
  http: {
    maxHeaderBytes: 8192,
    headersTimeoutSeconds: 10,
    requestTimeoutSeconds: 15,
    keepAliveTimeoutSeconds: 5,
    writeTimeoutSeconds: 30,
    connectionCheckSeconds: 2,
    maxRequestsPerConnection: 1000,
    maxConnections: 10_000,
    maxConnectionsPerAddress: 100,
  },
  httpApi: { host: '127.0.0.1', port: 1212 },
  /** In the data directory. */
  apiTokenFile: 'api-token',
  allowWeakTokens: false,
  healthCheckApi: { host: '127.0.0.1', port: 1313 },
  /** In the data directory: with its default that is where Torrust has it. */
  databaseFile: 'database/sqlite3.db',
  databasePorts: { mysql: 3306, postgresql: 5432 },
  databaseTls: 'off',
  databasePoolSize: 10,
  memory: { swarmBudgetBytes: 1024 * MIB },
  threads: { udp: 'auto', http: 'auto' },
  limits: { maxPeersPerTorrent: 20_000, maxListedTorrents: 4_000_000, maxKeys: 1_000_000 },
  process: { shutdownDeadlineSeconds: 10, dataDirectory: './storage/tracker/lib' },
} as const

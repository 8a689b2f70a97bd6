// From a valid document to the settings: defaults fill the gaps, and what no schema can see is checked here.

import { buildAnnounce, buildPeers } from './build-announce.ts'
import { buildDatabase } from './build-database.ts'
import { buildHttpApi } from './build-http-api.ts'
import { buildHttpListeners, buildUdpListeners } from './build-listeners.ts'
import { buildNetwork } from './build-network.ts'
import { dataDirectory, inDataDirectory } from './data-directory.ts'
import { DEFAULTS } from './defaults.ts'
import type { SettingsDocument } from './document-schema.ts'
import type { Findings } from './problems.ts'
import type {
  AccessSettings,
  HttpSettings,
  MemorySettings,
  ProcessSettings,
  Settings,
  SnapshotSettings,
  UdpSettings,
} from './settings.ts'
import type { Surroundings } from './sources.ts'

/** Memory is handed out in pieces of this size. */
const BUDGET_STEP_BYTES = 64 * 1024
/** BEP 15 wants two minutes; beyond two hours an id is as good as a password. */
const AGE = { least: 120, most: 7200 } as const

const buildAccess = ({ core, udp_trackers: udp = [] }: SettingsDocument, findings: Findings): AccessSettings => {
  const isPrivate = core.private ?? false
  if (core.private_mode !== undefined && !isPrivate) {
    findings.problem(
      ['core', 'private_mode'],
      'Configuration error: Private mode section in configuration can only be included when the tracker is running in private mode.',
      'key',
    )
  }
  if (isPrivate && udp.length > 0) {
    findings.warning(
      ['core', 'private'],
      'clients that send no key over UDP (BEP 41), such as Transmission, rTorrent and aria2, are refused there; they need HTTP',
    )
  }
  const checkKeysExpiration = core.private_mode?.check_keys_expiration ?? DEFAULTS.checkKeysExpiration
  return { isListed: core.listed ?? false, isPrivate, checkKeysExpiration }
}

/** Torrust gives each listener a lifetime; all of ours share one, so the longest wins, brought into range. */
const buildMaxAge = (document: SettingsDocument, findings: Findings): number => {
  const own = document.udp_tracker_server?.connection_id_max_age
  const lifetimes = (document.udp_trackers ?? []).map((tracker) => tracker.cookie_lifetime ?? 0)
  const longest = Math.max(0, ...lifetimes)
  if (own !== undefined) return own
  if (lifetimes.every((lifetime) => lifetime === 0)) return DEFAULTS.udp.connectionIdMaxAgeSeconds
  const age = Math.min(AGE.most, Math.max(AGE.least, longest))
  for (const [index, lifetime] of lifetimes.entries()) {
    if (lifetime === 0 || lifetime === age) continue
    findings.warning(
      ['udp_trackers', index, 'cookie_lifetime'],
      `${lifetime} s was asked for; connection ids of all listeners are valid for ${age} s (${AGE.least} to ${AGE.most} are possible)`,
    )
  }
  return age
}

const buildUdp = (document: SettingsDocument, findings: Findings): UdpSettings => {
  const server = document.udp_tracker_server ?? {}
  const resets = server.ip_bans_reset_interval_in_secs
  const errors = server.max_connection_id_errors_per_ip
  if (server.connection_id_validation === 'disabled') {
    findings.warning(
      ['udp_tracker_server', 'connection_id_validation'],
      'any source address is believed: others can be listed as peers, and replies sent to them',
    )
  }
  return {
    connectionIdMaxAgeSeconds: buildMaxAge(document, findings),
    connectionIdValidation: server.connection_id_validation ?? DEFAULTS.udp.connectionIdValidation,
    answersBadIds: server.answer_bad_connection_ids ?? DEFAULTS.udp.answersBadIds,
    driver: server.driver ?? DEFAULTS.udp.driver,
    receiveBufferBytes: server.receive_buffer ?? DEFAULTS.udp.receiveBufferBytes,
    connectionIdKeyFile: server.connection_id_key_file ?? inDataDirectory(document, DEFAULTS.udp.connectionIdKeyFile),
    bans:
      resets === undefined && errors === undefined
        ? undefined
        : {
            resetIntervalSeconds: resets ?? DEFAULTS.udp.bans.resetIntervalSeconds,
            maxConnectionIdErrorsPerIp: errors ?? DEFAULTS.udp.bans.maxConnectionIdErrorsPerIp,
          },
  }
}

const buildHttp = (document: SettingsDocument): HttpSettings => {
  const server = document.http_tracker_server ?? {}
  const otherwise = DEFAULTS.http
  return {
    maxHeaderBytes: server.max_header_size ?? otherwise.maxHeaderBytes,
    headersTimeoutSeconds: server.headers_timeout ?? otherwise.headersTimeoutSeconds,
    requestTimeoutSeconds: server.request_timeout ?? otherwise.requestTimeoutSeconds,
    keepAliveTimeoutSeconds: server.keep_alive_timeout ?? otherwise.keepAliveTimeoutSeconds,
    writeTimeoutSeconds: server.write_timeout ?? otherwise.writeTimeoutSeconds,
    connectionCheckSeconds: server.connection_check_interval ?? otherwise.connectionCheckSeconds,
    maxRequestsPerConnection: server.max_requests_per_connection ?? otherwise.maxRequestsPerConnection,
    maxConnections: server.max_connections ?? otherwise.maxConnections,
    maxConnectionsPerAddress: server.max_connections_per_address ?? otherwise.maxConnectionsPerAddress,
  }
}

const buildMemory = (document: SettingsDocument): MemorySettings => {
  const bytes = document.memory?.swarm_budget ?? DEFAULTS.memory.swarmBudgetBytes
  return { swarmBudgetBytes: bytes - (bytes % BUDGET_STEP_BYTES) }
}

const buildSnapshot = (document: SettingsDocument): SnapshotSettings => {
  const { enabled, file, interval } = document.snapshot ?? {}
  return {
    isEnabled: enabled ?? DEFAULTS.snapshot.isEnabled,
    file: file ?? inDataDirectory(document, DEFAULTS.snapshot.file),
    intervalSeconds: interval ?? DEFAULTS.snapshot.intervalSeconds,
  }
}

const buildProcess = (document: SettingsDocument): ProcessSettings => ({
  shutdownDeadlineSeconds: document.process?.shutdown_deadline ?? DEFAULTS.process.shutdownDeadlineSeconds,
  dataDirectory: dataDirectory(document),
})

export const buildSettings = (
  document: SettingsDocument,
  readFile: Surroundings['readFile'],
  findings: Findings,
): Settings => {
  const { core } = document
  const announce = buildAnnounce(core, findings)
  const health = document.health_check_api
  return {
    schemaVersion: document.metadata.schema_version,
    logging: { level: document.logging.trace_filter, style: document.logging.trace_style },
    announce,
    peers: buildPeers(core, announce, findings),
    access: buildAccess(document, findings),
    database: buildDatabase(document, readFile, findings),
    usageStatistics: core.tracker_usage_statistics ?? DEFAULTS.usageStatistics,
    udpListeners: buildUdpListeners(document.udp_trackers ?? [], findings),
    udp: buildUdp(document, findings),
    httpListeners: buildHttpListeners(document.http_trackers ?? [], findings),
    http: buildHttp(document),
    httpApi: buildHttpApi(document, findings),
    // Torrust has it in any case.
    healthCheckApi: { ...(health?.bind_address ?? DEFAULTS.healthCheckApi), isNamed: health !== undefined },
    memory: buildMemory(document),
    threads: {
      udp: document.threads?.udp ?? DEFAULTS.threads.udp,
      http: document.threads?.http ?? DEFAULTS.threads.http,
    },
    limits: {
      maxPeersPerTorrent: document.limits?.max_peers_per_torrent ?? DEFAULTS.limits.maxPeersPerTorrent,
      maxListedTorrents: document.limits?.max_listed_torrents ?? DEFAULTS.limits.maxListedTorrents,
      maxKeys: document.limits?.max_keys ?? DEFAULTS.limits.maxKeys,
    },
    network: buildNetwork(document, findings),
    snapshot: buildSnapshot(document),
    process: buildProcess(document),
  }
}

// Builds the settings from a valid document: fills in defaults, and checks what a schema cannot.

import { buildAnnounce, buildPeers } from './build-announce.ts'
import { buildDatabase } from './build-database.ts'
import { buildHttpApi } from './build-http-api.ts'
import { buildHttpServer } from './build-http-server.ts'
import { buildLimits } from './build-limits.ts'
import { buildHttpListeners, buildUdpListeners, checkSocketFile } from './build-listeners.ts'
import { buildNetwork } from './build-network.ts'
import { dataDirectoryOf } from './data-directory.ts'
import type { SettingsDocument } from './document-schema.ts'
import { unknownTargets } from './log-filter.ts'
import { attackOptions } from './options/attack.ts'
import { memoryOptions, threadsOptions } from './options/capacity.ts'
import { accessOptions, privateModeOptions, statisticsOptions } from './options/core.ts'
import { healthCheckApiOptions } from './options/http-api.ts'
import { isGiven, membersOf, membersWithFiles } from './options/members.ts'
import { loggingOptions, metadataOptions } from './options/metadata.ts'
import { processOptions, snapshotOptions } from './options/process.ts'
import { udpBansOptions, udpServerOptions } from './options/udp-server.ts'
import type { DocumentIssues } from './problems.ts'
import type { AccessSettings, HealthCheckSettings, LoggingSettings, Settings, UdpSettings } from './settings.ts'
import type { SettingsEnvironment } from './sources.ts'

function buildAccess({ core, udp_trackers: udp = [] }: SettingsDocument, issues: DocumentIssues): AccessSettings {
  if (core.private_mode !== undefined && !core.private) {
    issues.problem(
      ['core', 'private_mode'],
      'Configuration error: Private mode section in configuration can only be included when the tracker is running in private mode.',
      'key',
    )
  }
  if (core.private && udp.length > 0) {
    issues.warning(
      ['core', 'private'],
      'clients that send no key over UDP (BEP 41), such as Transmission, rTorrent and aria2, are rejected there; they need HTTP',
    )
  }
  return { ...membersOf(accessOptions, core), ...membersOf(privateModeOptions, core.private_mode) }
}

function buildUdp(document: SettingsDocument, issues: DocumentIssues): UdpSettings {
  const table = document.udp_tracker_server
  const server = membersWithFiles(udpServerOptions, table, dataDirectoryOf(document))
  if (server.connectionIdValidation === 'disabled') {
    issues.warning(
      ['udp_tracker_server', 'connection_id_validation'],
      'source addresses are not verified: clients can list others as peers, and have replies sent to them',
    )
  }
  const bans = isGiven(udpBansOptions, table) ? membersOf(udpBansOptions, table) : undefined
  if (bans !== undefined && server.connectionIdValidation === 'strict') {
    issues.warning(
      ['udp_tracker_server'],
      'addresses are banned for bad connection ids: anyone who forges the address of a client can have it banned',
    )
  }
  return { ...server, bans }
}

/** Torrust's targets of libraries that are not used here are harmless. */
function buildLogging({ logging }: SettingsDocument, issues: DocumentIssues): LoggingSettings {
  const members = membersOf(loggingOptions, logging)
  for (const target of unknownTargets(members.filter)) {
    issues.warning(['logging', 'trace_filter'], `no log line has a target that begins with "${target}"`)
  }
  return members
}

function buildHealthCheckApi(
  { health_check_api: table }: SettingsDocument,
  issues: DocumentIssues,
): HealthCheckSettings {
  const { bindAddress, ...members } = membersOf(healthCheckApiOptions, table)
  checkSocketFile(bindAddress, { tls: undefined, file: members }, ['health_check_api'], issues)
  return { ...bindAddress, ...members, isConfigured: table !== undefined }
}

export function buildSettings(
  document: SettingsDocument,
  readFile: SettingsEnvironment['readFile'],
  issues: DocumentIssues,
): Settings {
  const { core } = document
  const announce = buildAnnounce(core, issues)
  const udp = buildUdp(document, issues)
  return {
    schemaVersion: membersOf(metadataOptions, document.metadata).schemaVersion,
    logging: buildLogging(document, issues),
    announce,
    peers: buildPeers(core, announce, issues),
    access: buildAccess(document, issues),
    database: buildDatabase(document, readFile, issues),
    ...membersOf(statisticsOptions, core),
    udpListeners: buildUdpListeners(document.udp_trackers ?? [], udp.connectionIdMaxAgeSeconds, issues),
    udp,
    httpListeners: buildHttpListeners(document.http_trackers ?? [], issues),
    http: buildHttpServer(document, issues),
    httpApi: buildHttpApi(document, issues),
    // Always present, as in Torrust.
    healthCheckApi: buildHealthCheckApi(document, issues),
    memory: membersOf(memoryOptions, document.memory),
    threads: membersOf(threadsOptions, document.threads),
    limits: buildLimits(document, issues),
    attack: membersOf(attackOptions, document.attack),
    network: buildNetwork(document, issues),
    snapshot: membersWithFiles(snapshotOptions, document.snapshot, dataDirectoryOf(document)),
    process: membersOf(processOptions, document.process),
  }
}

// The settings as a document of schema 3.0.0: what `muster config print` shows. Loading it gives the same settings
// again, so it also converts documents of schema 2.0.0. How an option is printed is in its row.

import { announcePolicyOptions } from './options/announce-policy.ts'
import { attackOptions } from './options/attack.ts'
import { limitsOptions, memoryOptions, threadsOptions } from './options/capacity.ts'
import { accessOptions, cleanupOptions, privateModeOptions, statisticsOptions } from './options/core.ts'
import {
  databaseFileOptions,
  databasePoolOptions,
  databaseServerOptions,
  databaseTlsOptions,
} from './options/database.ts'
import {
  healthCheckApiOptions,
  httpApiAccessOptions,
  httpApiOptions,
  httpApiTokenFileOptions,
  httpApiTokensOptions,
} from './options/http-api.ts'
import { httpServerOptions } from './options/http-server.ts'
import { httpNetworkOptions, httpProxiesOptions, httpTrackerOptions } from './options/http-tracker.ts'
import { tlsOptions } from './options/listener.ts'
import { printMembers, withoutEmpty } from './options/members.ts'
import { loggingOptions } from './options/metadata.ts'
import { networkOptions } from './options/network.ts'
import { processOptions, snapshotOptions } from './options/process.ts'
import { trackerPolicyOptions } from './options/tracker-policy.ts'
import { udpBansOptions, udpServerOptions } from './options/udp-server.ts'
import { udpNetworkOptions, udpTrackerOptions } from './options/udp-tracker.ts'
import type {
  ApiTokenSettings,
  DatabaseSettings,
  HttpApiSettings,
  HttpListenerSettings,
  Settings,
  UdpListenerSettings,
} from './settings.ts'
import type { Table } from './tree.ts'

function printDatabase(database: DatabaseSettings): Table {
  const { driver } = database
  if (driver === 'sqlite3') return { driver, ...printMembers(databaseFileOptions, database) }
  return {
    driver,
    ...printMembers(databaseServerOptions, database),
    ...printMembers(databaseTlsOptions, database.tls),
    ...printMembers(databasePoolOptions, database),
  }
}

function printUdpTracker(listener: UdpListenerSettings): Table {
  return {
    ...printMembers(udpTrackerOptions, { ...listener, bindAddress: listener }),
    network: printMembers(udpNetworkOptions, listener),
  }
}

function printHttpTracker(listener: HttpListenerSettings): Table {
  return withoutEmpty({
    ...printMembers(httpTrackerOptions, { ...listener, bindAddress: listener }),
    network: {
      ...printMembers(httpNetworkOptions, listener),
      ...((listener.onReverseProxy || listener.proxyProtocol) && printMembers(httpProxiesOptions, listener)),
    },
    tls_config: listener.tls && printMembers(tlsOptions, listener.tls),
  })
}

function byLabel(tokens: readonly ApiTokenSettings[], scope: ApiTokenSettings['scope']): Record<string, string> {
  return Object.fromEntries(tokens.filter((token) => token.scope === scope).map(({ label, token }) => [label, token]))
}

function printHttpApi(api: HttpApiSettings): Table {
  const { tokens, tokenFile } = api
  const byScope = { accessTokens: byLabel(tokens, 'manage'), readTokens: byLabel(tokens, 'read') }
  return withoutEmpty({
    ...printMembers(httpApiOptions, { ...api, bindAddress: api }),
    tls_config: api.tls && printMembers(tlsOptions, api.tls),
    ...(tokenFile !== undefined && printMembers(httpApiTokenFileOptions, { tokenFile })),
    ...printMembers(httpApiAccessOptions, api),
    ...printMembers(httpApiTokensOptions, byScope),
  })
}

function printCore(settings: Settings): Table {
  return withoutEmpty({
    ...printMembers(accessOptions, settings.access),
    ...printMembers(cleanupOptions, settings.peers),
    ...printMembers(statisticsOptions, settings),
    private_mode: settings.access.isPrivate ? printMembers(privateModeOptions, settings.access) : undefined,
    announce_policy: printMembers(announcePolicyOptions, settings.announce),
    tracker_policy: printMembers(trackerPolicyOptions, settings.peers),
    database: settings.database && printDatabase(settings.database),
  })
}

/** Secrets are masked. */
export function settingsDocument(settings: Settings): Table {
  return withoutEmpty({
    metadata: { app: 'muster', purpose: 'configuration', schema_version: '3.0.0' },
    logging: printMembers(loggingOptions, settings.logging),
    core: printCore(settings),
    udp_tracker_server: {
      ...printMembers(udpServerOptions, settings.udp),
      ...(settings.udp.bans && printMembers(udpBansOptions, settings.udp.bans)),
    },
    udp_trackers: settings.udpListeners.map(printUdpTracker),
    http_tracker_server: printMembers(httpServerOptions, settings.http),
    http_trackers: settings.httpListeners.map(printHttpTracker),
    http_api: settings.httpApi && printHttpApi(settings.httpApi),
    // Printed only if it was configured: its table makes an unavailable address an error.
    health_check_api: settings.healthCheckApi.isConfigured
      ? printMembers(healthCheckApiOptions, { ...settings.healthCheckApi, bindAddress: settings.healthCheckApi })
      : undefined,
    memory: printMembers(memoryOptions, settings.memory),
    threads: printMembers(threadsOptions, settings.threads),
    limits: printMembers(limitsOptions, settings.limits),
    attack: printMembers(attackOptions, settings.attack),
    network: printMembers(networkOptions, settings.network),
    snapshot: printMembers(snapshotOptions, settings.snapshot),
    process: printMembers(processOptions, settings.process),
  })
}

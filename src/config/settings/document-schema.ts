// The document's schema, table by table: Torrust's schema 3.0.0 with additional options and tables. Type and meaning of
// an option are in its row in options/; a new table gets a line here. The schema has no defaults: later steps need to
// know whether an option was given.

import * as v from 'valibot'
import { announcePolicyOptions } from './options/announce-policy.ts'
import { attackOptions } from './options/attack.ts'
import { limitsOptions, memoryOptions, threadsOptions } from './options/capacity.ts'
import { accessOptions, cleanupOptions, privateModeOptions, statisticsOptions } from './options/core.ts'
import {
  databaseDriverOptions,
  databaseFileOptions,
  databasePoolOptions,
  databaseServerOptions,
  databaseSourceOptions,
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
import { loggingOptions, metadataOptions } from './options/metadata.ts'
import { networkOptions } from './options/network.ts'
import { processOptions, snapshotOptions } from './options/process.ts'
import { entriesOf } from './options/schema-entries.ts'
import { trackerPolicyOptions } from './options/tracker-policy.ts'
import { udpBansOptions, udpServerOptions } from './options/udp-server.ts'
import { udpNetworkOptions, udpTrackerOptions } from './options/udp-tracker.ts'
import { listOf, table } from './schema-types.ts'

function optional<S extends v.GenericSchema>(schema: S) {
  return v.optional(schema)
}

const tlsConfig = optional(table(entriesOf(tlsOptions)))

const core = table({
  ...entriesOf(accessOptions),
  ...entriesOf(cleanupOptions),
  ...entriesOf(statisticsOptions),
  private_mode: optional(table(entriesOf(privateModeOptions))),
  announce_policy: optional(table(entriesOf(announcePolicyOptions))),
  tracker_policy: optional(table(entriesOf(trackerPolicyOptions))),
  database: optional(
    table({
      ...entriesOf(databaseDriverOptions),
      ...entriesOf(databaseFileOptions),
      ...entriesOf(databaseServerOptions),
      ...entriesOf(databaseSourceOptions),
      ...entriesOf(databaseTlsOptions),
      ...entriesOf(databasePoolOptions),
    }),
  ),
})

const oneUdpTracker = table({
  ...entriesOf(udpTrackerOptions),
  network: optional(table(entriesOf(udpNetworkOptions))),
})

const oneHttpTracker = table({
  ...entriesOf(httpTrackerOptions),
  network: optional(table({ ...entriesOf(httpNetworkOptions), ...entriesOf(httpProxiesOptions) })),
  tls_config: tlsConfig,
})

export const documentSchema = table({
  metadata: v.optional(table(entriesOf(metadataOptions)), {}),
  logging: v.optional(table(entriesOf(loggingOptions)), {}),
  core: v.optional(core, {}),
  udp_tracker_server: optional(table({ ...entriesOf(udpServerOptions), ...entriesOf(udpBansOptions) })),
  udp_trackers: optional(listOf(oneUdpTracker)),
  http_tracker_server: optional(table(entriesOf(httpServerOptions))),
  http_trackers: optional(listOf(oneHttpTracker)),
  http_api: optional(
    table({
      ...entriesOf(httpApiOptions),
      tls_config: tlsConfig,
      ...entriesOf(httpApiTokensOptions),
      ...entriesOf(httpApiTokenFileOptions),
      ...entriesOf(httpApiAccessOptions),
    }),
  ),
  health_check_api: optional(table(entriesOf(healthCheckApiOptions))),
  memory: optional(table(entriesOf(memoryOptions))),
  threads: optional(table(entriesOf(threadsOptions))),
  limits: optional(table(entriesOf(limitsOptions))),
  attack: optional(table(entriesOf(attackOptions))),
  network: optional(table(entriesOf(networkOptions))),
  snapshot: optional(table(entriesOf(snapshotOptions))),
  process: optional(table(entriesOf(processOptions))),
})

export type SettingsDocument = v.InferOutput<typeof documentSchema>

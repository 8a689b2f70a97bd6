// The management API: its tokens, its listener, and the log lines about both.

import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import { REST_LIMITS, type RestLimits } from '../../adapters/inbound/rest/rest-limits.ts'
import { openRestListener, type RestListener, type RestListenerEvent } from '../../adapters/inbound/rest/rest-server.ts'
import { clientName } from '../../adapters/protocol/rest/peer-client.ts'
import { BanAdmin } from '../../domain/ports/inbound/ban-admin.ts'
import { ClientTraces } from '../../domain/ports/inbound/client-traces.ts'
import { KeyAdmin } from '../../domain/ports/inbound/key-admin.ts'
import { Statistics } from '../../domain/ports/inbound/statistics.ts'
import { BlocklistAdmin, WhitelistAdmin } from '../../domain/ports/inbound/torrent-list-admin.ts'
import { TorrentQueries } from '../../domain/ports/inbound/torrent-queries.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { ListenerCounters } from '../../domain/ports/outbound/listener-counters.ts'
import { MeasurementReader, Measurements } from '../../domain/ports/outbound/measurements.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { Logger } from '../process/logger.ts'
import type { TrackerStatus } from '../process/tracker-status.ts'
import type { AccessSettings, ApiTokenSettings, HttpApiSettings, Settings } from '../settings/settings.ts'
import { claimPorts, listenerUrl, type PortClaim, startLines } from '../threads/listening.ts'
import { socketFileOf } from '../threads/socket-files.ts'
import type { Bindings } from '../wiring/bindings.ts'
import { IdErrorsPart } from '../wiring/parts.ts'
import { openApiToken } from './api-token.ts'

interface ManagementDependencies {
  readonly version: string
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly status: TrackerStatus
}

/** The port that the API needs. */
export function managementClaims(api: HttpApiSettings | undefined): readonly PortClaim[] {
  if (api === undefined) return []
  const { host, port, tls } = api
  const scheme = tls === undefined ? 'http' : 'https'
  return [{ scheme, address: { address: host, port }, ipv6Only: false }]
}

/**
 * Undefined if it is not configured. Rejects if the address is not available, or the token's file cannot be used.
 */
export async function startManagement(
  { httpApi: api, access, limits }: Pick<Settings, 'httpApi' | 'access' | 'limits'>,
  bindings: Bindings,
  dependencies: ManagementDependencies,
): Promise<RestListener | undefined> {
  if (api === undefined) return undefined
  const { host } = api
  const [claim] = managementClaims(api)
  const { scheme } = claim
  const { logger, lifecycle, status } = dependencies
  logger.log('info', 'API', `Starting on: ${listenerUrl(scheme, claim.address)}`)
  const bounded = { api, access, limits: { ...REST_LIMITS, appliesToPrivate: limits.appliesToPrivate } }
  const listener = await open(bounded, claim, bindings, dependencies)
  const { port } = listener.address
  const service: Service = { type: 'tracker_rest_api', scheme, host, port, publicUrl: api.publicUrl }
  for (const line of startLines(service)) logger.log('info', 'API', line)
  lifecycle.add('the management API', (deadlineMs) => listener.close(deadlineMs))
  status.addServices(() => [service])
  return listener
}

async function open(
  {
    api,
    access,
    limits,
  }: { readonly api: HttpApiSettings; readonly access: AccessSettings; readonly limits: RestLimits },
  claim: PortClaim,
  { get }: Bindings,
  { version, logger }: ManagementDependencies,
): Promise<RestListener> {
  const [claimed] = await claimPorts('tcp', [claim])
  const tokens = tokensOf(api, logger)
  return await openRestListener(
    {
      host: api.host,
      port: claimed.port,
      socketFile: socketFileOf(api.host, api),
      tls: api.tls && { certificatePath: api.tls.certPath, keyPath: api.tls.keyPath },
      tokens,
      allowedOrigins: api.allowedOrigins,
      allowedHosts: [...api.allowedHosts, ...publicHosts(api)],
      trustedProxies: api.trustedProxies,
      limits,
      access,
      version,
      clientName,
    },
    {
      whitelist: get(WhitelistAdmin),
      blocklist: get(BlocklistAdmin),
      keys: get(KeyAdmin),
      bans: get(BanAdmin),
      torrents: get(TorrentQueries),
      statistics: get(Statistics),
      traces: get(ClientTraces),
      counters: get(Counters),
      listenerCounters: get(ListenerCounters),
      addressesWithIdErrors: () => get(IdErrorsPart).addresses(get(SteadyClock).steadySeconds()),
      measurements: get(Measurements),
      measured: get(MeasurementReader),
      clock: get(SteadyClock),
      wallClock: get(WallClock),
    },
    (event) => logListenerEvent(event, logger),
  )
}

function publicHosts({ publicUrl }: HttpApiSettings): readonly string[] {
  return publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1')]
}

function tokensOf({ tokens, tokenFile }: HttpApiSettings, logger: Logger): readonly ApiTokenSettings[] {
  if (tokenFile === undefined) return tokens
  const { token, isNew } = openApiToken(tokenFile)
  logger.log('info', 'API', isNew ? `a token has been created in ${tokenFile}` : `the token is in ${tokenFile}`)
  return [...tokens, { label: tokenFile, token, scope: 'manage' }]
}

function logListenerEvent(event: RestListenerEvent, logger: Logger): void {
  if (event.kind === 'certificate-reloaded') logger.log('info', 'API', 'the certificate has been reloaded')
  else if (event.kind === 'certificate-refused') {
    logger.log('error', 'API', `the certificate cannot be used, the previous one stays in use: ${event.error.message}`)
  } else logger.log('error', 'API', `internal error: ${event.error.stack ?? event.error.message}`)
}

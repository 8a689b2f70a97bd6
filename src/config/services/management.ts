// The management API: its tokens, its listener, and the lines that tell where both are.

import { REST_LIMITS } from '../../adapters/inbound/rest/rest-limits.ts'
import { openRestListener, type RestListener, type RestListenerEvent } from '../../adapters/inbound/rest/rest-server.ts'
import { clientName } from '../../adapters/protocol/rest/peer-client.ts'
import { KeyAdmin } from '../../domain/ports/inbound/key-admin.ts'
import { Statistics } from '../../domain/ports/inbound/statistics.ts'
import { BlocklistAdmin, WhitelistAdmin } from '../../domain/ports/inbound/torrent-list-admin.ts'
import { TorrentQueries } from '../../domain/ports/inbound/torrent-queries.ts'
import { Clock } from '../../domain/ports/outbound/clock.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { MeasurementReader, Measurements } from '../../domain/ports/outbound/measurements.ts'
import type { Logger } from '../process/logger.ts'
import type { ApiTokenSettings, HttpApiSettings } from '../settings/settings.ts'
import { claimTcp, listenerUrl } from '../threads/listening.ts'
import type { Bindings } from '../wiring/bindings.ts'
import { openApiToken } from './api-token.ts'

/** Rejects when the address cannot be had, or the token's file cannot be used. */
export async function startManagement(
  api: HttpApiSettings,
  { get }: Bindings,
  logger: Logger,
  version: string,
): Promise<RestListener> {
  const scheme = api.tls === undefined ? 'http' : 'https'
  const address = { address: api.host, port: api.port }
  logger.log('info', 'API', `Starting on: ${listenerUrl(scheme, address)}`)
  const [claimed] = await claimTcp([{ scheme, address, ipv6Only: false }])
  const tokens = tokensOf(api, logger)
  const listener = await openRestListener(
    {
      host: api.host,
      port: claimed.port,
      tls: api.tls && { certificatePath: api.tls.certPath, keyPath: api.tls.keyPath },
      tokens,
      allowedOrigins: api.allowedOrigins,
      limits: REST_LIMITS,
      version,
      clientName,
    },
    {
      whitelist: get(WhitelistAdmin),
      blocklist: get(BlocklistAdmin),
      keys: get(KeyAdmin),
      torrents: get(TorrentQueries),
      statistics: get(Statistics),
      counters: get(Counters),
      measurements: get(Measurements),
      measured: get(MeasurementReader),
      clock: get(Clock),
    },
    (event) => report(event, logger),
  )
  logger.log('info', 'API', `Started on: ${listenerUrl(scheme, { ...address, port: listener.address.port })}`)
  return listener
}

function tokensOf({ tokens, tokenFile }: HttpApiSettings, logger: Logger): readonly ApiTokenSettings[] {
  if (tokenFile === undefined) return tokens
  const { token, isNew } = openApiToken(tokenFile)
  logger.log('info', 'API', isNew ? `a token has been made: it is in ${tokenFile}` : `its token is in ${tokenFile}`)
  return [...tokens, { label: tokenFile, token, scope: 'manage' }]
}

function report(event: RestListenerEvent, logger: Logger): void {
  if (event.kind === 'certificate-reloaded') logger.log('info', 'API', 'the certificate has been read again')
  else if (event.kind === 'certificate-refused') {
    logger.log('error', 'API', `the certificate cannot be used, the former one stays: ${event.error.message}`)
  } else logger.log('error', 'API', `internal error: ${event.error.stack ?? event.error.message}`)
}

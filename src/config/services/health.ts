// The health API of this process: opened before anything else, so that orchestrators can watch the start, and closed
// after everything else.

import { probeHttp, probeUdpTracker } from '../../adapters/client/service-probe.ts'
import { type HealthListener, openHealthListener } from '../../adapters/inbound/health/health-server.ts'
import type { RunningTracker } from '../../adapters/inbound/health/running-tracker.ts'
import { errorMessage } from '../../domain/error-message.ts'
import type { Logger } from '../process/logger.ts'
import type { HealthCheckSettings } from '../settings/settings.ts'
import { claimPorts, listenerUrl, type PortClaim } from '../threads/listening.ts'
import { socketFileOf } from '../threads/socket-files.ts'

/** The port that the API must have; none if the address is the default. */
export function healthClaims({ host, port, isConfigured }: HealthCheckSettings): readonly PortClaim[] {
  return isConfigured ? [claimFor(host, port)] : []
}

function claimFor(host: string, port: number): PortClaim {
  return { scheme: 'http', address: { address: host, port }, ipv6Only: false }
}

/**
 * Rejects with a message if the address is not available. If it is the default address, logs a warning and returns
 * undefined: two trackers on one machine are not an error.
 */
export async function startHealth(
  settings: HealthCheckSettings & { readonly limitsPrivate: boolean },
  tracker: RunningTracker,
  logger: Logger,
): Promise<HealthListener | undefined> {
  const { host, port, allowedHosts, isConfigured, limitsPrivate } = settings
  const claim = claimFor(host, port)
  logger.log('info', 'HEALTH CHECK API', `Starting on: ${listenerUrl('http', claim.address)}`)
  try {
    const [{ port: claimed }] = await claimPorts('tcp', [claim])
    const report = (error: Error): void =>
      logger.log('error', 'HEALTH CHECK API', `internal error: ${error.stack ?? error.message}`)
    const probes = { udp: probeUdpTracker, http: probeHttp }
    const socketFile = socketFileOf(host, settings)
    const options = { host, port: claimed, socketFile, allowedHosts, limitsPrivate }
    const listener = await openHealthListener(options, tracker, probes, report)
    const url = listenerUrl('http', { address: host, port: listener.address.port })
    // Torrust's tools look for this line, with and without the path.
    logger.log('info', 'HEALTH CHECK API', `Started on: ${url}/health_check`)
    return listener
  } catch (error) {
    if (isConfigured) throw error
    logger.log(
      'warn',
      'HEALTH CHECK API',
      `no health API: ${errorMessage(error)}; set health_check_api.bind_address to another address`,
    )
    return undefined
  }
}

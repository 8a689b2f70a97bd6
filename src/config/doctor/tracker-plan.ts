// Reduces the settings to what the doctor needs: plain values, without secrets.

import { availableParallelism } from 'node:os'
import type { CertificateFiles, ListenerPlan, TrackerPlan } from '../../adapters/cli/doctor/examined-tracker.ts'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import { addressProblems } from '../pre-start/address-problems.ts'
import { certificateProblems } from '../pre-start/certificate-problems.ts'
import type { AttackSettings, BindSettings, Settings, TlsSettings } from '../settings/settings.ts'
import { isPlainListener, needsPlainDriver } from '../threads/plain-listeners.ts'
import { HTTP_THREADS } from '../threads/thread-kinds.ts'
import { threadCount } from '../threads/thread-plan.ts'
import { databasePlan } from './database-plan.ts'

/** `isBuiltIn`: the listeners are defaults, and those on IPv6 are skipped on a machine without it. */
export async function trackerPlan(
  settings: Settings,
  isBuiltIn: boolean,
  cores = availableParallelism(),
): Promise<TrackerPlan> {
  const { udp, http, httpApi, access } = settings
  const secrets = [settings.udpListeners.length > 0 ? udp.connectionIdKeyFile : undefined, httpApi?.tokenFile]
  return {
    listeners: listenerPlans(settings).map((one) =>
      isBuiltIn && one.host === '::' ? { ...one, isOptional: true } : one,
    ),
    certificateFaults: () => certificateProblems(settings),
    addressFaults: () => addressProblems(settings, isBuiltIn),
    isOpen: !access.isListed && !access.isPrivate,
    socketBufferBytes: udp.receiveBufferBytes,
    maxConnections: http.maxConnections * (await connectionTables(settings, cores)),
    swarmBudgetBytes: settings.memory.swarmBudgetBytes,
    dataDirectory: settings.process.dataDirectory,
    secretFiles: secrets.filter((path) => path !== undefined),
    database: settings.database && databasePlan(settings.database),
    alertHost: alertHost(settings.attack),
  }
}

/** Without detection no alert is sent. */
function alertHost({ isDetected, alertWebhook }: AttackSettings): string | undefined {
  if (!isDetected || alertWebhook === undefined) return undefined
  return new URL(alertWebhook).hostname.replace(/^\[|\]$/g, '')
}

/**
 * Each has its own maximum: every thread has one for each listener, and its plain driver another. The first thread
 * alone serves Unix domain sockets.
 */
async function connectionTables(settings: Settings, cores: number): Promise<number> {
  const threads = threadCount(HTTP_THREADS, settings, cores)
  const drivers = (await needsPlainDriver(settings)) ? 2 : 1
  const tables = settings.httpListeners.map((listener) => {
    if (socketPathOf(listener.host) !== undefined) return 1
    return isPlainListener(listener) ? drivers * threads : threads
  })
  return tables.reduce((sum, count) => sum + count, 0)
}

type Given = Pick<ListenerPlan, 'option' | 'kind'> & Partial<ListenerPlan>

function plan({ host, port }: BindSettings, given: Given): ListenerPlan {
  return {
    host,
    port,
    ipv6Only: false,
    isBehindProxy: false,
    proxyProtocol: false,
    tls: undefined,
    publicUrl: undefined,
    isOptional: false,
    ...given,
  }
}

function filesOf(tls: TlsSettings | undefined): CertificateFiles | undefined {
  return tls && { certPath: tls.certPath, keyPath: tls.keyPath }
}

function listenerPlans({ udpListeners, httpListeners, httpApi, healthCheckApi }: Settings): readonly ListenerPlan[] {
  return [
    ...udpListeners.map((listener, index) =>
      plan(listener, { option: `udp_trackers.${index}`, kind: 'udp', ipv6Only: true, publicUrl: listener.publicUrl }),
    ),
    ...httpListeners.map((listener, index) =>
      plan(listener, {
        option: `http_trackers.${index}`,
        kind: 'http',
        ipv6Only: listener.ipv6Only,
        isBehindProxy: listener.onReverseProxy,
        proxyProtocol: listener.proxyProtocol,
        tls: filesOf(listener.tls),
        publicUrl: listener.publicUrl,
      }),
    ),
    ...(httpApi
      ? [plan(httpApi, { option: 'http_api', kind: 'api', tls: filesOf(httpApi.tls), publicUrl: httpApi.publicUrl })]
      : []),
    plan(healthCheckApi, { option: 'health_check_api', kind: 'health', isOptional: !healthCheckApi.isConfigured }),
  ]
}
